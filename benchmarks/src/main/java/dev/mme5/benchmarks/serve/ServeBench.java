package dev.mme5.benchmarks.serve;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Embedding;
import dev.mme5.engine.Input;
import dev.mme5.engine.Options;
import dev.mme5.engine.ProgressListener;
import dev.mme5.server.EmbeddingServer;
import dev.mme5.server.ServerOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures a server in this process beside the library, in turns. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Measures the server: what it adds to one request, its throughput beside embedAll, and a mixed load with hostile "
                + "requests.")
public final class ServeBench implements Callable<Integer> {
    private static final int WARM_UP = 300;
    private static final int ROUNDS = 3;

    enum Part { LATENCY, THROUGHPUT, LOAD, IMAGES }

    private final PrintStream out;

    @Option(names = "--model", defaultValue = "models/mini", description = "Model folder. Default: ${DEFAULT-VALUE}.")
    private Path model;

    @Option(names = "--requests", defaultValue = "1000", description = "Requests whose latency is measured. Default: ${DEFAULT-VALUE}.")
    private int requests;

    @Option(names = "--clients", defaultValue = "32", description = "Clients of the throughput. Default: ${DEFAULT-VALUE}.")
    private int clients;

    @Option(names = "--seconds", defaultValue = "10",
            description = "Time of a turn of the throughput, and of the load. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Parameters(
            description = "latency, throughput, load (64 clients, hostile requests among them), images (64 clients with 12 megapixels "
                    + "each).")
    private List<Part> parts = List.of(Part.LATENCY, Part.THROUGHPUT);

    public ServeBench(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws Exception {
        ServerOptions options = ServerOptions.defaults().withPort(0).withLogsRequests(false).withReceiveTimeout(Duration.ofSeconds(5));
        try (EmbeddingServer server = EmbeddingServer.start(model, Options.defaults(), options);
                EmbeddingModel library = EmbeddingModel.open(model)) {
            server.awaitReady();
            int port = server.address().getPort();
            boolean good = true;
            for (Part part : EnumSet.copyOf(parts)) {
                switch (part) {
                    case LATENCY -> latency(port, library);
                    case THROUGHPUT -> throughput(port, library);
                    case LOAD -> good &= new MixedLoad(port, library, model, out).run(seconds);
                    case IMAGES -> good &= new LargeImages(port, out).run();
                }
            }
            return good ? 0 : 1;
        }
    }

    private static byte[] body(String text) {
        return ("{\"input\":\"" + text + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    /** About 20 tokens, all different. */
    private static String text(int number) {
        return "a photo number " + number + " of a red car beside the old house by the river at night in the rain";
    }

    private void latency(int port, EmbeddingModel library) throws IOException {
        long[] served = new long[requests];
        long[] direct = new long[requests];
        long[] empty = new long[requests];
        try (PlainClient client = new PlainClient(port)) {
            for (int i = -WARM_UP; i < requests; i++) {
                String text = text(i + WARM_UP);
                long start = System.nanoTime();
                client.post("/v1/embeddings", body(text));
                long middle = System.nanoTime();
                library.embed(Input.literal(text));
                long end = System.nanoTime();
                client.get("/health");
                long last = System.nanoTime();
                if (i >= 0) {
                    served[i] = middle - start;
                    direct[i] = end - middle;
                    empty[i] = last - end;
                }
            }
        }
        long[] added = new long[requests];
        for (int i = 0; i < requests; i++) added[i] = served[i] - direct[i];
        print("one request, of %d: served", requests, served);
        print("the same by the library", requests, direct);
        print("added by the server, pair by pair", requests, added);
        print("of which HTTP alone, as for /health", requests, empty);
    }

    private void print(String what, int count, long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        out.printf(Locale.ROOT, "%-36s median %6.2f ms, 99th %6.2f ms%n", what.formatted(count), sorted[count / 2] * 1e-6,
                sorted[(int) (count * 0.99)] * 1e-6);
    }

    private void throughput(int port, EmbeddingModel library) throws Exception {
        double served = 0;
        double direct = 0;
        serve(port, library, seconds); // until the compiler has finished
        embedAll(library, seconds);
        for (int round = 0; round < ROUNDS; round++) {
            double ofServer = serve(port, library, seconds);
            double ofLibrary = embedAll(library, seconds);
            out.printf(Locale.ROOT, "%d clients: %.0f tokens/s, embedAll of %d: %.0f tokens/s, ratio %.3f%n", clients, ofServer, clients,
                    ofLibrary, ofServer / ofLibrary);
            served += ofServer;
            direct += ofLibrary;
        }
        out.printf(Locale.ROOT, "ratio of all rounds: %.3f%n", served / direct);
    }

    private double serve(int port, EmbeddingModel library, int time) throws Exception {
        long start = System.nanoTime();
        long end = start + Duration.ofSeconds(time).toNanos();
        int tokens = library.countTokens(Input.literal(text(10)));
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().factory())) {
            List<Future<Integer>> counts = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                int first = 1000 * i;
                counts.add(threads.submit(() -> {
                    int done = 0;
                    try (PlainClient client = new PlainClient(port)) {
                        for (; System.nanoTime() < end; done++) {
                            PlainClient.Answer answer = client.post("/v1/embeddings", body(text(first + done % 1000)));
                            if (answer.status() != 200) throw new IOException("status " + answer.status() + ": " + answer.text());
                        }
                    }
                    return done;
                }));
            }
            long all = 0;
            for (Future<Integer> count : counts) all += count.get();
            return all * tokens / ((System.nanoTime() - start) * 1e-9);
        }
    }

    private double embedAll(EmbeddingModel library, int time) {
        long start = System.nanoTime();
        long end = start + Duration.ofSeconds(time).toNanos();
        int tokens = library.countTokens(Input.literal(text(10)));
        long all = 0;
        for (int round = 0; System.nanoTime() < end; round++) {
            List<Input> inputs = new ArrayList<>();
            for (int i = 0; i < clients; i++) inputs.add(Input.literal(text(1000 * i + round % 1000)));
            for (Embedding embedding : library.embedAll(inputs, ProgressListener.NONE)) all += embedding.tokens() > 0 ? tokens : 0;
        }
        return all / ((System.nanoTime() - start) * 1e-9);
    }
}
