package dev.mme5.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.model.mini.MiniModel;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command of docs/SPARK.md, without the shell script: Spark's launcher makes the command of the driver's JVM, with Spark's flags and
 * none of mme5, which is not on Spark's class path; its jars travel to the driver and to an executor, which is a process of its own.
 */
@Tag("thorough")
class SparkSubmitTest {
    private static final List<String> LIBRARIES = List.of("engine", "hub", "json", "tokenizer", "weights-loader");
    private static final int SECONDS = 900;

    @TempDir
    Path folder;

    @Test
    void theJobRunsWithTheJarsThatTheCommandNames() throws IOException, InterruptedException {
        Sessions.makeSparkHome();
        Path input = Files.writeString(folder.resolve("in.jsonl"), "{\"text\": \"red apple\"}\n{\"text\": null}\n");
        String jars = LIBRARIES.stream().map(name -> jar(name).toString()).collect(Collectors.joining(","));
        Path output = folder.resolve("out.parquet");

        String printed = submit("--master", "local-cluster[1,1,512]", "--class", "dev.mme5.spark.EmbedJob", "--driver-memory", "512m",
                "--conf", "spark.executor.memory=512m", "--conf", "spark.driver.host=127.0.0.1", "--conf", "spark.ui.enabled=false",
                "--conf", "spark.network.timeout=900s", "--conf", "spark.worker.timeout=900", "--jars", jars, jar("spark").toString(),
                "--model", MiniModel.folder().toString(), "--input", input.toString(), "--text-col", "text",
                "--output", output.toString());

        assertThat(printed).contains("2 rows, 1 failed: " + output);
        SparkSession spark = Sessions.local();
        try {
            Row row = spark.read().parquet(output.toString()).where("text IS NOT NULL").first();
            assertThat(Sessions.floats(row, "embedding")).isEqualTo(Sessions.expected(List.of("red apple")).getFirst());
        } finally {
            spark.stop();
        }
    }

    /** What bin/spark-submit does: it asks the launcher for a command, whose words end with a zero byte each, and runs that. */
    private String submit(String... arguments) throws IOException, InterruptedException {
        List<String> launcher = new ArrayList<>(List.of(java(), "-cp", sparksClassPath(), "org.apache.spark.launcher.Main",
                "org.apache.spark.deploy.SparkSubmit"));
        launcher.addAll(List.of(arguments));
        List<String> words = Arrays.asList(run(launcher, "launcher").split("\0"));
        return run(words.stream().map(String::strip).filter(word -> !word.isEmpty()).toList(), "driver");
    }

    private String run(List<String> command, String name) throws IOException, InterruptedException {
        Path out = folder.resolve(name + ".out");
        Path err = folder.resolve(name + ".err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("SPARK_DIST_CLASSPATH", sparksClassPath());
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(err)).isZero();
        return Files.readString(out, StandardCharsets.UTF_8);
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static List<Path> classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of).toList();
    }

    private static String sparksClassPath() {
        return classPath().stream()
                .filter(entry -> !Files.isDirectory(entry) && !entry.getFileName().toString().startsWith("mme5-"))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** The jar of a module of mme5; before Maven has packaged it, one made of its classes. */
    private Path jar(String module) {
        Path entry = classPath().stream().filter(path -> isOf(module, path)).findFirst().orElseThrow();
        if (!Files.isDirectory(entry)) return entry;
        Path jar = folder.resolve("mme5-" + module + ".jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> files = Files.walk(entry)) {
            for (Path path : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(entry.relativize(path).toString().replace(File.separatorChar, '/')));
                Files.copy(path, out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return jar;
    }

    private static boolean isOf(String module, Path path) {
        return Files.isDirectory(path)
                ? path.endsWith(Path.of(module, "target", "classes"))
                : path.getFileName().toString().matches("mme5-" + module + "-\\d.*\\.jar");
    }
}
