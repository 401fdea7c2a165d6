package dev.mme5.cli;

import dev.mme5.cli.command.EmbedCommand;
import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.ExitStatus;
import dev.mme5.cli.context.UsageException;
import dev.mme5.cli.output.ResultStream;
import dev.mme5.cli.terminal.UnfilteredStderr;
import dev.mme5.hub.ModelHub;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/** The entry point of the {@code mme5} command. */
public final class Main {
    private Main() {}

    /** Reads the streams and settings of the process, runs the command line and ends the process. */
    public static void main(String[] args) {
        Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT); // messages are English, so are their digits
        // A PrintStream such as System.out hides write errors.
        OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16);
        PrintStream err = new PrintStream(new UnfilteredStderr(System.getProperty("mme5.stderr.fd", "")), false, StandardCharsets.UTF_8);
        CommandContext context = new CommandContext(
                System.in,
                out,
                err,
                workingFolder(),
                System.getProperty("mme5.model", "models/mini"),
                ModelHub::defaults,
                Boolean.getBoolean("mme5.stderr.terminal"),
                Integer.getInteger("mme5.columns", 0),
                System.getenv("MME5_DEBUG") != null,
                System.getProperty("mme5.terminal.images", ""));
        System.exit(runRaw(args, context));
    }

    /**
     * The working directory. Java keeps its name as text, so one that is not UTF-8 would lose bytes and could not be found; Linux tells it
     * once more.
     */
    private static Path workingFolder() {
        Path named = Path.of("").toAbsolutePath();
        String name = named.toString();
        if (name.indexOf('?') < 0 && name.indexOf('\uFFFD') < 0) return named;
        try {
            return Path.of("/proc/self/cwd").toRealPath();
        } catch (IOException e) { // another system
            return named;
        }
    }

    private static int runRaw(String[] args, CommandContext context) {
        try {
            return run(RawArguments.resolve(args), context);
        } catch (UsageException e) {
            return new ErrorReporter(context).report(e, null);
        }
    }

    /** Runs one command line and returns its {@linkplain dev.mme5.cli.context.ExitStatus exit status}. Never throws. */
    public static int run(String[] args, CommandContext process) {
        ResultStream out = ResultStream.of(process.out());
        CommandContext context = process.withOut(out);
        ErrorReporter errors = new ErrorReporter(context);
        try {
            EmbedCommand plain = PlainEmbed.parse(args, context);
            if (plain != null) return runPlain(plain, context, errors);
            CommandLine commandLine = Commands.commandLine(args, context)
                    .setExpandAtFiles(false) // a TEXT may begin with @
                    .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF))
                    .setUsageHelpWidth(120)
                    .setOut(new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8)))
                    .setErr(new PrintWriter(context.err()))
                    .setExecutionStrategy(Main::runUnlessEmpty)
                    .setParameterExceptionHandler((e, line) -> errors.reportArguments(e))
                    .setExecutionExceptionHandler((e, command, parsed) -> errors.report(e, command.getCommandSpec().qualifiedName()));
            int status = commandLine.execute(args);
            commandLine.getOut().flush();
            if (status != ExitStatus.UNUSABLE) out.requireWritten();
            return status;
        } catch (Throwable e) {
            return errors.report(e, null);
        }
    }

    /** Refuses empty values: no file, folder, name or number is empty, though a text may be. */
    private static int runUnlessEmpty(ParseResult parsed) {
        ParseResult command = parsed;
        while (command.hasSubcommand()) command = command.subcommand();
        for (OptionSpec option : command.matchedOptions()) {
            if (option.originalStringValues().contains("") && !option.paramLabel().equals("TEXT")) {
                throw new ParameterException(command.commandSpec().commandLine(),
                        option.longestName() + " is empty, expected " + option.paramLabel());
            }
        }
        return new RunLast().execute(parsed);
    }

    /** As picocli would run it. */
    private static int runPlain(EmbedCommand command, CommandContext context, ErrorReporter errors) {
        try {
            int status = command.call();
            context.out().flush();
            return status;
        } catch (Exception e) {
            int status = errors.report(e, PlainEmbed.COMMAND);
            try {
                context.out().flush();
            } catch (IOException hidden) {
                // The first error is the one to tell.
            }
            return status;
        }
    }
}
