package dev.mme5.cli.command;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.ExitStatus;
import dev.mme5.cli.output.AtomicOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mme5 completion}: a script that lets a shell complete commands, options and file names. */
@Command(
        name = "completion",
        description = "Prints a script with which the tab key completes commands, options and files.",
        footer = {
            "",
            "Bash: mme5 completion bash > ~/.local/share/bash-completion/completions/mme5",
            "Zsh:  mme5 completion zsh > ~/.mme5-completion, and in ~/.zshrc: source ~/.mme5-completion"
        })
public final class CompletionCommand implements Callable<Integer> {
    /** The shells; picocli's script is for both. */
    enum Shell { bash, zsh }

    private static final String NAME = "mme5";

    private final CommandContext context;
    private final Supplier<CommandLine> allCommands;

    @Parameters(paramLabel = "SHELL", arity = "1", description = "bash or zsh.")
    private Shell shell;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    @Option(names = {"-V", "--version"}, versionHelp = true, description = "Show the version.")
    private boolean version;

    /** @param allCommands the command line with every command */
    public CompletionCommand(CommandContext context, Supplier<CommandLine> allCommands) {
        this.context = context;
        this.allCommands = allCommands;
    }

    @Override
    public Integer call() throws IOException {
        try (AtomicOutput out = AtomicOutput.open(null, false, context)) {
            if (shell == Shell.zsh) out.write("autoload -U +X compinit && compinit\n".getBytes(StandardCharsets.UTF_8));
            out.write(AutoComplete.bash(NAME, allCommands.get()).getBytes(StandardCharsets.UTF_8));
            out.commit();
        }
        return ExitStatus.DONE;
    }
}
