package dev.mme5.engine.kernel;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.json.JsonReader;
import dev.mme5.weights.MappedTensor;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs a main class of these tests in a JVM of its own, on the class path, with options that a running JVM cannot change. */
final class ChildJvm {
    private ChildJvm() {}

    /** What it printed, on both streams. */
    static String run(Class<?> main, List<String> options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-Xmx512m"));
        command.addAll(options);
        String classPath = Stream.of(Kernels.class, main, MappedTensor.class, JsonReader.class)
                .map(type -> rootOf(type).toString())
                .collect(Collectors.joining(File.pathSeparator));
        command.addAll(List.of("-cp", classPath));
        command.add(main.getName());
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) throw new AssertionError(command + " failed:\n" + output);
            return output;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The folder or jar that a class was loaded from; of a class in a patched module this is the patch's folder. */
    private static Path rootOf(Class<?> type) {
        String name = type.getName().replace('.', '/') + ".class";
        String url = type.getResource("/" + name).toString();
        String root = url.substring(0, url.length() - name.length());
        if (root.startsWith("jar:")) root = root.substring("jar:".length(), root.length() - "!/".length());
        return Path.of(URI.create(root));
    }
}
