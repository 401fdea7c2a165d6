package dev.mme5.cli;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Describes arguments that picocli cannot parse, in the words of the command's own messages, and what may have been meant. */
final class ArgumentProblem {
    /** The message of the help command about a command that it does not know. */
    private static final Pattern UNKNOWN_TO_HELP = Pattern.compile("Unknown subcommand '(.*)'\\.");

    private static final Pattern MISSING_VALUE = Pattern.compile("(?:Missing required|Expected) parameter for option .*");
    private static final Pattern WRONG_VALUE = Pattern.compile("Invalid value for (?:option|positional parameter)[^:]*: (.*)");

    private ArgumentProblem() {}

    static String describe(ParameterException e) {
        CommandLine command = e.getCommandLine();
        Matcher unknown = UNKNOWN_TO_HELP.matcher(String.valueOf(e.getMessage()));
        if (unknown.matches()) return unknownCommand(unknown.group(1), command);
        List<String> unmatched = e instanceof UnmatchedArgumentException not ? not.getUnmatched() : command.getUnmatchedArguments();
        if (!unmatched.isEmpty()) return unexpected(unmatched.getFirst(), command);   // may be why another option is missing

        String message = String.valueOf(e.getMessage());
        Matcher wrong = WRONG_VALUE.matcher(message);
        if (wrong.matches() && e.getArgSpec() != null) return name(e.getArgSpec()) + ": " + wrong.group(1);
        return switch (e) {
            case OverwrittenOptionException twice -> name(twice.getOverwritten()) + " is given twice";
            case MissingParameterException missing when !missing.getMissing().isEmpty() -> {
                ArgSpec first = missing.getMissing().getFirst();
                yield MISSING_VALUE.matcher(message).matches()
                        ? name(first) + " needs " + first.paramLabel()
                        : synopsis(first) + " is missing";
            }
            default -> Character.toLowerCase(message.charAt(0)) + message.substring(1);
        };
    }

    private static String unexpected(String argument, CommandLine command) {
        boolean isOption = argument.startsWith("-");
        boolean isRoot = command.getParent() == null;
        if (isRoot && isOption) return "unknown option " + argument + "; options come after the command";
        if (isRoot) return unknownCommand(argument, command);
        if (!isOption) return "unexpected argument " + quoted(argument);
        String name = argument.replaceFirst("=.*", "");
        return "unknown option " + name + suggestion(name, command.getCommandSpec().optionsMap().keySet());
    }

    private static String unknownCommand(String name, CommandLine command) {
        Set<String> names = (command.getParent() == null ? command : command.getParent()).getSubcommands().keySet();
        return "unknown command " + quoted(name) + suggestion(name, names);
    }

    private static String suggestion(String name, Collection<String> names) {
        return Suggestions.closest(name, names).map(meant -> "; did you mean " + meant + "?").orElse("");
    }

    /** A name as it is. An argument that is no single word stands in quotes. */
    private static String quoted(String argument) {
        return argument.matches("\\S+") ? argument : "'" + argument + "'";
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private static String synopsis(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() + " " + option.paramLabel() : argument.paramLabel();
    }
}
