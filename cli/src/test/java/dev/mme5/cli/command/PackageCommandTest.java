package dev.mme5.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.cli.Cli.Ran;
import dev.mme5.cli.Cli;
import dev.mme5.cli.CliJvm;
import dev.mme5.cli.packaging.PackageBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A package made once, and moved before it is used. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Tag("thorough")
class PackageCommandTest {
    private static final long MAX_BYTES = 75_000_000;

    @TempDir
    static Path folder;

    private static Path moved;
    private static Ran made;

    private record Ended(int status, String out, String err) {}

    @BeforeAll
    static void make() throws IOException {
        Path target = folder.resolve("made here");
        made = Cli.run("package", "--output", target.toString());
        moved = folder.resolve("moved there");
        if (Files.exists(target)) Files.move(target, moved);
    }

    @AfterAll
    static void nothingElseIsLeft() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).doesNotContain("made here")
                    .noneMatch(name -> name.endsWith(".tmp"));
        }
    }

    @Test
    void saysHowLargeItIs() throws IOException {
        assertThat(made.err()).matches("mme5: .*made here: \\d+\\.\\d MB, 1\\.0 MB of them the model\n");
        assertThat(made.status()).as(made.err()).isZero();
        assertThat(made.out()).isEmpty();
        assertThat(PackageBuilder.bytes(moved) - PackageBuilder.bytes(moved.resolve("model"))).isLessThan(MAX_BYTES);
    }

    @Test
    void givesTheVectorsOfTheCommandAndNothingElse() throws Exception {
        Ended text = start("embed", "a cat", "--image", Cli.IMAGE.toString(), "--image",
                Cli.GOLDEN.resolve("images/photo_420_97x131.jpg").toString());

        assertThat(text.err()).isEmpty();
        assertThat(text.out()).isEqualTo(Cli.run("embed", "a cat", "--image", Cli.IMAGE.toString(), "--image",
                Cli.GOLDEN.resolve("images/photo_420_97x131.jpg").toString()).out());
    }

    @Test
    void theStartUpCacheStillFitsWhereItWasMovedTo() throws Exception {
        Path log = folder.resolve("classes.log");

        Ended ended = start(Map.of("MME5_JAVA_OPTS", "-Xlog:class+load:file=" + log), "tokenize", "a cat");

        assertThat(ended.err()).isEmpty();
        assertThat(Files.readAllLines(log).stream().filter(line -> line.contains("dev.mme5.tokenizer.Tokenizer ")))
                .isNotEmpty()
                .allMatch(line -> line.contains("shared objects file"));
        assertThat(Files.readAllLines(log).stream().filter(line -> line.contains(" picocli.CommandLine "))).as("its class file was too old")
                .isNotEmpty()
                .allMatch(line -> line.contains("shared objects file"));
    }

    @Test
    void theNoticeNamesWhatWasChanged() throws Exception {
        assertThat(moved.resolve("NOTICE")).content().contains("picocli", "It was changed", "Apache Lucene");
        assertThat(moved).isDirectoryNotContaining("glob:**/upgraded");
    }

    @Test
    void aDamagedOrMissingCacheIsPassedOverInSilence() throws Exception {
        Path cache = moved.resolve("start-up.jsa");
        byte[] whole = Files.readAllBytes(cache);
        String expected = Cli.run("tokenize", "a cat").out();
        try {
            Files.write(cache, java.util.Arrays.copyOf(whole, whole.length / 2));
            Ended damaged = start("tokenize", "a cat");
            Files.delete(cache);
            Ended missing = start("tokenize", "a cat");

            for (Ended ended : List.of(damaged, missing)) {
                assertThat(ended.err()).isEmpty();
                assertThat(ended.out()).isEqualTo(expected);
            }
        } finally {
            Files.write(cache, whole);
        }
    }

    @Test
    void failuresAndLinksAreThoseOfTheCommand() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), moved.resolve("mme5"));

        Ended linked = run(Map.of(), link.toString(), "embed", "--frobnicate");
        Ended refused = start(Map.of("MME5_JAVA_OPTS", "-Xfrobnicate"), "embed", "x");

        assertThat(linked.status()).as(linked.err()).isEqualTo(2);
        assertThat(linked.err()).isEqualTo("mme5: unknown option --frobnicate (see mme5 embed --help)\n");
        assertThat(refused.status()).as(refused.err()).isEqualTo(2);
        assertThat(refused.err()).startsWith("mme5: MME5_JAVA_OPTS: ");
    }

    @Test
    void aPackageMakesNoPackage() throws Exception {
        Ended ended = start("package", "--output", folder.resolve("second").toString());

        assertThat(ended.status()).as(ended.err()).isEqualTo(2);
        assertThat(ended.err())
                .isEqualTo("mme5: a package is made with a JDK, and " + moved.toRealPath().resolve("runtime") + " has no jlink\n");
    }

    @Test
    void anExistingFolderIsNotTouched() {
        Ran ran = Cli.run("package", "--output", moved.toString());

        assertThat(ran.status()).as(ran.err()).isEqualTo(2);
        assertThat(ran.err()).isEqualTo("mme5: " + moved + ": exists, expected the name of a new folder\n");
        assertThat(Cli.run("package", "--output", "/none/package").err()).isEqualTo("mme5: /none/package: its folder does not exist\n");
        assertThat(Cli.run("package").err()).startsWith("mme5: --output DIR is missing").hasLineCount(1);
    }

    @Test
    void anUnusableModelIsRefusedBeforeAnythingIsMade() {
        Path target = folder.resolve("of nothing");

        Ran ran = Cli.run("package", "--model", folder.resolve("no model").toString(), "--output", target.toString());

        assertThat(ran.status()).as(ran.err()).isEqualTo(2);
        assertThat(ran.err()).contains("no model");
        assertThat(target).doesNotExist();
    }

    @Test
    void aTextEncoderKeepsItsPoolingAndPrompts() throws Exception {
        String model = Path.of("engine/src/test/resources/golden-encoder/models/xlm-roberta-mean").toAbsolutePath().toString();
        Path encoder = folder.resolve("encoder");
        String[] line = {"embed", "--prompt-name", "query", "protein"};

        Ran ran = Cli.run("package", "--model", model, "--output", encoder.toString());
        Ended ended = run(Map.of(), encoder.resolve("mme5").toString(), line[0], line[1], line[2], line[3]);

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ended.err()).isEmpty();
        assertThat(ended.out()).isEqualTo(new Cli().model(Path.of(model)).start(line).out()).contains("\"embedding\"");
        assertThat(encoder.resolve("model/1_Pooling/config.json")).exists();
    }

    private static Ended start(String... arguments) throws Exception {
        return start(Map.of(), arguments);
    }

    private static Ended start(Map<String, String> environment, String... arguments) throws Exception {
        String[] line = new String[arguments.length + 1];
        line[0] = moved.resolve("mme5").toString();
        System.arraycopy(arguments, 0, line, 1, arguments.length);
        return run(environment, line);
    }

    private static Ended run(Map<String, String> environment, String... line) throws Exception {
        Path err = Files.createTempFile(folder, "err", "");
        ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile()).redirectError(err.toFile());
        builder.environment().keySet().removeAll(List.of("MME5_MODEL", "MME5_JAVA_OPTS", "JAVA_TOOL_OPTIONS"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String out = CliJvm.output(process);
        return new Ended(process.waitFor(), out, Files.readString(err));
    }
}
