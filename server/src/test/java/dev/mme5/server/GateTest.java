package dev.mme5.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.Options;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may ask. */
class GateTest {
    private static final String KEY = "a-secret-of-enough-letters";
    private static final String BODY = "{\"input\": \"a cat\"}";

    @TempDir
    private Path folder;

    private Path keys(String... lines) throws IOException {
        return Files.write(folder.resolve("keys"), List.of(lines));
    }

    @Test
    void aKeyIsNeededWhereThereAreKeys() throws Exception {
        Path keys = keys("# of the web shop", KEY, "", "another-key-of-someone-else");
        try (TestServer server = TestServer.start(options -> options.withKeyFile(keys))) {
            HttpResponse<String> without = server.post("/v1/embeddings", BODY);
            assertThat(without.statusCode()).isEqualTo(401);
            assertThat(without.headers().firstValue("WWW-Authenticate")).contains("Bearer");
            assertThat(without.body()).contains("invalid_api_key");
            for (String wrong : List.of("Bearer " + KEY + "x", "Bearer", "Bearer ", "Basic " + KEY, KEY, "Bearer # of the web shop")) {
                assertThat(server.send(server.json("/v1/embeddings", BODY).header("Authorization", wrong).build()).statusCode())
                        .isEqualTo(401);
            }
            for (String right : List.of("Bearer " + KEY, "bearer another-key-of-someone-else")) {
                assertThat(server.send(server.json("/v1/embeddings", BODY).header("Authorization", right).build()).statusCode())
                        .isEqualTo(200);
            }
            for (String path : List.of("/metrics", "/v1/models", "/info", "/library", "/library/files/x", "/library/thumbnails/x")) {
                assertThat(server.get(path).statusCode()).as(path).isEqualTo(401);
            }
            for (String path : List.of("/", "/health", "/ready", "/page/icon.svg")) {
                assertThat(server.get(path).statusCode()).as(path).isEqualTo(200);
            }
        }
    }

    @Test
    void anAddressForOtherMachinesNeedsKeys() throws IOException {
        ServerOptions open = ServerOptions.defaults().withPort(0).withHost("0.0.0.0");

        assertThatThrownBy(() -> EmbeddingServer.start(TestServer.MINI, Options.defaults(), open))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("need keys");
        EmbeddingServer.start(TestServer.MINI, Options.defaults(), open.withoutKeys(true)).close();
        EmbeddingServer.start(TestServer.MINI, Options.defaults(), open.withKeyFile(keys(KEY))).close();
    }

    @Test
    void aFileWithoutSecretsIsRefused() throws IOException {
        ServerOptions options = ServerOptions.defaults().withPort(0);
        Path empty = keys("# nothing");
        assertThatThrownBy(() -> EmbeddingServer.start(TestServer.MINI, Options.defaults(), options.withKeyFile(empty)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("has no key");
        Path weak = keys("1234");
        assertThatThrownBy(() -> EmbeddingServer.start(TestServer.MINI, Options.defaults(), options.withHost("0.0.0.0").withKeyFile(weak)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("at least 16").hasMessageNotContaining("1234");
        Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xFF, (byte) 0xFE, 0});
        assertThatThrownBy(() -> EmbeddingServer.start(TestServer.MINI, Options.defaults(), options.withKeyFile(binary)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("binary: expected keys in UTF-8");
        assertThatThrownBy(() -> EmbeddingServer.start(TestServer.MINI, Options.defaults(), options.withKeyFile(folder)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("found a folder");
    }

    /** Written on Windows: a byte order mark, and lines that end in two characters. */
    @Test
    void aKeyIsReadWithoutWhatEditorsAdd() throws Exception {
        Path file = Files.writeString(folder.resolve("keys"), "\uFEFF" + KEY + "\r\n\r\n  short \r\n");
        try (TestServer server = TestServer.start(options -> options.withKeyFile(file))) {
            for (String key : List.of(KEY, "short")) {
                assertThat(server.send(server.json("/v1/embeddings", BODY).header("Authorization", "Bearer " + key).build()).statusCode())
                        .as(key).isEqualTo(200);
            }
        }
    }

    @Test
    void pagesOfOthersMayNotAskUnlessAllowed() throws Exception {
        String mine = "https://shop.example";
        try (TestServer server = TestServer.start(options -> options.withOrigins(List.of(mine)))) {
            var allowed = server.send(server.json("/v1/embeddings", BODY).header("Origin", mine).build());
            var other = server.send(server.json("/v1/embeddings", BODY).header("Origin", "https://evil.example").build());
            var own = server.send(server.json("/v1/embeddings", BODY).header("Origin", server.server().address().toString()).build());
            var preflight = server.send(server.request("/v1/embeddings").header("Origin", mine)
                    .method("OPTIONS", java.net.http.HttpRequest.BodyPublishers.noBody()).build());

            assertThat(allowed.statusCode()).isEqualTo(200);
            assertThat(allowed.headers().firstValue("Access-Control-Allow-Origin")).contains(mine);
            assertThat(other.statusCode()).isEqualTo(403);
            assertThat(other.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
            assertThat(own.statusCode()).isEqualTo(200);
            assertThat(preflight.statusCode()).isEqualTo(204);
            assertThat(preflight.headers().firstValue("Access-Control-Allow-Methods").orElseThrow()).contains("POST");

            // OpenAI's client for JavaScript sends headers of its own.
            String wanted = "authorization,content-type,x-stainless-os";
            var asked = server.send(server.request("/v1/embeddings").header("Origin", mine).header("Access-Control-Request-Headers", wanted)
                    .method("OPTIONS", java.net.http.HttpRequest.BodyPublishers.noBody()).build());
            assertThat(asked.headers().firstValue("Access-Control-Allow-Headers")).contains(wanted);
        }
    }

    /** Names of the machine are not known there, but those that were allowed are all. */
    @Test
    void atOtherAddressesHostIsCheckedIfNamesAreAllowed() throws Exception {
        String request = "GET /health HTTP/1.1\r\nConnection: close\r\nHost: %s\r\n\r\n";
        try (TestServer server = TestServer.start(options -> options.withHost("0.0.0.0").withoutKeys(true))) {
            assertThat(server.raw(request.formatted("any.example"))).startsWith("HTTP/1.1 200");
            assertThat(server.server().address().toString()).startsWith("http://0.0.0.0:");
        }
        try (TestServer server =
                TestServer.start(options -> options.withHost("0.0.0.0").withoutKeys(true).withHosts(List.of("MME5.example")))) {
            assertThat(server.raw(request.formatted("mme5.example:80"))).startsWith("HTTP/1.1 200");
            assertThat(server.raw(request.formatted("localhost"))).startsWith("HTTP/1.1 200");
            assertThat(server.raw(request.formatted("any.example"))).startsWith("HTTP/1.1 421").contains("--allow-host");
        }
    }

    @Test
    void aProxysNameCanBeAllowed() throws Exception {
        try (TestServer server = TestServer.start(options -> options.withHosts(List.of("mme5.example")))) {
            String request = "GET /health HTTP/1.1\r\nConnection: close\r\nHost: %s\r\n\r\n";
            assertThat(server.raw(request.formatted("mme5.example"))).startsWith("HTTP/1.1 200");
            assertThat(server.raw(request.formatted("LOCALHOST:9"))).startsWith("HTTP/1.1 200");
            assertThat(server.raw(request.formatted("[::1]:80"))).startsWith("HTTP/1.1 200");
            assertThat(server.raw(request.formatted("other.example"))).startsWith("HTTP/1.1 421");
        }
    }
}
