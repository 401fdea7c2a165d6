package dev.mme5.cli;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.ExitStatus;
import dev.mme5.cli.context.IoErrors;
import dev.mme5.cli.context.OptionException;
import dev.mme5.cli.context.UsageException;
import dev.mme5.hub.HubException;
import dev.mme5.json.Mme5Exception;
import dev.mme5.search.IndexException;
import java.io.IOException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine;

/** Turns an exception into one line on standard error and an exit status. */
final class ErrorReporter {
    private final CommandContext context;

    ErrorReporter(CommandContext context) {
        this.context = context;
    }

    /** Reports arguments that picocli cannot parse. */
    int reportArguments(ParameterException e) {
        CommandLine command = e.getCommandLine();
        boolean noArguments = command.getParent() == null && command.getParseResult().originalArgs().isEmpty();
        if (noArguments) {
            context.err().print(command.getUsageMessage());
            context.err().flush();
        } else {
            context.printMessage(ArgumentProblem.describe(e) + helpHint(command.getCommandSpec().qualifiedName()));
        }
        return ExitStatus.UNUSABLE;
    }

    /** @param command the qualified name of the command that failed, or null if none was found */
    int report(Throwable e, String command) {
        context.printMessage(describe(e) + (e instanceof OptionException && command != null ? helpHint(command) : ""));
        if (context.debug()) e.printStackTrace(context.err());
        context.err().flush();
        return ExitStatus.UNUSABLE;
    }

    private static String helpHint(String command) {
        return " (see " + command + " --help)";
    }

    private static String describe(Throwable e) {
        return switch (e) {
            case OptionException options -> options.getMessage();
            case UsageException usage -> usage.getMessage();
            case IndexException index -> index.getMessage() + advice(index.remedy());
            case HubException hub -> hub.getMessage() + advice(hub.remedy());
            case Mme5Exception known -> known.getMessage();
            case IOException io -> IoErrors.describe(io);
            case OutOfMemoryError memory ->
                    "out of memory: Java has %d MB of heap; MME5_JAVA_OPTS=-Xmx8g would give it 8 GB (%s)"
                            .formatted(Runtime.getRuntime().maxMemory() >> 20, memory.getMessage());
            case IllegalStateException refused when refused.getMessage() != null -> refused.getMessage();
            default -> "unexpected error: " + e + " (MME5_DEBUG=1 shows where)";
        };
    }

    private static String advice(IndexException.Remedy remedy) {
        return switch (remedy) {
            case REBUILD -> "; build it again with --rebuild, or name another file with --index";
            case OTHER_FILE -> "; name another file with --index";
            case RETRY -> "";
        };
    }

    private static String advice(HubException.Remedy remedy) {
        return switch (remedy) {
            case FORCE -> "; --force replaces it";
            case OTHER_FOLDER -> "; remove it, or name another folder with --output";
            case OTHER_DISK -> "; name a folder on another disk with --output, or the cache with HF_HUB_CACHE";
            case OTHER_REVISION -> "; --revision names a branch, tag or commit";
            case NONE -> "";
        };
    }
}
