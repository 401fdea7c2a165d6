package dev.mme5.server;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.ModelInspection;
import dev.mme5.engine.ModelTools;
import dev.mme5.engine.Options;
import dev.mme5.server.api.CohereRoutes;
import dev.mme5.server.api.Instructions;
import dev.mme5.server.api.ModelRoutes;
import dev.mme5.server.api.OpenAiRoute;
import dev.mme5.server.api.ServedModel;
import dev.mme5.server.api.TeiRoutes;
import dev.mme5.server.api.TextTokens;
import dev.mme5.server.http.ApiKeys;
import dev.mme5.server.http.Gate;
import dev.mme5.server.http.HttpFront;
import dev.mme5.server.http.HttpLimits;
import dev.mme5.server.http.Problem;
import dev.mme5.server.http.Reply;
import dev.mme5.server.http.Route;
import dev.mme5.server.library.Library;
import dev.mme5.server.library.LibraryRoutes;
import dev.mme5.server.library.PageRoutes;
import dev.mme5.server.metrics.Metrics;
import dev.mme5.server.queue.EmbedQueue;
import dev.mme5.tokenizer.Tokenizer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A server that embeds, and finds what it is asked for in folders. It listens at once and answers {@code /health}; everything else is
 * answered with 503 until the model is open.
 */
