package dev.mme5.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Ends, limits and clients that go away. */
@Isolated("measures time")
class StopTest {
    private static String many(int count) {
        StringBuilder body = new StringBuilder("{\"dimensions\": 2, \"input\": [");
        for (int i = 0; i < count; i++)
            body.append(i == 0 ? "" : ",").append("\"some words of a text that has the number ").append(i).append('"');
        return body.append("]}").toString();
    }

    private static void await(String what, java.util.concurrent.Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
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
            assertThat(server.server().stop(Duration.ofSeconds(120))).isTrue();
        }
        assertThat(cut).isEmpty();
        assertThat(seen).contains("200").isSubsetOf("200", "503", "gone");
    }

    /** Sends a request by a connection that is open, and returns the status line of the answer; empty if there was none. */
    private static String ask(Socket socket) throws IOException {
        socket.setSoTimeout(60_000);
        send(socket, "/v1/embeddings", many(1));
        return TestServer.rest(socket.getInputStream()).lines().findFirst().orElse("");
    }

    /** Each request has a connection of its own, so that many of them are in the kernel's queue at any moment. */
    @Test
    void newConnectionsAreAnsweredRefusedOrNotAccepted() throws Exception {
        Set<String> seen = ConcurrentHashMap.newKeySet();
        TestServer server = TestServer.start(options -> options);
        try (server; ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 32; i++) {
                clients.submit(() -> {
                    for (String line = ""; !line.contains(" 503 ");) {
                        try (Socket socket = new Socket("127.0.0.1", server.port())) {
                            line = ask(socket);
                            seen.add(line);
                        } catch (ConnectException e) {
                            return;
                        } catch (IOException e) {
                            seen.add(e.toString());
                        }
                    }
                });
            }
            await("answers", () -> !seen.isEmpty());
            assertThat(server.server().stop(Duration.ofSeconds(60))).isTrue();
        }
        assertThat(seen).allMatch(line -> line.matches("HTTP/1.1 (200 OK|503 Service Unavailable)"));
    }

    @Test
    void aFullQueueSaysWhenToTryAgain() throws Exception {
        try (TestServer server = TestServer.start(options -> options.withMaxQueue(1));
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            AtomicBoolean isDone = new AtomicBoolean();
            clients.submit(() -> {
                while (!isDone.get()) server.post("/v1/embeddings", many(2000));
                return null;
            });
            AtomicReference<HttpResponse<String>> refused = new AtomicReference<>();
            try {
                await("the queue is full", () -> {
                    refused.set(server.post("/v1/embeddings", many(1)));
                    return refused.get().statusCode() == 429;
                });
            } finally {
                isDone.set(true);
            }

            assertThat(Integer.parseInt(refused.get().headers().firstValue("Retry-After").orElseThrow())).isBetween(1, 60);
            assertThat(refused.get().body()).contains("rate_limit_error");
        }
    }

    @Test
    void aQueryDoesNotWaitForThousandsOfTexts() throws Exception {
        try (TestServer server = TestServer.start(options -> options);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> bulk = new ArrayList<>();
            for (int i = 0; i < 6; i++) bulk.add(clients.submit(() -> server.post("/v1/embeddings", many(2048)).statusCode()));
            await("the bulk is computed", () -> metric(server, "mme5_inputs_total") > 0);
            assertThat(server.post("/v1/embeddings", many(1)).statusCode()).isEqualTo(200);

            assertThat(bulk).anyMatch(each -> !each.isDone());
            for (Future<Integer> each : bulk) assertThat(each.get()).isEqualTo(200);
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

    private static void send(Socket socket, String path, String body) throws IOException {
        socket.getOutputStream().write(("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void clientsThatGoAwayAreDropped() throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/net/tcp")));
        try (TestServer server = TestServer.start(options -> options)) {
            int clients = 4;
            for (int i = 0; i < clients; i++) {
                try (Socket socket = new Socket("127.0.0.1", server.port())) {
                    send(socket, "/v1/embeddings", many(2048));
                }
            }
            await("it is counted", () -> server.get("/metrics").body().contains("status=\"499\"} " + clients));

            assertThat(metric(server, "mme5_requests_queued")).isZero();
            assertThat(metric(server, "mme5_inputs_total")).isLessThan(clients * 2048);
            assertThat(server.post("/v1/embeddings", many(1)).statusCode()).isEqualTo(200);
        }
    }

    /** The answer is larger than what the kernel takes of it. */
    @Test
    void aSlowReaderIsDropped() throws Exception {
        try (TestServer server = TestServer.start(options -> options.withSendTimeout(Duration.ofSeconds(1)));
                Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4096);
            socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
            send(socket, "/tokenize", "{\"inputs\": \"" + "a b c ".repeat(200_000) + "\"}");
            await("it is dropped", () -> server.get("/metrics").body().contains("route=\"/tokenize\",status=\"499\"} 1"));
        }
    }
}
