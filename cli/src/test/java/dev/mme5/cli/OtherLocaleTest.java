package dev.mme5.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where people write other digits, here in Egypt, files and messages are those of everywhere. */
@Tag("thorough")
class OtherLocaleTest {
    @TempDir
    Path folder;

    @Test
    void npyIsTheSameWithOtherDigits() throws IOException, InterruptedException {
        Cli.run("embed", "--output", folder.resolve("here.npy").toString(), "a", "b");

        int status = runInEgypt("embed", "--output", "there.npy", "a", "b");

        assertThat(status).as(messages()).isZero();
        assertThat(folder.resolve("there.npy")).hasSameBinaryContentAs(folder.resolve("here.npy"));
    }

    @Test
    void indexIsUsedAgainWithOtherDigits() throws IOException, InterruptedException {
        Files.createDirectory(folder.resolve("docs"));
        for (int i = 0; i < 2; i++) Files.writeString(folder.resolve("docs/" + i + ".txt"), "text " + i);
        Cli.run("search", "--in", folder.resolve("docs").toString(), "a");

        int status = runInEgypt("search", "--in", "docs", "--html", "page.html", "--image", Cli.IMAGE.toString());

        assertThat(status).as(messages()).isZero();
        assertThat(messages()).doesNotContain("embedded", "another");
        assertThat(Files.readString(folder.resolve("page.html"))).containsPattern("<img alt=\"\" width=\"[0-9]+\" height=\"[0-9]+\"");
    }

    @Test
    void messagesHaveTheDigitsOfEverywhere() throws IOException, InterruptedException {
        int status = runInEgypt("embed", "<|image|>");

        assertThat(status).isEqualTo(1);
        assertThat(messages()).contains("1 <|image|> for 0 images");
    }

    private int runInEgypt(String... arguments) throws IOException, InterruptedException {
        List<String> command = CliJvm.command(List.of(arguments));
        command.addAll(1, List.of("-Duser.language=ar", "-Duser.country=EG"));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("messages").toFile())
                .start()
                .waitFor();
    }

    private String messages() throws IOException {
        return Files.readString(folder.resolve("messages"));
    }
}
