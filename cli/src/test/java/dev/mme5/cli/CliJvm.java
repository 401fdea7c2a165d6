package dev.mme5.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** The command in a JVM of its own, which a test may kill. */
public final class CliJvm {
    private CliJvm() {}

    /** The command line of any JVM; more arguments may be added. */
    static List<String> java(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(arguments));
        return command;
    }

    /** The command line that starts it, like the launcher's but without the filter of stderr. */
    static List<String> command(List<String> arguments) {
        List<String> command = java("-Xmx512m", "-Djava.awt.headless=true", "-Dmme5.model=" + Cli.MODEL);
        String modulePath = System.getProperty("jdk.module.path");
        if (modulePath != null) {
            command.addAll(List.of("--module-path", modulePath, "--module", "dev.mme5.cli/dev.mme5.cli.Main"));
        } else { // in an IDE
            command.addAll(List.of("--add-modules", "jdk.incubator.vector", "--class-path", System.getProperty("java.class.path")));
            command.add(Main.class.getName());
        }
        command.addAll(arguments);
        return command;
    }

    /** Starts it in a folder, with both streams going to a file there. */
    static Process start(Path folder, String... arguments) throws IOException {
        return new ProcessBuilder(command(List.of(arguments)))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("messages").toFile())
                .start();
    }

    /** What a process prints until it ends. Reading that cannot be interrupted; waiting for it can, which ends the process. */
    public static String output(Process process) throws IOException, InterruptedException {
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
}
