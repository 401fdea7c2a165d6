package dev.mme5.cli;

import dev.mme5.cli.command.DownloadCommand;
import dev.mme5.cli.command.CompletionCommand;
import dev.mme5.cli.command.EmbedCommand;
import dev.mme5.cli.command.EvaluateCommand;
import dev.mme5.cli.command.InspectCommand;
import dev.mme5.cli.command.ModelsCommand;
import dev.mme5.cli.command.PackageCommand;
import dev.mme5.cli.command.QuantizeCommand;
import dev.mme5.cli.command.SearchCommand;
import dev.mme5.cli.command.ServeCommand;
import dev.mme5.cli.command.TokenizeCommand;
import dev.mme5.cli.command.TraceCommand;
import dev.mme5.cli.command.VerifyCommand;
import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.packaging.Installation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** The commands by name. To add one, add a line here. */
final class Commands {
    /** In the order of the help. */
    private static final Map<String, Function<CommandContext, Object>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("download", DownloadCommand::new);
        COMMANDS.put("models", ModelsCommand::new);
        COMMANDS.put("embed", EmbedCommand::new);
        COMMANDS.put("tokenize", TokenizeCommand::new);
        COMMANDS.put("trace", TraceCommand::new);
        COMMANDS.put("inspect", InspectCommand::new);
        COMMANDS.put("quantize", QuantizeCommand::new);
        COMMANDS.put("search", SearchCommand::new);
        COMMANDS.put("serve", ServeCommand::new);
        COMMANDS.put("evaluate", EvaluateCommand::new);
        COMMANDS.put("verify", VerifyCommand::new);
        COMMANDS.put("completion", context -> new CompletionCommand(context, () -> commandLine(new String[0], context)));
        COMMANDS.put("package", context -> new PackageCommand(context, Installation.running()));
    }

    private Commands() {}

    /**
     * The command line for these arguments. Because reading the options of all commands takes longer than embedding a text, a
     * command that is named first comes alone.
     */
    static CommandLine commandLine(String[] args, CommandContext context) {
        CommandLine root = new CommandLine(new Root());
        boolean isNamed = args.length > 0 && COMMANDS.containsKey(args[0]);
        COMMANDS.forEach((name, command) -> {
            if (!isNamed || name.equals(args[0])) root.addSubcommand(name, command.apply(context));
        });
        root.getSubcommands().values().forEach(command -> command.getCommandSpec().versionProvider(new Version()));
        if (!isNamed) root.addSubcommand("help", new HelpCommand());
        return root;
    }

    /** Options without a command. */
    @Command(
            name = "mme5",
            versionProvider = Version.class,
            description = "Embeds texts and images as unit vectors, with models such as mmE5 and E5.",
            synopsisSubcommandLabel = "COMMAND",
            footer = {
                "",
                "mme5 bench measures this machine; see mme5 bench --help.",
                "Exit status: 0 done, 1 some inputs failed, 2 wrong use or unusable model.",
                "Environment: MME5_MODEL, the default model; MME5_JAVA_OPTS, flags for Java, such as -Xmx8g."
            })
    static final class Root {
        @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
        boolean help;

        @Option(names = {"-V", "--version"}, versionHelp = true, description = "Show the version.")
        boolean version;
    }

    /** The version in the module descriptor, written by the build. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            Module module = Main.class.getModule();
            String version = module.isNamed() ? module.getDescriptor().rawVersion().orElse("unknown") : "unknown";
            return new String[] {"mme5 " + version + ", Java " + Runtime.version()};
        }
    }
}
