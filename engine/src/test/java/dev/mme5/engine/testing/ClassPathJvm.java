package dev.mme5.engine.testing;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.json.JsonReader;
import dev.mme5.tokenizer.Tokenizer;
import dev.mme5.weights.MappedTensor;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs a main class of these tests in a JVM of its own, as users do who know only the class path. */
public final class ClassPathJvm {
    private ClassPathJvm() {}

    /** What a JVM printed. */
    public record Output(String out, String err) {}

    /** @throws AssertionError when it exits with another status than 0 */
    public static Output run(Class<?> main, List<String> options, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-Djava.awt.headless=true");
        command.add("-cp");
        command.add(Stream.of(EmbeddingModel.class, MappedTensor.class, Tokenizer.class, JsonReader.class, main)
                .map(ClassPathJvm::rootOf)
                .collect(Collectors.joining(File.pathSeparator)));
        command.add(main.getName());
        command.addAll(List.of(arguments));

        // Files, not pipes: waiting for the process can be interrupted, reading a pipe cannot.
        Path out = Files.createTempFile("mme5", ".out");
        Path err = Files.createTempFile("mme5", ".err");
        Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        try {
            int status = process.waitFor();
            Output output = new Output(Files.readString(out), Files.readString(err));
            if (status != 0) throw new AssertionError("%s failed: %d%n%s%s".formatted(command, status, output.err(), output.out()));
            return output;
        } finally {
            process.destroyForcibly();
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** The folder or jar that a class was loaded from; of a class in a patched module this is the patch's folder. */
    private static String rootOf(Class<?> type) {
        String name = type.getName().replace('.', '/') + ".class";
        String url = type.getResource("/" + name).toString();
        String root = url.substring(0, url.length() - name.length());
        if (root.startsWith("jar:")) root = root.substring("jar:".length(), root.length() - "!/".length());
        return Path.of(URI.create(root)).toString();
    }
}
