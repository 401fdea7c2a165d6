package dev.mme5.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** {@link HttpFront} with a route whose answer waits for the test. */
@Isolated("measures time")
@Timeout(300)
class HttpFrontTest {
    private static final Duration LONG = Duration.ofMinutes(4);

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch mayAnswer = new CountDownLatch(1);

    private HttpFront front() throws IOException {
        return front(() -> null);
    }

    private HttpFront front(Supplier<Problem> notReady) throws IOException {
        Route slow = Route.of("GET", "/slow", Dialect.OPENAI, call -> {
            begun.countDown();
            mayAnswer.await();
            return Reply.json("{}");
        });
        HttpFront front = new HttpFront(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new Gate(true, Set.of(), Set.of(), ApiKeys.NONE), new HttpLimits(1 << 20, LONG, LONG, LONG, 8 << 20),
                List.of(slow, Route.always("/metrics", call -> Reply.json("{}"))),
                notReady, (path, status, inputs, tokens, nanos) -> {});
        front.start();
        return front;
    }

    private static Socket connect(HttpFront front) throws IOException {
        Socket socket = new Socket(front.address().getAddress(), front.address().getPort());
        socket.setSoTimeout((int) LONG.toMillis());
        return socket;
    }

    /** The head of the answer; empty if the connection ends without one. */
    private static String ask(Socket socket) throws IOException {
        return ask(socket, "/slow");
    }

    private static String ask(Socket socket, String path) throws IOException {
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void whileTheModelIsLoadedOnlyMetricsAreAnswered() throws Exception {
        try (HttpFront front = front(() -> Problem.unavailable(2, "loading", "the model is being loaded"));
                Socket metrics = connect(front);
                Socket slow = connect(front)) {
            assertThat(ask(metrics, "/metrics")).startsWith("HTTP/1.1 200");
            assertThat(ask(slow)).startsWith("HTTP/1.1 503").contains("\"code\":\"loading\"");
        }
    }

    @Test
    void whileItStopsOpenAndNewConnectionsAreRefused() throws Exception {
        try (HttpFront front = front();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Socket running = connect(front);
                Socket unused = connect(front)) {
            var answer = threads.submit(() -> ask(running));
            begun.await();
            var stop = threads.submit(() -> front.stop(LONG));
            while (!front.isStopping()) TimeUnit.MILLISECONDS.sleep(1);

            assertThat(ask(unused)).startsWith("HTTP/1.1 503").containsIgnoringCase("Retry-After: 1").contains("Connection: close");
            try (Socket later = connect(front)) {
                assertThat(ask(later)).startsWith("HTTP/1.1 503");
            }
            assertThat(stop.isDone()).isFalse();
            mayAnswer.countDown();
            assertThat(answer.get()).startsWith("HTTP/1.1 200").contains("Connection: close");
            assertThat(stop.get()).isTrue();
            assertThatNobodyListens(front);
        }
    }

    @Test
    void afterTheGraceARequestIsCutOff() throws Exception {
        try (HttpFront front = front();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Socket running = connect(front)) {
            var answer = threads.submit(() -> {
                try {
                    return ask(running);
                } catch (IOException e) {
                    return "";
                }
            });
            begun.await();

            assertThat(front.stop(Duration.ofMillis(400))).isFalse();
            assertThat(answer.get()).isEmpty();
            mayAnswer.countDown();
        }
    }

    /** Who does not finish a request cannot keep the server from stopping. */
    @Test
    void halfARequestDoesNotHoldItBack() throws Exception {
        try (HttpFront front = front(); Socket half = connect(front)) {
            half.getOutputStream().write("GET /slow HT".getBytes(StandardCharsets.US_ASCII));

            assertThat(front.stop(LONG)).isTrue();
            assertThatNobodyListens(front);
        }
    }

    private static void assertThatNobodyListens(HttpFront front) throws IOException {
        try (Socket socket = connect(front)) {
            throw new AssertionError("connected: " + socket);
        } catch (ConnectException expected) {
            // Closed, as it should be.
        }
    }
}
