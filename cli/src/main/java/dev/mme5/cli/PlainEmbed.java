package dev.mme5.cli;

import dev.mme5.cli.command.EmbedCommand;
import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.option.CommonOptions;
import dev.mme5.cli.option.InputOptions;
import dev.mme5.cli.option.PromptNameOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * The plainest command lines: {@code embed} with texts and perhaps {@code --model}, {@code --prompt-name} and {@code --quiet}. In a new
 * process, picocli takes a quarter of the time that such a command does; what it would make of these lines is known without it.
 */
final class PlainEmbed {
    /** As picocli names it. */
    static final String COMMAND = "mme5 embed";

    private PlainEmbed() {}

    /** The command of a plain line; null for every other line, also a wrong one, which picocli explains. */
    static EmbedCommand parse(String[] args, CommandContext context) {
        if (args.length == 0 || !args[0].equals("embed")) return null;
        String model = null;
        String promptName = null;
        boolean quiet = false;
        List<String> texts = new ArrayList<>();
        for (int i = 1; i < args.length; i++) {
            boolean hasValue = i + 1 < args.length && isValue(args[i + 1]);
            if (isValue(args[i])) texts.add(args[i]);
            else if (args[i].equals("--model") && model == null && hasValue) model = args[++i];
            else if (args[i].equals("--prompt-name") && promptName == null && hasValue) promptName = args[++i];
            else if (args[i].equals("--quiet") && !quiet) quiet = true;
            else return null;
        }
        if (texts.isEmpty()) return null;
        return new EmbedCommand(
                context, new CommonOptions(model, quiet), new PromptNameOptions(promptName), new InputOptions(texts));
    }

    /** Whether picocli takes it for a text, or for the value of the option before it. */
    private static boolean isValue(String argument) {
        return !argument.isEmpty() && argument.charAt(0) != '-';
    }
}
