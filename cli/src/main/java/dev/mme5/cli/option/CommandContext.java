package dev.mme5.cli.option;

import dev.mme5.cli.Main;
import dev.mme5.json.SafeText;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * What a command sees of the world; {@link Main} alone looks at the process.
 *
 * @param in standard input
 * @param out standard output: results and asked-for help, nothing else
 * @param err everything else
 * @param folder the working directory
 * @param defaultModel the model folder when no {@code --model} is given
 * @param terminal whether {@code err} is a terminal, so that a person may be watching
 * @param debug whether unexpected errors show their stack trace
 */
public record CommandContext(InputStream in, OutputStream out, PrintStream err, Path folder, Path defaultModel, boolean terminal,
        boolean debug) {
    /** One line, whatever the message holds: names in it may be a stranger's. */
    public void say(String message) {
        err.println("mme5: " + oneLine(message));
        err.flush();
    }

    private static String oneLine(String message) {
        return SafeText.line(message.strip().replaceAll("\\s*[\\r\\n]+\\s*", " "));
    }
}
