package dev.mme5.cli;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.json.JsonReader;
import dev.mme5.tokenizer.Tokenizer;
import dev.mme5.weights.MappedTensor;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;

/** The command in a virtual machine of its own, which a test may end. */
final class CliJvm {
    private CliJvm() {}

    /** What starts it, as the launcher would but for the warning about incubator modules. */
    static List<String> command(List<String> arguments) {
        String modules =
                Stream.of(Main.class, EmbeddingModel.class, MappedTensor.class, Tokenizer.class, JsonReader.class, CommandLine.class)
                        .map(CliJvm::origin)
                        .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx512m", "-Djava.awt.headless=true", "-Dmme5.model=" + Cli.MODEL));
        command.addAll(List.of("--module-path", modules, "--module", "dev.mme5.cli/dev.mme5.cli.Main"));
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

    /** The folder or jar of a class. */
    private static String origin(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
