package dev.mme5.server.metrics;

import dev.mme5.engine.ModelStatistics;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the server has done since it started. */
public final class Metrics {
    private static final double[] SECONDS = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300};
    private static final double[] SIZES = {1, 2, 4, 8, 16, 32, 64};

    private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();
    private final Map<String, Histogram> requestSeconds = new ConcurrentHashMap<>();
    private final LongAdder inputs = new LongAdder();
    private final LongAdder tokens = new LongAdder();
    private final LongAdder images = new LongAdder();
    private final Histogram passInputs = new Histogram(SIZES);
    private final Histogram waitingSeconds = new Histogram(SECONDS);
    private final Histogram computingSeconds = new Histogram(SECONDS);

    /**
     * What is so now.
     *
     * @param model name of the model; null while it is loaded
     * @param kernels in words
     * @param requests that wait or are computed
     * @param waiting of these, those that no pass has taken
     * @param active requests that are received, computed or answered
     * @param bodyBytes heap that requests take
     * @param bodyLimit heap that they may take
     * @param documents documents in the indexes of folders
     * @param engine what the model has done, indexing included; null while it is loaded
     */
    public record Now(String model, String kernels, int requests, int waiting, int active, long bodyBytes, long bodyLimit,
            int documents, ModelStatistics engine) {}

    /** A request was answered. */
    public void request(String route, int status, long nanos) {
        String labels = MetricsText.label("route", route) + "," + MetricsText.label("status", Integer.toString(status));
        requests.computeIfAbsent(labels, key -> new LongAdder()).increment();
        requestSeconds.computeIfAbsent(MetricsText.label("route", route), key -> new Histogram(SECONDS)).add(nanos * 1e-9);
    }

    /** A pass was computed. */
    public void pass(int passInputCount, int passImages, long passTokens, long waitingNanos, long nanos) {
        inputs.add(passInputCount);
        images.add(passImages);
        tokens.add(passTokens);
        passInputs.add(passInputCount);
        waitingSeconds.add(waitingNanos * 1e-9);
        computingSeconds.add(nanos * 1e-9);
    }

    /** The media type of {@link #text}. */
    public static String type() {
        return MetricsText.TYPE;
    }

    /** What the engine counts: indexing of folders is in these too. */
    private static void engine(ModelStatistics engine, MetricsText text) {
        text.single("mme5_tokens_computed_total", "counter", "Tokens that went through the layers.", engine.tokensComputed());
        text.single("mme5_tokens_shared_total", "counter", "Tokens whose states were shared instead.", engine.tokensShared());
        text.single("mme5_tokens_cached_total", "counter", "Of the shared tokens, those kept from an earlier pass.", engine.tokensCached());
        text.single("mme5_passes_total", "counter", "Passes through the network.", engine.passes());
        text.single("mme5_calls_waiting", "gauge", "Calls that wait for memory or a pass.", engine.waitingCalls());
        text.single("mme5_budget_bytes", "gauge", "Heap reserved by passes, decoding and caches.", engine.bytesReserved());
        text.single("mme5_budget_bytes_limit", "gauge", "Heap that these may reserve.", engine.bytesLimit());
    }

    /** Everything, for Prometheus. */
    public String text(Now now) {
        MetricsText text = new MetricsText();
        text.head("mme5_requests_total", "counter", "Requests answered; 499: the client went away.");
        new TreeMap<>(requests).forEach((labels, count) -> text.sample("mme5_requests_total", labels, count.sum()));
        text.head("mme5_request_seconds", "histogram", "From a request's headers to the end of its answer.");
        new TreeMap<>(requestSeconds).forEach((labels, histogram) -> histogram.write(text, "mme5_request_seconds", labels));
        text.single("mme5_inputs_total", "counter", "Inputs embedded.", inputs.sum());
        text.single("mme5_tokens_total", "counter", "Tokens of the inputs embedded.", tokens.sum());
        if (now.engine() != null) engine(now.engine(), text);
        text.single("mme5_images_total", "counter", "Images embedded.", images.sum());
        text.head("mme5_pass_inputs", "histogram", "Inputs that were embedded together.");
        passInputs.write(text, "mme5_pass_inputs", "");
        text.head("mme5_waiting_seconds", "histogram", "Longest time that an input of a pass waited for it.");
        waitingSeconds.write(text, "mme5_waiting_seconds", "");
        text.head("mme5_computing_seconds", "histogram", "Time of a pass.");
        computingSeconds.write(text, "mme5_computing_seconds", "");
        text.single("mme5_requests_active", "gauge", "Requests being received, computed or answered.", now.active());
        text.single("mme5_requests_queued", "gauge", "Requests whose inputs wait or are computed.", now.requests());
        text.single("mme5_requests_waiting", "gauge", "Requests with inputs that no pass has taken.", now.waiting());
        text.single("mme5_body_bytes", "gauge", "Heap reserved for requests.", now.bodyBytes());
        text.single("mme5_body_bytes_limit", "gauge", "Heap that requests may reserve.", now.bodyLimit());
        text.single("mme5_documents", "gauge", "Documents in the indexes of the folders.", now.documents());
        Runtime runtime = Runtime.getRuntime();
        text.single("mme5_heap_bytes", "gauge", "Heap in use, garbage included.", runtime.totalMemory() - runtime.freeMemory());
        text.single("mme5_heap_bytes_limit", "gauge", "Largest heap.", runtime.maxMemory());
        if (now.model() != null) {
            text.head("mme5_model_info", "gauge", "The model and its kernels.");
            text.sample("mme5_model_info", MetricsText.label("model", now.model()) + "," + MetricsText.label("kernels", now.kernels()), 1);
        }
        return text.toString();
    }
}
