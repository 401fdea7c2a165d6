package dev.mme5.cli.command;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.ExitStatus;
import dev.mme5.cli.context.OptionException;
import dev.mme5.cli.option.CommonOptions;
import dev.mme5.cli.output.AtomicOutput;
import dev.mme5.cli.terminal.ProgressLine;
import dev.mme5.engine.ModelInspection;
import dev.mme5.hub.DownloadListener;
import dev.mme5.hub.DownloadOptions;
import dev.mme5.hub.DownloadProgress;
import dev.mme5.hub.ModelReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mme5 download}: brings a model from the hub into its cache. Standard output is the folder and nothing else. */
@Command(name = "download",
        description = {
            "Downloads a model from the Hugging Face hub into the cache that Python programs share, and prints its folder.",
            "What an earlier run fetched is not fetched again. Afterwards --model ORG/NAME works in every command."
        })
public final class DownloadCommand implements Callable<Integer> {
    private final CommandContext context;

    @Mixin
    private CommonOptions common;

    @Parameters(paramLabel = "ORG/NAME", description = "The model on the hub; ORG/NAME@REV is a revision of it.")
    private String name;

    @Option(names = "--revision", paramLabel = "REV", description = "Branch, tag or commit. Default: main.")
    private String revision;

    @Option(names = "--output", paramLabel = "DIR", description = "A plain folder instead of the cache.")
    private String output;

    @Option(names = "--force", description = "Fetch again what is there.")
    private boolean force;

    @Option(names = "--connections", paramLabel = "N",
            description = "How many ranges are fetched at once. Default: " + DownloadOptions.DEFAULT_CONNECTIONS + ".")
    private int connections = DownloadOptions.DEFAULT_CONNECTIONS;

    public DownloadCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        common.threads();
        OptionException.requireAtLeast(1, "--connections", connections);
        if (connections > DownloadOptions.MAX_CONNECTIONS) {
            throw new OptionException("--connections is " + connections + ", expected at most " + DownloadOptions.MAX_CONNECTIONS);
        }
        if (output != null && output.isBlank()) throw new OptionException("--output is empty, expected a folder");
        ModelReference reference = revision == null ? ModelReference.parse(name) : new ModelReference(name, revision);
        ProgressLine line = new ProgressLine(context, common.quiet());
        DownloadOptions options = DownloadOptions.defaults()
                .withForce(force)
                .withConnections(connections)
                .withFilter(ModelInspection.namesOfModelFiles()::contains)
                .withCheck(ModelInspection::refusalByConfig)
                .withListener(new Listener(reference, line));
        if (output != null) options = options.withOutput(context.folder().resolve(output));

        configureHttpClient();
        Path folder;
        try {
            folder = context.hub().get().download(reference, options);
        } finally {
            line.erase();
        }
        try (AtomicOutput out = AtomicOutput.open(null, false, context)) {
            out.write((folder + "\n").getBytes(StandardCharsets.UTF_8));
            out.commit();
        }
        return ExitStatus.DONE;
    }

    /** Java's HTTP client has these settings as system properties only, and reads them once, before the first request. */
    private static void configureHttpClient() {
        setUnlessSet("jdk.httpclient.bufsize", Integer.toString(128 << 10));   // 16 KB by default: a sixth slower
        setUnlessSet("jdk.http.auth.tunneling.disabledSchemes", "");   // else no password is sent to a proxy for https
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) System.setProperty(property, value);
    }

    /** Progress on a terminal, else one line at the end; notices in between. */
    private final class Listener implements DownloadListener {
        private final ModelReference reference;
        private final ProgressLine line;

        Listener(ModelReference reference, ProgressLine line) {
            this.reference = reference;
            this.line = line;
        }

        @Override
        public void progress(DownloadProgress progress) {
            if (progress.isComplete()) {
                notice(reference + ": " + progress.describe());
            } else {
                line.show(progress.describe());
            }
        }

        @Override
        public void notice(String text) {
            if (common.quiet()) return;
            line.erase();
            context.printMessage(text);
        }
    }
}
