package dev.mme5.cli.command;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.ExitStatus;
import dev.mme5.cli.context.NamedFolders;
import dev.mme5.cli.context.OptionException;
import dev.mme5.cli.context.UsageException;
import dev.mme5.cli.option.CommonOptions;
import dev.mme5.cli.option.DocumentPromptOptions;
import dev.mme5.cli.option.EngineOptions;
import dev.mme5.cli.option.PromptNameOptions;
import dev.mme5.cli.serving.ServerAddressOptions;
import dev.mme5.cli.serving.ServerLimitOptions;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.server.EmbeddingServer;
import dev.mme5.server.LibraryPrompts;
import dev.mme5.server.ServerOptions;
import java.io.IOException;
import java.net.BindException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mme5 serve}: embeddings for programs, a page for people. */
@Command(
        name = "serve",
        description = "Serves embeddings over HTTP, in the shapes of OpenAI, Cohere and Text Embeddings Inference, and a page that "
                + "searches folders.",
        footer = {
            "",
            "Prints its address when it is ready. Ends with status 0 on SIGTERM or Ctrl-C, when what runs is done.",
            "Examples:",
            "  mme5 serve --in models/mini/gallery",
            "  curl http://127.0.0.1:8080/v1/embeddings -H 'Content-Type: application/json' -d '{\"input\": \"a cat\"}'"
        })
public final class ServeCommand implements Callable<Integer> {
    /** Recordings of a busy server can be large. */
    private static final Duration SAVE_LIMIT = Duration.ofSeconds(20);

    private final CommandContext context;

    @Mixin
    private CommonOptions common;

    @Mixin
    private EngineOptions engine;

    @Mixin
    private ServerAddressOptions address;

    @Mixin
    private ServerLimitOptions limits;

    @Mixin
    private PromptNameOptions promptName;

    @Mixin
    private DocumentPromptOptions documentPrompt;

    @Option(names = "--in", paramLabel = "FOLDER",
            description = "Folder whose images and texts the page searches. May be given several times.")
    private List<Path> folders = new ArrayList<>();

    @Option(names = "--watch", description = "Look for changed files in the folders every few seconds.")
    private boolean watch;

    @Option(names = "--instructions", paramLabel = "FILE",
            description = "JSON object of instructions by kind of input, such as {\"search_query\": \"Find: {}\"}. Default: texts are "
                    + "taken as they are.")
    private Path instructions;

    @Option(names = "--model-name", paramLabel = "NAME",
            description = "What answers call the model. Default: its name in the cache of models, or that of its folder.")
    private String modelName;

    @Option(names = "--no-log", description = "Do not log requests.")
    private boolean noLog;

    public ServeCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (watch && folders.isEmpty()) throw new OptionException("--watch is for the folders of --in, and there is none");
        checkPrompts();
        setLogFormat();
        context.err().write(new byte[0], 0, 0); // puts stderr in place of the launcher's filter, which would hold log lines back
        ServerOptions options = limits.apply(address.apply(ServerOptions.defaults(), context))
                .withFolders(searchedFolders())
                .withLibraryPrompts(prompts())
                .withWatchSeconds(watch ? ServerOptions.DEFAULT_WATCH_SECONDS : 0)
                .withInstructionsFile(instructions == null ? null : context.folder().resolve(instructions))
                .withModelName(modelName)
                .withLogsRequests(!noLog && !common.quiet());
        try (EmbeddingServer server = EmbeddingServer.start(common.model(context), engine.options(common), options)) {
            run(server);
        } catch (BindException e) {
            throw new UsageException("cannot listen at %s, port %d: %s".formatted(options.host(), options.port(), e.getMessage()));
        } catch (UnknownHostException e) {
            throw new UsageException("--host: no such address: " + options.host());
        } catch (IllegalArgumentException e) {
            throw new OptionException(e.getMessage());
        }
        return ExitStatus.DONE;
    }

    private void checkPrompts() {
        documentPrompt.check();
        if (promptName.isGiven() && instructions != null)
            throw new OptionException("--instructions and --prompt-name: expected one of them");
        if (!folders.isEmpty()) return;
        if (promptName.isGiven()) throw new OptionException("--prompt-name is for the folders of --in, and there is none");
        if (documentPrompt.isGiven()) {
            throw new OptionException("--document-prompt and --document-prompt-name are for the folders of --in, and there is none");
        }
    }

    private LibraryPrompts prompts() throws IOException {
        if (!promptName.isGiven() && !documentPrompt.isGiven()) return LibraryPrompts.NONE; // nothing of the model is read
        Map<String, String> prompts = EmbeddingModel.prompts(common.model(context));
        return new LibraryPrompts(promptName.text(prompts), documentPrompt.prompt(prompts));
    }

    private void run(EmbeddingServer server) throws IOException, InterruptedException {
        Thread hook = new Thread(() -> stop(server), "mme5-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            server.awaitReady();
            context.out().write((server.address() + "\n").getBytes(StandardCharsets.US_ASCII));
            context.out().flush();
            server.awaitStop();
            hook.join(); // it ends the process
        } finally {
            remove(hook);
        }
    }

    /** A server that cannot serve ends with the status of its error, not with that of the hook. */
    private static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // It runs already.
        }
    }

    /** One line for each request, with or without the module java.logging. */
    private static void setLogFormat() {
        for (String property : List.of("java.util.logging.SimpleFormatter.format", "jdk.system.logger.format")) {
            if (System.getProperty(property) == null) System.setProperty(property, "%1$tFT%1$tT.%1$tL %4$s %5$s%6$s%n");
        }
    }

    private List<Path> searchedFolders() throws IOException {
        List<Path> searched = new ArrayList<>();
        for (Path folder : folders) {
            if (!NamedFolders.isFolder(folder, "a folder", context)) throw new UsageException(folder + ": is a file, expected a folder");
            searched.add(context.folder().resolve(folder));
        }
        return searched;
    }

    /**
     * A hook of the JDK's own saves those that have a file or are to be saved on exit, beside this one, and closes them: a process that is
     * halted before has lost them.
     */
    private static void awaitRecordings() {
        if (!FlightRecorder.isInitialized()) return;
        long end = System.nanoTime() + SAVE_LIMIT.toNanos();
        try {
            while (FlightRecorder.getFlightRecorder().getRecordings().stream().anyMatch(ServeCommand::isToBeSaved)
                    && System.nanoTime() < end) {
                Thread.sleep(10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isToBeSaved(Recording recording) {
        boolean isStarted = recording.getState() == RecordingState.RUNNING || recording.getState() == RecordingState.STOPPED;
        return isStarted && (recording.getDumpOnExit() || recording.getDestination() != null);
    }

    /** A process that was told to end would have status 143, although it ended as it should. */
    private void stop(EmbeddingServer server) {
        boolean done = server.stop(limits.grace());
        if (!done) context.printMessage("requests were cut off after --grace");
        context.err().flush();
        awaitRecordings();
        Runtime.getRuntime().halt(done ? ExitStatus.DONE : ExitStatus.SOME_FAILED);
    }
}
