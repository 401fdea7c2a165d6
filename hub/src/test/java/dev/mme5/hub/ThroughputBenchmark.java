package dev.mme5.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * How fast a large file comes from a server on the same machine, hashing included.
 *
 * <p>{@code ThroughputBenchmark serve FOLDER MB} makes a file, serves it and prints the address;
 * {@code ThroughputBenchmark load ENDPOINT CACHE CONNECTIONS ROUNDS} downloads it, in a process of its own so that its heap is
 * its own.
 */
final class ThroughputBenchmark {
    private ThroughputBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("serve")) {
            serve(Path.of(arguments[1]), Long.parseLong(arguments[2]));
        } else {
            load(URI.create(arguments[1]), Path.of(arguments[2]), Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4]));
        }
    }

    private static void serve(Path folder, long megabytes) throws Exception {
        Path file = Files.createDirectories(folder).resolve("served.safetensors");
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] block = new byte[1 << 20];
        Random random = new Random(1);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            for (long i = 0; i < megabytes; i++) {
                random.nextBytes(block);
                digest.update(block);
                channel.write(ByteBuffer.wrap(block));
            }
        }
        FakeHub hub = new FakeHub();
        hub.tinyModel(new byte[0]);
        hub.large("model.safetensors", file, Files.size(file), HexFormat.of().formatHex(digest.digest()));
        System.out.println(hub.endpoint());
        Thread.sleep(Long.MAX_VALUE);
    }

    private static void load(URI endpoint, Path cache, int connections, int rounds) throws IOException {
        HubSettings settings = HubSettings.of(Map.of("HF_ENDPOINT", endpoint.toString()), cache).withCache(cache);
        for (int i = 0; i < rounds; i++) {
            delete(cache);
            long start = System.nanoTime();
            Path folder = ModelHub.of(settings).download(ModelReference.parse("acme/tiny"),
                    DownloadOptions.defaults().withConnections(connections));
            double seconds = (System.nanoTime() - start) / 1e9;
            long bytes = Files.size(folder.resolve("model.safetensors"));
            System.out.printf(Locale.ROOT, "%.1f MB in %.2f s: %.0f MB/s; heap limit %d MB%n", bytes / 1e6, seconds, bytes / 1e6 / seconds,
                    Runtime.getRuntime().maxMemory() >> 20);
        }
        ModelHub hub = ModelHub.of(settings);
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            hub.find("acme/tiny").orElseThrow();
            System.out.printf(Locale.ROOT, "found in %.2f ms%n", (System.nanoTime() - start) / 1e6);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        try (var entries = Files.walk(folder)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) Files.delete(entry);
        }
    }
}
