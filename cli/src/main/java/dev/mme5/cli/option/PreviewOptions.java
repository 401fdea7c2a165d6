package dev.mme5.cli.option;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.OptionException;
import dev.mme5.cli.output.OutputSuffix;
import dev.mme5.cli.preview.TerminalImages;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Small images of the matches of a search, for people. */
public final class PreviewOptions {
    @Option(names = "--html", paramLabel = "FILE", description = "Also write a page for a browser, with small images of the matches.")
    private String html;

    @Option(names = "--show",
            description = "Show small images of the matches, on terminals that can: those of kitty and iTerm2, and with sixels.")
    private boolean show;

    /** The page to write, as the user named it, or null. */
    public String html() {
        if ("-".equals(html)) throw new OptionException("--html is -, expected a file");
        OutputSuffix.format("--html", html, Map.of("html", true, "htm", true, "xhtml", true));
        return html;
    }

    /**
     * How to show images, or empty if none are to be shown.
     *
     * @param isTable whether the results are a table on standard output
     */
    public Optional<TerminalImages> terminal(boolean isTable, CommandContext context) {
        if (!show) return Optional.empty();
        if (!isTable || context.columns() == 0) throw new OptionException("--show is for a table on a terminal; --html writes a page");
        Optional<TerminalImages> protocol = TerminalImages.named(context.terminalImages());
        if (protocol.isEmpty()) throw new OptionException("--show: this terminal cannot show images; --html writes a page");
        return protocol;
    }
}
