package dev.mme5.cli;

import dev.mme5.cli.command.EmbedCommand;
import dev.mme5.cli.command.EvaluateCommand;
import dev.mme5.cli.command.InspectCommand;
import dev.mme5.cli.command.PackageCommand;
import dev.mme5.cli.command.QuantizeCommand;
import dev.mme5.cli.command.SearchCommand;
import dev.mme5.cli.command.TokenizeCommand;
import dev.mme5.cli.command.TraceCommand;
import dev.mme5.cli.command.VerifyCommand;
import dev.mme5.cli.option.CommandContext;
import dev.mme5.cli.option.IoErrors;
import dev.mme5.cli.option.UsageException;
import dev.mme5.cli.output.AtomicOutput;
import dev.mme5.cli.packaging.Installation;
import dev.mme5.cli.terminal.UnfilteredStderr;
import dev.mme5.json.ModelFormatException;
import dev.mme5.search.IndexException;
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
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine;

/**
 * The {@code mme5} command: arguments to {@link dev.mme5.engine.EmbeddingModel} to numbers on stdout. Every error is one line
 * on stderr; the exit status is 0 when all is done, 1 when some inputs failed, 2 for wrong use or an unusable model.
 */
public final class Main {
    public static final int DONE = 0;
    public static final int SOME_FAILED = 1;
    public static final int UNUSABLE = 2;

    private static final List<String> COMMANDS =
            List.of("embed", "tokenize", "trace", "inspect", "quantize", "search", "evaluate", "verify", "package");

    private final CommandContext console;

    private Main(CommandContext console) {
        this.console = console;
    }

    /** Reads the world, runs the command line and ends the process. */
    public static void main(String[] args) {
        // Not System.out: a PrintStream keeps quiet when its reader has gone or the disk is full.
        OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16);
        PrintStream err = new PrintStream(new UnfilteredStderr(System.getProperty("mme5.stderr.fd", "")), false, StandardCharsets.UTF_8);
        CommandContext console = new CommandContext(
                System.in,
                out,
                err,
                Path.of("").toAbsolutePath(),
                Path.of(System.getProperty("mme5.model", "models/mini")),
                Boolean.getBoolean("mme5.stderr.terminal"),
                System.getenv("MME5_DEBUG") != null);
        System.exit(run(args, console));
    }

    /** Runs one command line and returns the exit status; never throws. */
    public static int run(String[] args, CommandContext console) {
        return new Main(console).run(args);
    }

    private int run(String[] args) {
        try {
            CommandLine commandLine = commandLine(args);
            int status = commandLine.execute(args);
            commandLine.getOut().flush();
            return status;
        } catch (Throwable e) {
            return report(e);
        }
    }

    private CommandLine commandLine(String[] args) {
        CommandLine root = new CommandLine(new Root());
        // To read the options of all commands takes longer than to embed a text: of those that are known by name, only one is made.
        boolean named = args.length > 0 && COMMANDS.contains(args[0]);
        for (String name : named ? List.of(args[0]) : COMMANDS) root.addSubcommand(name, command(name));
        return root.setExpandAtFiles(false) // a TEXT may begin with @, as any other character
                .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF))
                .setUsageHelpWidth(120)
                .setOut(new PrintWriter(new OutputStreamWriter(console.out(), StandardCharsets.UTF_8)))
                .setErr(new PrintWriter(console.err()))
                .setParameterExceptionHandler((e, line) -> wrongUse(e))
                .setExecutionExceptionHandler((e, command, parsed) -> report(e));
    }

    private Object command(String name) {
        return switch (name) {
            case "embed" -> new EmbedCommand(console);
            case "tokenize" -> new TokenizeCommand(console);
            case "trace" -> new TraceCommand(console);
            case "inspect" -> new InspectCommand(console);
            case "quantize" -> new QuantizeCommand(console);
            case "search" -> new SearchCommand(console, Integer.getInteger("mme5.columns", 0));
            case "evaluate" -> new EvaluateCommand(console);
            case "verify" -> new VerifyCommand(console);
            case "package" -> new PackageCommand(console, Installation.running());
            default -> throw new IllegalArgumentException(name);
        };
    }

    private int wrongUse(ParameterException e) {
        CommandLine command = e.getCommandLine();
        if (command.getParent() == null && command.getParseResult().originalArgs().isEmpty()) {
            console.err().print(command.getUsageMessage());
            console.err().flush();
        } else {
            console.say(e.getMessage() + " (see " + command.getCommandSpec().qualifiedName() + " --help)");
        }
        return UNUSABLE;
    }

    private int report(Throwable e) {
        if (e instanceof AtomicOutput.ReaderGone) return DONE;

        console.say(switch (e) {
            case UsageException wrongUse -> wrongUse.getMessage();
            case ModelFormatException unusable -> unusable.getMessage();
            case IndexException unusable -> unusable.getMessage();
            case IOException io -> IoErrors.describe(io);
            case OutOfMemoryError none ->
                    "out of memory: Java has %d MB of heap; MME5_JAVA_OPTS=-Xmx8g would give it 8 GB (%s)"
                            .formatted(Runtime.getRuntime().maxMemory() >> 20, none.getMessage());
            case IllegalStateException refused when refused.getMessage() != null -> refused.getMessage();
            default -> "unexpected error: " + e + " (MME5_DEBUG=1 shows where)";
        });
        if (console.debug()) e.printStackTrace(console.err());
        console.err().flush();
        return UNUSABLE;
    }

    /** What stands before the command's name. */
    @Command(
            name = "mme5",
            versionProvider = Version.class,
            description = "Embeds texts and images as unit vectors, with Mllama models such as mmE5.",
            synopsisSubcommandLabel = "COMMAND",
            footer = {
                "",
                "mme5 bench measures this machine; see mme5 bench --help.",
                "Exit status: 0 done, 1 some inputs failed, 2 wrong use or unusable model.",
                "Environment: MME5_MODEL, the default model folder; MME5_JAVA_OPTS, flags for Java, such as -Xmx8g."
            })
    static final class Root {
        @Option(names = "--help", usageHelp = true, description = "Show this help.")
        boolean help;

        @Option(names = "--version", versionHelp = true, description = "Show the version.")
        boolean version;
    }

    /** The version that the build wrote into the module. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            Module module = Main.class.getModule();
            String version = module.isNamed() ? module.getDescriptor().rawVersion().orElse("unknown") : "unknown";
            return new String[] {"mme5 " + version + ", Java " + Runtime.version()};
        }
    }
}