public final class EmbeddingServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(EmbeddingServer.class.getName());
    private static final int LOADING_SECONDS = 2;
    private static final Problem STOPPING = Problem.unavailable(1, "stopping", "the server is stopping");

    /** Share of the heap that requests may take before they are computed. */
    private static final int BODY_SHARE = 4;

    private final HttpFront front;
    private final Metrics metrics = new Metrics();
    private final ServerOptions options;
    private final Library library;
    private final CompletableFuture<Void> loaded = new CompletableFuture<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicBoolean isStopping = new AtomicBoolean();
    private volatile ServedModel served;
    private volatile EmbedQueue queue;
    private volatile Problem notReady = Problem.unavailable(LOADING_SECONDS, "loading", "the model is being loaded");

    private EmbeddingServer(ServerOptions options, InetAddress address, ApiKeys keys) throws IOException {
        this.options = options;
        this.library = new Library(options.folders(), options.libraryPrompts().query(), options.libraryPrompts().document(),
                options.watchSeconds());
        Gate gate = new Gate(address.isLoopbackAddress(), Set.copyOf(options.hosts()), Set.copyOf(options.origins()), keys);
        HttpLimits limits = new HttpLimits(options.maxBody(), options.receiveTimeout(), options.timeout(), options.sendTimeout(),
                Runtime.getRuntime().maxMemory() / BODY_SHARE);
        this.front = new HttpFront(new InetSocketAddress(address, options.port()), gate, limits, routes(), this::notReady, this::log);
    }

    /**
     * Starts a server and begins to load its model.
     *
     * @param modelFolder the folder of the model
     * @param modelOptions how the model is run
     * @throws IOException when it cannot listen at the address, or a file of the options cannot be read
     * @throws IllegalArgumentException when the options are not safe together, or a file has not what it should have
     * @throws dev.mme5.json.ModelFormatException when the file of instructions is damaged
     */
    public static EmbeddingServer start(Path modelFolder, Options modelOptions, ServerOptions options) throws IOException {
        ApiKeys keys = options.keyFile() == null ? ApiKeys.NONE : ApiKeys.read(options.keyFile());
        InetAddress address = InetAddress.getByName(options.host());
        if (!address.isLoopbackAddress() && !keys.areNeeded() && !options.withoutKeys()) {
            throw new IllegalArgumentException(options.host() + " can be reached from other machines, so clients need keys");
        }
        if (keys.weakness().isPresent()) {
            String weakness = options.keyFile() + ": " + keys.weakness().get();
            if (!address.isLoopbackAddress() || !options.hosts().isEmpty()) throw new IllegalArgumentException(weakness);
            LOG.log(System.Logger.Level.WARNING, weakness);
        }
        Instructions instructions =
                options.instructionsFile() == null ? Instructions.NONE : Instructions.read(options.instructionsFile());
        EmbeddingServer server = new EmbeddingServer(options, address, keys);
        server.front.start();
        Thread.ofPlatform().name("mme5-server-loader").start(() -> server.load(modelFolder, modelOptions, instructions));
        return server;
    }

    private List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        routes.add(OpenAiRoute.of(() -> served));
        routes.addAll(CohereRoutes.of(() -> served));
        routes.addAll(TeiRoutes.of(() -> served));
        routes.addAll(ModelRoutes.of(() -> served, this::notReady));
        routes.addAll(LibraryRoutes.of(library, () -> served));
        routes.addAll(PageRoutes.all());
        routes.add(Route.always("/metrics",
                call -> Reply.of(200, Metrics.type(), metricsText().getBytes(StandardCharsets.UTF_8))));
        return routes;
    }

    private void load(Path folder, Options modelOptions, Instructions instructions) {
        EmbeddingModel model = null;
        try {
            model = EmbeddingModel.open(folder, modelOptions);
            ModelInspection inspection = ModelInspection.of(model);   // does not read the tokenizer again
            model.warmUp();
            Tokenizer tokenizer = ModelTools.of(model).tokenizer();
            TextTokens tokens = new TextTokens(tokenizer, folder, model.maxTokens(), modelOptions.dropDuplicateBos());
            queue = new EmbedQueue(model, options.maxQueue(), metrics::pass);
            String name = options.modelName() == null ? ModelName.of(folder) : options.modelName();
            ModelInspection.Model description = inspection.model().orElseThrow();   // it is open
            served = new ServedModel(model, name, dtype(inspection), description.takesImages(), poolingMode(description.pooling()), tokens,
                    queue, instructions, options.maxInputs());
            notReady = null;
            library.start(model);
            loaded.complete(null);
            if (isStopping.get()) { // it may have looked for these before they were there
                queue.close();
                model.close();
            }
        } catch (Throwable e) {
            if (served == null && model != null) model.close();
            notReady = Problem.unavailable(LOADING_SECONDS, "model_failed", "the model could not be loaded");
            loaded.completeExceptionally(e);
        }
    }

    /** Why no request would be answered now; null if one would be. */
    private Problem notReady() {
        return isStopping.get() ? STOPPING : notReady;
    }

    private static String dtype(ModelInspection inspection) {
        return inspection.parts().stream()
                .filter(ModelInspection.Part::needed)
                .max(Comparator.comparingLong(ModelInspection.Part::bytes))
                .map(part -> part.dtype().toLowerCase(Locale.ROOT))
                .orElse("unknown");
    }

    private static String poolingMode(ModelInspection.Pooling pooling) {
        return switch (pooling) {
            case LAST_TOKEN -> "last_token";
            case MEAN -> "mean";
            case FIRST_TOKEN -> "cls";
            case MAX -> "max";
            case MEAN_SQRT_LENGTH -> "mean_sqrt_length";
            case WEIGHTED_MEAN -> "weighted_mean";
            case SEVERAL -> "several";
        };
    }

    private void log(String route, int status, int inputs, long tokens, long nanos) {
        metrics.request(route, status, nanos);
        if (options.logsRequests()) {
            LOG.log(System.Logger.Level.INFO,
                    () -> String.format(Locale.ROOT, "%s %d, %d inputs, %d tokens, %.1f ms", route, status, inputs,
                            tokens, nanos * 1e-6));
        }
    }

    private String metricsText() {
        ServedModel model = served;
        EmbedQueue now = queue;
        return metrics.text(new Metrics.Now(
                model == null ? null : model.name(),
                model == null ? "" : model.model().kernels(),
                now == null ? 0 : now.requests(),
                now == null ? 0 : now.waiting(),
                front.active(),
                front.budget().used(),
                front.budget().limit(),
                library.size(),
                model == null ? null : model.model().statistics()));
    }

    /** Where it listens, such as {@code http://127.0.0.1:8080}. */
    public URI address() {
        InetSocketAddress address = front.address();
        String host = address.getAddress().isAnyLocalAddress() ? options.host() : address.getAddress().getHostAddress();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort());
    }

    /**
     * Waits until requests are answered.
     *
     * @throws RuntimeException what opening the model has thrown
     */
    public void awaitReady() {
        try {
            loaded.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) throw failure;
            if (e.getCause() instanceof Error failure) throw failure;
            throw e;
        }
    }

    /** Waits until the server has stopped. */
    public void awaitStop() throws InterruptedException {
        stopped.await();
    }

    /**
     * Stops. Requests that were accepted before are answered, those that come meanwhile are refused with 503.
     *
     * @param grace how long running requests may take
     * @return whether all were answered
     */
    public boolean stop(Duration grace) {
        if (!isStopping.compareAndSet(false, true)) return true;
        boolean done = front.stop(grace);
        library.close();
        if (queue != null) queue.close();
        if (served != null) served.model().close();
        stopped.countDown();
        return done;
    }

    /** Stops without waiting for running requests. */
    @Override
    public void close() {
        stop(Duration.ZERO);
    }
}
