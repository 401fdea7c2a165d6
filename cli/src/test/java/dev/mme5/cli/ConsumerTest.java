package dev.mme5.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.json.Json;
import dev.mme5.tokenizer.Tokenizer;
import dev.mme5.weights.Checkpoint;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's program in a JVM of its own: on the class path with and without the flag, and on the module path. */
class ConsumerTest {
    private static final Path SOURCES = Path.of("engine/src/it/consumer/src/main/java");
    private static final String FLAG = "--add-modules jdk.incubator.vector";

    @TempDir
    static Path classes;

    @TempDir
    static Path logs;

    private static String jars;

    private record Ran(int status, String out, String err) {}

    @BeforeAll
    static void compile() {
        jars = Stream.of(EmbeddingModel.class, Json.class, Tokenizer.class, Checkpoint.class)
                .map(ConsumerTest::origin)
                .collect(Collectors.joining(File.pathSeparator));
        ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
        int status = javac.run(
                System.out, System.err, "-d", classes.toString(), "-p", jars,
                SOURCES.resolve("module-info.java").toString(), SOURCES.resolve("consumer/Main.java").toString());
        assertThat(status).isZero();
    }

    @Test
    void onTheClassPathWithTheFlagTheVectorKernelsCompute() throws Exception {
        Ran ran = run("AUTO", "--add-modules", "jdk.incubator.vector", "-cp", classPath(), "consumer.Main");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out()).contains("kernels: vector", "similarity: ", "input 1: NOT_FOUND");
    }

    @Test
    void onTheClassPathWithoutTheFlagTheScalarKernelsComputeAndOneWarningNamesIt() throws Exception {
        Ran ran = run("AUTO", "-cp", classPath(), "consumer.Main");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out()).contains("kernels: scalar", "similarity: ", "input 1: NOT_FOUND");
        assertThat(ran.err().lines().filter(line -> line.contains(FLAG))).hasSize(1);
        assertThat(ran.err()).doesNotContain("NoClassDefFoundError");
    }

    @Test
    void onTheClassPathWithoutTheFlagVectorKernelsAreRefusedInTheSameWords() throws Exception {
        Ran ran = run("VECTOR", "-cp", classPath(), "consumer.Main");

        assertThat(ran.status()).as(ran.err()).isEqualTo(1);
        assertThat(ran.err()).contains("UnsuitableMachineException", FLAG).doesNotContain("NoClassDefFoundError");
    }

    @Test
    void onTheModulePathTheVectorKernelsCompute() throws Exception {
        Ran ran = run("VECTOR", "-p", classPath(), "-m", "consumer/consumer.Main");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out()).contains("kernels: vector", "similarity: ", "input 1: NOT_FOUND");
    }

    private static String classPath() {
        return classes + File.pathSeparator + jars;
    }

    private static Ran run(String kernels, String... flags) throws IOException, InterruptedException {
        List<String> command = CliJvm.java(flags);
        command.addAll(List.of(Cli.MODEL.toString(), Cli.IMAGE.toString(), kernels));
        Path out = Files.createTempFile(logs, "out", "");
        Path err = Files.createTempFile(logs, "err", "");
        int status = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start().waitFor();
        return new Ran(status, Files.readString(out), Files.readString(err));
    }

    /** The jar or folder that a class came from. */
    private static String origin(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
