package dev.mme5.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.hub.transfer.PartialFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Threads and processes that download the same model, and those that are killed or interrupted while they do. */
class SharingTest extends HubTestBase {
    private static final long LARGE_CHUNK = 1 << 20;

    /** How often a process is killed; 100 and more with {@code -Dmme5.kills=100}. */
    private static final int KILLS = Integer.getInteger("mme5.kills", 6);

    @Test
    void threadsThatWantTheSameFileFetchItOnce() throws Exception {
        slow(5);
        try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
            List<Future<Path>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) all.add(pool.submit(() -> download()));
            for (Future<Path> one : all) assertThat(downloaded(one.get())).isEqualTo(weights);
        }
        assertThat(server.storageBytes.get()).isEqualTo(weights.length);
        assertThat(notices).anyMatch(line -> line.contains("another download fetches it; waiting"));
    }

    @Test
    void processesThatWantTheSameFileFetchItOnce() throws Exception {
        slow(10);
        List<Process> children = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) children.add(child(CHUNK));

            for (Process child : children) assertThat(child.waitFor()).isZero();
        } finally {
            children.forEach(Process::destroyForcibly);
        }
        assertThat(server.storageBytes.get()).isEqualTo(weights.length);
        assertThat(downloaded(hub().find(TINY).orElseThrow())).isEqualTo(weights);
    }

    /** A byte that came is not asked for again. */
    @Tag("thorough")
    @Test
    void hundredInterruptionsLoseNothing() throws Exception {
        slow(10);
        Random random = new Random(11);
        int interrupted = 0;
        while (interrupted < 100 && hub().find(TINY).isEmpty()) {
            Throwable[] failure = {null};
            Thread worker = Thread.ofPlatform().start(() -> {
                try {
                    download();
                } catch (Throwable e) {
                    failure[0] = e;
                }
            });
            worker.join(5 + random.nextInt(30));
            worker.interrupt();
            worker.join();
            if (failure[0] != null) assertThat(failure[0]).isInstanceOf(DownloadCancelledException.class);
            interrupted++;
        }

        server.fault = (request, normal, isStorage) -> normal;
        assertThat(downloaded(download())).isEqualTo(weights);
        assertThat(interrupted).isGreaterThan(3);
        assertThat(server.storageBytes.get()).isLessThan(weights.length + interrupted * 4 * CHUNK);
    }

    /**
     * Real processes, killed by the system at random moments; each goes on where the last one was. What a server has sent and a killed
     * process has not read is in the sockets' buffers, as much as the system likes, so the bytes that are asked for are counted.
     */
    @Test
    void killedProcessesAreResumed() throws Exception {
        weights = new byte[8_000_001];
        new Random(5).nextBytes(weights);
        server.large("model.safetensors", weights);
        slow(2);
        Random random = new Random(13);
        Path blob = cache.resolve("models--acme--tiny/blobs/" + server.files.get("model.safetensors").etag());
        int killed = 0;
        long recorded = 0;
        while (killed < KILLS && hub().find(TINY).isEmpty()) {
            long before = server.storageBytes.get();
            Process child = child(LARGE_CHUNK);
            long limit = before + random.nextLong(2 * weights.length / KILLS);
            try {
                while (child.isAlive() && (server.storageBytes.get() < limit || server.storageBytes.get() == before)) {
                    child.waitFor(1, TimeUnit.MILLISECONDS);
                }
            } finally {
                child.destroyForcibly();
            }
            child.waitFor();
            killed++;
            long now = Files.exists(blob) ? weights.length : PartialFile.bytesPresent(blob);
            assertThat(now).as("bytes recorded after kill %d", killed).isGreaterThanOrEqualTo(recorded);
            recorded = now;
        }

        server.forgetRequests();
        assertThat(downloaded(ModelHub.of(settings(), LARGE_CHUNK).download(TINY, options()))).isEqualTo(weights);
        assertThat(recorded).isPositive();
        assertThat(server.storageBytes.get()).isEqualTo(weights.length - recorded);
    }

    @Test
    void interruptedThreadIsToldSo() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(this::download).isInstanceOf(DownloadCancelledException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    private void slow(int millis) {
        server.fault = (request, normal, isStorage) -> {
            if (isStorage) normal.pauseMillis = millis;
            return normal;
        };
    }

    private Process child(long chunk) throws IOException {
        List<String> command = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC", "-Xmx64m", "-cp", classPath(), "dev.mme5.hub.ChildDownload", server.endpoint().toString(),
                cache.toString(), Long.toString(chunk));
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    }

    /** Of this module, json and the tests, whether they are modules here or not. */
    private static String classPath() {
        return String.join(java.io.File.pathSeparator, location(ModelHub.class), location(SharingTest.class),
                location(dev.mme5.json.JsonReader.class));
    }

    private static String location(Class<?> type) {
        return Path.of(java.net.URI.create(type.getResource(type.getSimpleName() + ".class").toString()
                .replaceAll("^jar:|!/dev/mme5.*$|/dev/mme5/.*$", ""))).toString();
    }
}
