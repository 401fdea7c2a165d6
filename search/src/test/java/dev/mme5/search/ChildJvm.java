package dev.mme5.search;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.json.Json;
import dev.mme5.weights.Checkpoint;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A main class of these tests in a JVM of its own, on the class path. */
final class ChildJvm {
    private ChildJvm() {}

    /** Not started yet; what it writes on stderr is shown. */
    static ProcessBuilder of(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules", "jdk.incubator.vector", "-cp", classPath(main), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    /**
     * What a JVM prints until it ends: into a file, not a pipe, as waiting for the process can be interrupted and reading a pipe cannot.
     *
     * @throws AssertionError when it exits with another status than 0
     */
    static String run(ProcessBuilder jvm) throws IOException, InterruptedException {
        Path out = Files.createTempFile("mme5", ".out");
        Process process = jvm.redirectOutput(out.toFile()).start();
        try {
            int status = process.waitFor();
            String output = Files.readString(out);
            if (status != 0) throw new AssertionError("%s failed: %d%n%s".formatted(jvm.command(), status, output));
            return output;
        } finally {
            process.destroyForcibly();
            Files.delete(out);
        }
    }

    private static String classPath(Class<?> main) {
        return Stream.of(main, SearchIndex.class, EmbeddingModel.class, Checkpoint.class, Json.class)
                .map(ChildJvm::rootOf)
                .distinct()
                .collect(Collectors.joining(File.pathSeparator, "", File.pathSeparator + System.getProperty("jdk.module.path", "")));
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
