package dev.mme5.cli.context;

import dev.mme5.hub.ModelHub;
import dev.mme5.json.SafeText;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The streams and settings of the process. Only {@code Main} reads them from the process, so tests can pass their own.
 *
 * @param in standard input
 * @param out standard output: results and requested help, nothing else
 * @param err standard error: everything else
 * @param folder the working directory
 * @param defaultModel the model if there is no {@code --model}: a folder, or the name of one in the hub's cache
 * @param hub the hub and its cache; only a command that needs them reads their settings, which may be wrong
 * @param terminal whether {@code err} is a terminal, so that a person may be watching
 * @param columns width of the terminal that {@code out} is, or 0 if it is none or its width is unknown
 * @param debug whether errors are followed by their stack trace
 * @param terminalImages how the terminal that {@code out} is shows images: {@code kitty}, {@code iterm2} or {@code sixel}; empty if it does
 *     not, or if nobody asked
 */
public record CommandContext(InputStream in, OutputStream out, PrintStream err, Path folder, String defaultModel,
        Supplier<ModelHub> hub, boolean terminal, int columns, boolean debug, String terminalImages) {
    /** A context whose terminal shows no images. */
    public CommandContext(InputStream in, OutputStream out, PrintStream err, Path folder, String defaultModel,
            Supplier<ModelHub> hub, boolean terminal, int columns, boolean debug) {
        this(in, out, err, folder, defaultModel, hub, terminal, columns, debug, "");
    }

    /** The same with another stream for results. */
    public CommandContext withOut(OutputStream stream) {
        return new CommandContext(in, stream, err, folder, defaultModel, hub, terminal, columns, debug, terminalImages);
    }

    /** Prints one line to standard error. Because names in it may be untrusted, line breaks and control characters are replaced. */
    public void printMessage(String message) {
        err.println("mme5: " + SafeText.line(oneLine(message)));
        err.flush();
    }

    /** Its lines with spaces between them. Reads each character once: an argument may have a hundred thousand spaces. */
    static String oneLine(String message) {
        return message.lines().map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining(" "));
    }
}
