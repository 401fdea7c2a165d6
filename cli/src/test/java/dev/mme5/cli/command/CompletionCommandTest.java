package dev.mme5.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.cli.Cli;
import dev.mme5.cli.CliJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionCommandTest {
    @TempDir
    Path folder;

    /** The words that bash offers after the tab key. */
    @ParameterizedTest
    @CsvSource({"mme5 inspe, inspect", "mme5 embed --forma, --format", "mme5 search --re, --rebuild", "mme5 evaluate --st, --stats",
        "mme5 serve --pref, --prefix-cache"})
    void bashCompletesCommandsAndOptions(String line, String expected) throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/bash")));
        Cli.Ran ran = Cli.run("completion", "bash");
        assertThat(ran.status()).as(ran.err()).isZero();
        String[] words = line.split(" ");
        Path script = folder.resolve("complete.sh");
        Files.writeString(script, ran.out() + "\nCOMP_WORDS=(" + line + ")\nCOMP_CWORD=" + (words.length - 1) + "\n_complete_mme5\n"
                + "printf '%s\\n' \"${COMPREPLY[@]}\"\n");

        Process bash = new ProcessBuilder("/bin/bash", script.toString()).redirectErrorStream(true).start();
        String offered = CliJvm.output(bash);

        assertThat(bash.waitFor()).as(offered).isZero();
        assertThat(offered.lines()).contains(expected);
    }

    @Test
    void zshHasItsPreparation() {
        assertThat(Cli.run("completion", "zsh").out()).startsWith("autoload -U +X compinit").contains("_complete_mme5");
    }

    @Test
    void otherShellsAreRefused() {
        Cli.Ran ran = Cli.run("completion", "fish");

        assertThat(ran.status()).as(ran.err()).isEqualTo(2);
        assertThat(ran.err()).contains("fish", "bash", "zsh");
    }
}
