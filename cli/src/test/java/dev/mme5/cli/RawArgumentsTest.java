package dev.mme5.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mme5.cli.context.UsageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RawArgumentsTest {
    @TempDir
    Path folder;

    /** Runs the command in a shell that has a file and a text whose names are Latin-1: é is one byte, 351 in octal. */
    private String run(String... arguments) throws IOException, InterruptedException {
        assumeTrue(Files.isReadable(Path.of("/proc/self/cmdline")), "needs Linux");
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c",
                "latin=$(printf 'caf\\351'); cp \"$0\" \"$latin\"; for word; do shift; case $word in LATIN) set -- \"$@\" \"$latin\" ;;"
                        + " =LATIN) set -- \"$@\" \"--image=$latin\" ;; TEXT) set -- \"$@\" \"a $latin\" ;;"
                        + " *) set -- \"$@\" \"$word\" ;; esac; done; exec \"$@\"",
                Cli.IMAGE.toString()));
        return runIn(folder, command, arguments);
    }

    /** Runs the command in a folder whose name is Latin-1, with an image a.png. */
    private String runInLatinFolder(String... arguments) throws IOException, InterruptedException {
        assumeTrue(Files.isReadable(Path.of("/proc/self/cwd")), "needs Linux");
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c",
                "latin=$(printf 'caf\\351'); mkdir -p \"$latin\" && cd \"$latin\" && cp \"$0\" a.png && exec \"$@\"",
                Cli.IMAGE.toString()));
        return runIn(folder, command, arguments);
    }

    private static String runIn(Path folder, List<String> command, String... arguments) throws IOException, InterruptedException {
        command.addAll(CliJvm.command(List.of(arguments)));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        String output = CliJvm.output(process);
        return "status " + process.waitFor() + "\n" + output;
    }

    @Test
    void fileWhoseNameIsNotUtf8IsOpened() throws Exception {
        String expected = Cli.run("embed", "--image", Cli.IMAGE.toString(), "--image", Cli.IMAGE.toString()).out();

        assertThat(run("embed", "--image", "LATIN", "=LATIN")).startsWith("status 0\n").endsWith(expected);
    }

    @Test
    void imageWhoseNameIsNotUtf8IsNamedAsItIs() throws Exception {
        assertThat(run("search", "--in", ".", "--image", "LATIN")).startsWith("status 0\n").contains("caf\uFFFD\n")
                .doesNotContain("/proc/self/fd");
    }

    @Test
    void workingDirectoryMayHaveANameThatIsNotUtf8() throws Exception {
        assertThat(runInLatinFolder("search", "--in", ".", "--image", "a.png")).startsWith("status 0\n").contains("  1   1.0000  a.png\n");
        assertThat(runInLatinFolder("embed", "a", "--output", "a.npy")).startsWith("status 0\n").doesNotContain("mme5: ");
        assertThat(runInLatinFolder("embed", "--image", "none.png")).startsWith("status 1\n").contains("none.png: does not exist");
    }

    @Test
    void newFileNeedsANameInUtf8() throws Exception {
        assertThat(run("embed", "one", "--output", "TEXT")).startsWith("status 2\n").contains("a new file needs a name in UTF-8\n");
    }

    @Test
    void textThatIsNotUtf8IsRefused() throws Exception {
        assertThat(run("embed", "one", "TEXT")).startsWith("status 2\n").contains("mme5: argument 3", "not UTF-8")
                .doesNotContain("embedding");
        assertThat(run("tokenize", "LATIN")).startsWith("status 2\n").contains("is not UTF-8; a file is named by --image or --input");
    }

    @Test
    void argumentsInUtf8StayAsTheyAre() {
        String[] args = {"embed", "caf\u00e9", "\uFFFD"};
        byte[] commandLine = "java\0Main\0embed\0caf\u00e9\0\uFFFD\0".getBytes(StandardCharsets.UTF_8);

        assertThat(RawArguments.resolve(args, commandLine)).containsExactly(args);
        assertThatThrownBy(() -> RawArguments.resolve(args, "java\0embed\0caf\u00e9\0\351\0".getBytes(StandardCharsets.ISO_8859_1)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("argument 3");
    }
}
