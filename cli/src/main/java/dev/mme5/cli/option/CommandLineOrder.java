package dev.mme5.cli.option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Restores the order of texts and images on the command line, which picocli collects in separate lists. */
final class CommandLineOrder {
    private CommandLineOrder() {}

    /**
     * @param texts the positional parameters
     * @param images the values of {@code --image}
     */
    static <T> List<T> merge(CommandSpec command, List<String> texts, List<Path> images, Function<String, T> text,
            Function<Path, T> image) {
        List<T> merged = new ArrayList<>();
        Iterator<String> nextText = texts.iterator();
        Iterator<Path> nextImage = images.iterator();
        for (ArgSpec argument : command.commandLine().getParseResult().matchedArgs()) {
            if (argument.isPositional() && nextText.hasNext()) {
                merged.add(text.apply(nextText.next()));
            } else if (argument instanceof OptionSpec option && option.longestName().equals("--image") && nextImage.hasNext()) {
                merged.add(image.apply(nextImage.next()));
            }
        }
        return merged;
    }
}
