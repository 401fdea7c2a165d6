package dev.mme5.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Ends, limits and clients that go away. */
class StopTest {
    private static String many(int count) {
        StringBuilder body = new StringBuilder("{\"dimensions\": 2, \"input\": [");
        for (int i = 0; i < count; i++)
            body.append(i == 0 ? "" : ",").append("\"some words of a text that has the number ").append(i).append('"');
        return body.append("]}").toString();
    }

    private static void await(String what, java.util.concurrent.Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.call()) {
            if (System.nanoTime() > end) throw new AssertionError("did not happen: " + what);
            Thread.sleep(10);
        }
    }

    private static double metric(TestServer server, String name) throws Exception {
        return server.get("/metrics").body().lines().filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1))).findFirst().orElse(-1);
    }

    @Test
    void underLoadEveryAcceptedRequestIsAnsweredOrRefused() throws Exception {
        Set<String> seen = ConcurrentHashMap.newKeySet();
        List<Throwable> cut = new ArrayList<>();
        TestServer server = TestServer.start(options -> options);
        try (server; ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 16; i++) {
                clients.submit(() -> {
                    try {
                        while (true) {
                            int status = server.post("/v1/embeddings", many(3)).statusCode();
                            seen.add(Integer.toString(status));
                            if (status == 503) return; // it says when to come again
                        }
                    } catch (ConnectException e) {
                        seen.add("gone");
                    } catch (IOException | InterruptedException e) {
                        synchronized (cut) {
                            cut.add(e);
                        }
                    }
                });
            }
            await("answers", () -> seen.contains("200"));
            assertThat(server.server().stop(Duration.ofSeconds(20))).isTrue();
        }
        assertThat(cut).isEmpty();
        assertThat(seen).contains("200").isSubsetOf("200", "503", "gone");
    }

    @Test
    void aFullQueueSaysWhenToTryAgain() throws Exception {
        try (TestServer server = TestServer.start(options -> options.withMaxQueue(1));
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            clients.submit(() -> server.post("/v1/embeddings", many(2000)));
            await("the queue is full", () -> metric(server, "mme5_requests_queued") == 1);
            var refused = server.post("/v1/embeddings", many(1));

            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(Integer.parseInt(refused.headers().firstValue("Retry-After").orElseThrow())).isBetween(1, 60);
            assertThat(refused.body()).contains("rate_limit_error");
        }
    }

    @Test
    void aQueryDoesNotWaitForThousandsOfTexts() throws Exception {
        try (TestServer server = TestServer.start(options -> options);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var bulk = clients.submit(() -> server.post("/v1/embeddings", many(2048)).statusCode());
            await("the bulk is computed", () -> metric(server, "mme5_inputs_total") > 0);
            assertThat(server.post("/v1/embeddings", many(1)).statusCode()).isEqualTo(200);

            assertThat(bulk.isDone()).isFalse();
            assertThat(bulk.get()).isEqualTo(200);
        }
    }

    @Test
    void whatIsNotDoneInTimeIsRefused() throws Exception {
        try (TestServer server = TestServer.start(options -> options.withTimeout(Duration.ofMillis(200)))) {
            var late = server.post("/v1/embeddings", many(2048));
            assertThat(late.statusCode()).isEqualTo(503);
            assertThat(late.body()).contains("time limit");
            await("nothing is computed", () -> metric(server, "mme5_requests_queued") == 0);
        }
    }

    @Test
    void aClientThatGoesAwayIsDropped() throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(java.nio.file.Files.exists(java.nio.file.Path.of("/proc/net/tcp")));
        try (TestServer server = TestServer.start(options -> options)) {
            String body = many(2048);
            try (Socket socket = new Socket("127.0.0.1", server.port())) {
                socket.getOutputStream()
                        .write(("POST /v1/embeddings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                                + body.length() + "\r\n\r\n" + body).getBytes(StandardCharsets.ISO_8859_1));
                await("it is computed", () -> metric(server, "mme5_requests_queued") == 1);
            }
            double before = metric(server, "mme5_inputs_total");
            await("it is dropped", () -> metric(server, "mme5_requests_queued") == 0);

            await("it is counted", () -> server.get("/metrics").body().contains("status=\"499\"} 1"));
            assertThat(before).isLessThan(2048);
            assertThat(server.post("/v1/embeddings", many(1)).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aSlowReaderIsDropped() throws Exception {
        try (TestServer server = TestServer.start(options -> options.withSendTimeout(Duration.ofSeconds(1)))) {
            String body = many(2048).replace("\"dimensions\": 2, ", "");
            try (Socket socket = new Socket()) {
                socket.setReceiveBufferSize(4096);
                socket.connect(new java.net.InetSocketAddress("127.0.0.1", server.port()));
                socket.getOutputStream()
                        .write(("POST /v1/embeddings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                                + body.length() + "\r\n\r\n" + body).getBytes(StandardCharsets.ISO_8859_1));
                await("it is dropped", () -> server.get("/metrics").body().contains("status=\"499\"} 1"));
            }
        }
    }
}
