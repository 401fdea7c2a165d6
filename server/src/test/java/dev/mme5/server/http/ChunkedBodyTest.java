package dev.mme5.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Bodies of unknown length, where the memory for requests is less than the largest body would need. */
class ChunkedBodyTest {
    private static int status(String body) throws Exception {
        Duration limit = Duration.ofSeconds(30);
        Gate gate = new Gate(true, Set.of(), Set.of(), ApiKeys.NONE);
        Route route = Route.of("POST", "/a", Dialect.OPENAI, call -> Reply.json(call.json().text("b")));
        HttpLimits limits = new HttpLimits(32 << 20, limit, limit, limit, 8 << 20);
        try (HttpFront front = new HttpFront(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), gate, limits, List.of(route),
                () -> null, (path, status, inputs, tokens, nanos) -> {}); HttpClient client = HttpClient.newHttpClient()) {
            front.start();
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + front.address().getPort() + "/a"))
                    .header("Content-Type", "application/json").version(HttpClient.Version.HTTP_1_1)
                    .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes))).build();
            return client.send(request, BodyHandlers.ofString()).statusCode();
        }
    }

    @Test
    void onlyLongOnesAreRefused() throws Exception {
        assertThat(status("{\"b\": \"c\"}")).isEqualTo(200);
        assertThat(status("{\"b\": \"" + "c".repeat(1 << 20) + "\"}")).isEqualTo(200);
        assertThat(status("{\"b\": \"" + "c".repeat(2 << 20) + "\"}")).isEqualTo(413);
    }
}
