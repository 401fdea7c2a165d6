package dev.mme5.benchmarks.serve;

import dev.mme5.engine.image.PngEncoder;
import dev.mme5.engine.image.raster.RgbImage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** 64 clients that each send an image of 12 megapixels at the same time: every one is answered with 200 or 503. */
final class LargeImages {
    private static final int CLIENTS = 64;
    private static final int WIDTH = 4000;
    private static final int HEIGHT = 3000;

    private final int port;
    private final PrintStream out;

    LargeImages(int port, PrintStream out) {
        this.port = port;
        this.out = out;
    }

    /** Whether it held. */
    boolean run() throws Exception {
        byte[] body = body(WIDTH, HEIGHT);
        long start = System.nanoTime();
        Map<String, Integer> outcomes = new TreeMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                answers.add(threads.submit(() -> {
                    try (PlainClient client = new PlainClient(port)) {
                        client.write(PlainClient.head("/v1/embeddings", body.length));
                        client.write(body);
                        return Integer.toString(client.read().status());
                    } catch (IOException e) {
                        return e.toString();
                    }
                }));
            }
            for (Future<String> answer : answers) outcomes.merge(answer.get(), 1, Integer::sum);
        }
        out.printf("%d clients with images of %d x %d, %.1f MB each, heap of %d MB: %s in %.0f s%n", CLIENTS, WIDTH, HEIGHT, body.length * 1e-6,
                Runtime.getRuntime().maxMemory() >> 20, outcomes, (System.nanoTime() - start) * 1e-9);
        return outcomes.keySet().stream().allMatch(outcome -> outcome.equals("200") || outcome.equals("503"));
    }

    /** A request with a soft gradient, which compresses as well as a drawing. */
    static byte[] body(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int i = 3 * (y * width + x);
                rgb[i] = (byte) (255 * x / width);
                rgb[i + 1] = (byte) (255 * y / height);
                rgb[i + 2] = (byte) ((x * y >> 10) * 37 % 64);
            }
        }
        String image = Base64.getEncoder().encodeToString(PngEncoder.encode(new RgbImage(width, height, rgb)));
        return ("{\"input\":[{\"image\":\"" + image + "\"}]}").getBytes(StandardCharsets.US_ASCII);
    }
}
