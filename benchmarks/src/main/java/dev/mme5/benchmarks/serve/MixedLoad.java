package dev.mme5.benchmarks.serve;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Many clients, some of them hostile. What is asked rightly must have the library's bits; nothing may grow. */
final class MixedLoad {
    private static final int CLIENTS = 64;
    private static final int KNOWN = 64;
    private static final Pattern BASE64 = Pattern.compile("\"embedding\":\"([A-Za-z0-9+/=]+)\"");

    private final int port;
    private final PrintStream out;
    private final List<byte[]> bodies = new ArrayList<>();
    private final List<float[]> expected = new ArrayList<>();
    private final Map<String, LongAdder> outcomes = new ConcurrentHashMap<>();
    private final AtomicInteger wrongBits = new AtomicInteger();
    private final AtomicInteger wrongStatus = new AtomicInteger();

    MixedLoad(int port, EmbeddingModel library, Path model, PrintStream out) throws IOException {
        this.port = port;
        this.out = out;
        for (int i = 0; i < KNOWN; i++) {
            String text = "text " + i + " with some words " + "more ".repeat(i % 20);
            bodies.add(("{\"encoding_format\":\"base64\",\"input\":\"" + text + "\"}").getBytes(StandardCharsets.UTF_8));
            expected.add(library.embed(Input.literal(text)).values());
        }
        Path gallery = model.resolve("gallery");
        for (Path file : Files.isDirectory(gallery) ? List.of(gallery.resolve("castle.png"), gallery.resolve("anchor.png")) : List.<Path>of()) {
            String image = Base64.getEncoder().encodeToString(Files.readAllBytes(file));
            bodies.add(("{\"encoding_format\":\"base64\",\"input\":[{\"image\":\"" + image + "\"}]}").getBytes(StandardCharsets.UTF_8));
            expected.add(library.embed(Input.image(file)).values());
        }
    }

    /** Whether it held. */
    boolean run(int seconds) throws Exception {
        attack(Math.max(2, seconds / 10));
        long[] before = usage();
        attack(seconds);
        long[] after = usage();
        new TreeMap<>(outcomes).forEach((outcome, count) -> out.printf("%-44s %8d%n", outcome, count.sum()));
        out.printf("wrong bits %d, wrong status %d; before and after: heap %d and %d kB, threads %d and %d, descriptors %d and %d%n",
                wrongBits.get(), wrongStatus.get(), before[0] >> 10, after[0] >> 10, before[1], after[1], before[2], after[2]);
        boolean grew = after[0] > before[0] + (8 << 20) || after[1] > before[1] + 4 || after[2] > before[2] + 8;
        return wrongBits.get() == 0 && wrongStatus.get() == 0 && !grew;
    }

    /** Heap without garbage, threads, descriptors; after what was closed has been noticed. */
    private static long[] usage() throws InterruptedException {
        Thread.sleep(Duration.ofSeconds(8));
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(200);
        }
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        long descriptors = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
        return new long[] {heap, ManagementFactory.getThreadMXBean().getThreadCount(), descriptors};
    }

    private void attack(int seconds) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CLIENTS; i++) {
                SplittableRandom random = new SplittableRandom(i);
                threads.submit(() -> {
                    while (System.nanoTime() < end) act(random);
                });
            }
        }
    }

    private void act(SplittableRandom random) {
        String what = "connect";
        try (PlainClient client = new PlainClient(port)) {
            for (int i = 0; i < 20 && client.isOpen(); i++) {
                int kind = random.nextInt(100);
                what = kind < 70 ? "right" : kind < 80 ? "wrong" : "hostile";
                if (kind < 70) right(client, random.nextInt(bodies.size()));
                else if (kind < 80) wrong(client, random);
                else if (!hostile(client, random)) return;
            }
        } catch (IOException e) {
            count(what + ": connection closed");
            if (what.equals("right")) wrongStatus.incrementAndGet();
        }
    }

    private void count(String outcome) {
        outcomes.computeIfAbsent(outcome, key -> new LongAdder()).increment();
    }

    private void right(PlainClient client, int which) throws IOException {
        PlainClient.Answer answer = client.post("/v1/embeddings", bodies.get(which));
        count("right: " + answer.status());
        if (answer.status() == 503 || answer.status() == 429) return;
        if (answer.status() != 200) wrongStatus.incrementAndGet();
        Matcher vector = BASE64.matcher(answer.text());
        if (answer.status() == 200 && !(vector.find() && Arrays.equals(floats(vector.group(1)), expected.get(which)))) wrongBits.incrementAndGet();
    }

    private static float[] floats(String base64) {
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    private void wrong(PlainClient client, SplittableRandom random) throws IOException {
        String[] requests = {"{\"input\":5}", "{\"input\":[1,2,\"x\"]}", "{}", "[]", "{\"input\":\"a\",\"dimensions\":\"x\"}", "{\"input\":\"a\"",
                "[".repeat(100_000), "{\"input\":{\"image\":\"http://x/y\"}}", "{\"input\":{\"image\":\"" + bomb() + "\"}}",
                "{\"input\":[" + "[],".repeat(20_000) + "[]]}", "{\"input\":{\"image\":\"AAAA\"}}"};
        PlainClient.Answer answer = client.post("/v1/embeddings", requests[random.nextInt(requests.length)].getBytes(StandardCharsets.UTF_8));
        count("wrong: " + answer.status());
        if (answer.status() != 400 && answer.status() != 413 && answer.status() != 503) wrongStatus.incrementAndGet();
    }

    /** A PNG that says that it has ten thousand million pixels. */
    private static String bomb() {
        ByteBuffer png = ByteBuffer.allocate(45);
        png.put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'}).putInt(13).put("IHDR".getBytes(StandardCharsets.US_ASCII));
        png.putInt(100_000).putInt(100_000).put(new byte[] {8, 2, 0, 0, 0});
        java.util.zip.CRC32 crc = new java.util.zip.CRC32();
        crc.update(png.array(), 12, 17);
        png.putInt((int) crc.getValue()).putInt(0).put("IEND".getBytes(StandardCharsets.US_ASCII)).putInt(0xAE426082);
        return Base64.getEncoder().encodeToString(png.array());
    }

    /** Whether the connection may be used again. */
    private boolean hostile(PlainClient client, SplittableRandom random) throws IOException {
        byte[] body = bodies.get(random.nextInt(bodies.size()));
        switch (random.nextInt(6)) {
            case 0 -> { // ends in the middle
                client.write(PlainClient.head("/v1/embeddings", body.length));
                client.write(Arrays.copyOf(body, body.length / 2));
                count("hostile: cut off");
            }
            case 1 -> { // goes away before the answer
                client.write(PlainClient.head("/v1/embeddings", body.length));
                client.write(body);
                count("hostile: gone");
            }
            case 2 -> { // does not go on
                if (random.nextInt(20) > 0) return true;
                client.write(PlainClient.head("/v1/embeddings", body.length));
                client.write(Arrays.copyOf(body, body.length / 2));
                try {
                    client.read();
                } catch (IOException e) {
                    count("hostile: too slow, dropped");
                }
            }
            case 3 -> {
                client.write(("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(200_000) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                count("hostile: huge header");
            }
            case 4 -> {
                byte[] noise = new byte[500];
                for (int i = 0; i < noise.length; i++) noise[i] = (byte) random.nextInt(256);
                client.write(noise);
                count("hostile: noise");
            }
            default -> {
                client.write("POST /v1/embeddings HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                int status = client.read().status();
                count("hostile: other host " + status);
                if (status != 421) wrongStatus.incrementAndGet();
                return client.isOpen();
            }
        }
        return false;
    }
}
