package dev.mme5.engine.testing;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.json.JsonReader;
import dev.mme5.tokenizer.Tokenizer;
import dev.mme5.weights.MappedTensor;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
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

        Path err = Files.createTempFile("mme5", ".err");
        try {
            Process process = new ProcessBuilder(command).redirectError(err.toFile()).start();
            String out = output(process);
            String errors = process.waitFor() + "\n" + Files.readString(err);
            if (!errors.startsWith("0\n")) throw new AssertionError(command + " failed: " + errors + out);
            return new Output(out, errors.substring(2));
        } finally {
            Files.delete(err);
        }
    }

    /** What a process prints until it ends. Reading that cannot be interrupted; waiting for it can, which ends the process. */
    private static String output(Process process) throws IOException, InterruptedException {
        FutureTask<byte[]> output = new FutureTask<>(() -> process.getInputStream().readAllBytes());
        Thread.ofPlatform().daemon().start(output);
        try {
            return new String(output.get(), StandardCharsets.UTF_8);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw e;
        } catch (ExecutionException e) {
            throw new IOException(e);
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
