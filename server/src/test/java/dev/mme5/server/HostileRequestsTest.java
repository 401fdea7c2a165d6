package dev.mme5.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that no client should send. After each, the server answers as before. */
class HostileRequestsTest {
    private static final String HOST = "Host: localhost\r\n";
    private static final String POST = "POST /v1/embeddings HTTP/1.1\r\n" + HOST + "Content-Type: application/json\r\n";

    private static TestServer server;

    /** With a short time for requests to arrive: too short for others on a machine with much to do. */
    private static TestServer impatient;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start(options -> options.withMaxBody(1 << 20));
        impatient = TestServer.start(options -> options.withReceiveTimeout(Duration.ofSeconds(1)));
    }

    @AfterAll
    static void stop() {
        server.close();
        impatient.close();
    }

    @AfterEach
    void stillAnswers() throws Exception {
        assertThat(server.post("/v1/embeddings", "{\"input\": \"a cat\"}").statusCode()).isEqualTo(200);
    }

    private static String length(int bytes) {
        return "Content-Length: " + bytes + "\r\n\r\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n\r\n", "GET\r\n\r\n", "GET /health\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\n\r\n\r\n"})
    void whatIsNoHttpIsRefused(String bytes) throws IOException {
        assertThat(impatient.raw(bytes)).satisfiesAnyOf(
                answer -> assertThat(answer).isEmpty(), answer -> assertThat(answer).startsWith("HTTP/1.1 400"));
    }

    @Test
    void twoLengthsAreRefused() throws IOException {
        assertThat(server.raw(POST + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef")).startsWith("HTTP/1.1 400");
        assertThat(server.raw(POST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")).startsWith("HTTP/1.1 400");
        assertThat(server.raw(POST + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n")).startsWith("HTTP/1.1 501");
        assertThat(server.raw(POST + "Content-Length : 5\r\n\r\nabcde")).startsWith("HTTP/1.1 400");
        assertThat(server.raw(POST + "Content-Length: +5\r\n\r\nabcde")).startsWith("HTTP/1.1 400");
        assertThat(server.raw(POST + "Content-Length: -5\r\n\r\nabcde")).startsWith("HTTP/1.1 400");
    }

    @Test
    void compressedBodiesAreRefused() throws IOException {
        assertThat(server.raw(POST + "Connection: close\r\nContent-Encoding: gzip\r\n" + length(5) + "abcde")).startsWith("HTTP/1.1 415")
                .contains("expected no Content-Encoding, found gzip");
        assertThat(server.raw(POST + "Connection: close\r\nContent-Encoding: identity\r\n" + length(13) + "{\"input\":\"a\"}"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void hostMustBeThere() throws IOException {
        assertThat(server.raw("GET /health HTTP/1.1\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 400");
        assertThat(server.raw("GET /health HTTP/1.1\r\nConnection: close\r\nHost: a\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 400");
        assertThat(server.raw("GET /health HTTP/1.1\r\nConnection: close\r\nHost: localhost.evil.com\r\n\r\n")).startsWith("HTTP/1.1 421");
        assertThat(server.raw("GET /health HTTP/1.1\r\nConnection: close\r\nHost: 127.0.0.1.evil.com:80\r\n\r\n"))
                .startsWith("HTTP/1.1 421");
    }

    @Test
    void hostOfAWholeAddressIsCheckedToo() throws IOException {
        String rest = "/health HTTP/1.1\r\nConnection: close\r\n" + HOST + "\r\n";
        assertThat(server.raw("GET http://localhost:80" + rest)).startsWith("HTTP/1.1 200");
        assertThat(server.raw("GET http://evil.example" + rest)).startsWith("HTTP/1.1 421");
        assertThat(server.raw("GET //evil.example" + rest)).startsWith("HTTP/1.1 421");
    }

    @Test
    void hugeHeadersEndTheConnection() throws IOException {
        assertThat(server.raw("GET /health HTTP/1.1\r\n" + HOST + "X: " + "a".repeat(100_000) + "\r\n\r\n")).doesNotContain("200 OK");
        assertThat(server.raw("GET /health HTTP/1.1\r\n" + HOST + "X: a\r\n".repeat(10) + "Y%d: b\r\n".repeat(1) + many(300) + "\r\n"))
                .doesNotContain("200 OK");
        assertThat(server.raw("GET /" + "a".repeat(100_000) + " HTTP/1.1\r\n" + HOST + "\r\n")).doesNotContain("200 OK");
    }

    /** The limits of docs/SERVER.md. The request has a Host and a Connection besides. */
    @Test
    void headersBeyondTheLimitsHaveNoAnswer() throws IOException {
        String get = "GET /health HTTP/1.1\r\nConnection: close\r\n" + HOST;
        assertThat(server.raw(get + many(98) + "\r\n")).startsWith("HTTP/1.1 200");
        assertThat(server.raw(get + many(99) + "\r\n")).isEmpty();
        assertThat(server.raw(get + "X: " + "a".repeat(32_000) + "\r\n\r\n")).startsWith("HTTP/1.1 200");
        assertThat(server.raw(get + "X: " + "a".repeat(32_768) + "\r\n\r\n")).isEmpty();
        assertThat(server.raw("GET /" + "a".repeat(70_000) + " HTTP/1.1\r\n" + HOST + "\r\n")).isEmpty();
    }

    /** By Java's server, before that of mme5 sees the request, as docs/SERVER.md says. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
            GET /%zz HTTP/1.1                                                                    | 400 Bad Request
            GET /health HTTP/1.1\\r\\nContent-Length: 99999999999999999999                        | 400 Bad Request
            GET /health HTTP/1.1\\r\\nContent-Length: 1\\r\\nContent-Length: 1                     | 400 Bad Request
            GET /health HTTP/1.1\\r\\nTransfer-Encoding: gzip                                     | 501 Not Implemented
            OPTIONS * HTTP/1.1                                                                   | 404 Not Found
            """)
    void whatCannotBeReadIsAnsweredWithALineOfHtml(String request, String status) throws IOException {
        assertThat(server.raw(request.translateEscapes() + "\r\n" + HOST + "\r\n"))
                .startsWith("HTTP/1.1 " + status).contains("Connection: close").contains("<h1>" + status + "</h1>")
                .doesNotContain("dev.mme5");
    }

    private static String many(int count) {
        StringBuilder headers = new StringBuilder();
        for (int i = 0; i < count; i++) headers.append("X").append(i).append(": a\r\n");
        return headers.toString();
    }

    @Test
    void aBodyThatEndsEarlyIsRefused() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream().write((POST + length(100) + "{\"input\"").getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            socket.setSoTimeout(60_000);

            assertThat(TestServer.rest(socket.getInputStream())).startsWith("HTTP/1.1 400").contains("ends early");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\nabc", "-5\r\n{\"inp", "FFFFFFFFFFFFFFFFF\r\n{", "5\r\n{\"inpXX9\r\nuts", "FFFFFFFF\r\n{\"inp",
        "80000000\r\n{",
        "2\r\n{}\r\n0\r\nTrailer: 1\r\n\r\n"})
    void chunksThatCannotBeReadAreRefused(String chunks) throws IOException {
        assertThat(server.raw(POST + "Transfer-Encoding: chunked\r\n\r\n" + chunks)).startsWith("HTTP/1.1 400").contains("chunks");
    }

    /** The JDK's server takes this size for 0: what follows it is not the next request. */
    @Test
    void nothingAfterChunksIsARequest() throws IOException {
        String answers = server.raw(POST + "Transfer-Encoding: chunked\r\n\r\n100000000\r\n\r\nGET /metrics HTTP/1.1\r\n" + HOST + "\r\n");
        assertThat(answers.split("HTTP/1.1 ")).hasSize(2);
    }

    /** More of them than the server has connections: each must be forgotten. */
    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "OPTIONS"})
    void bodiesThatEndEarlyTakeNoConnection(String method) throws Exception {
        for (int i = 0; i < 1_100; i++) {
            try (Socket socket = new Socket("127.0.0.1", server.port())) {
                socket.getOutputStream().write(
                        (method + " /health HTTP/1.1\r\n" + HOST + "Content-Length: 1\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
                socket.shutdownOutput();
                socket.setSoTimeout(60_000);
                TestServer.rest(socket.getInputStream());
            }
        }

        assertThat(server.get("/health").statusCode()).isEqualTo(200);
    }

    @Test
    void aSlowBodyIsDropped() throws Exception {
        assertThat(impatient.raw(POST + length(100) + "{\"input\"")).doesNotContain("200 OK").doesNotContain("still open");
    }

    @Test
    void slowHeadersAreDropped() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", impatient.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write("GET /health HTTP/1.1\r\n".getBytes(StandardCharsets.ISO_8859_1));
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        Thread.sleep(200);
                        socket.getOutputStream().write("X: y\r\n".getBytes(StandardCharsets.ISO_8859_1));
                    }
                } catch (IOException | InterruptedException e) {
                    // Dropped, as it should be.
                }
            });
            assertThat(TestServer.rest(socket.getInputStream())).isEmpty();
            sender.interrupt();
        }
    }

    @Test
    void tooLargeIsSaidBeforeTheBodyIsSent() throws IOException {
        String limit = "limit of 1048576";

        assertThat(server.raw(POST + "Connection: close\r\n" + length(50 << 20), limit)).startsWith("HTTP/1.1 413").contains(limit);
    }

    @Test
    void tooLargeIsSaidToWhoSendsItAll() throws Exception {
        assertThat(server.post("/v1/embeddings", "{\"input\": \"" + "a".repeat(3 << 20) + "\"}").statusCode()).isEqualTo(413);
    }

    @Test
    void tooLargeInChunksIsRefused() throws IOException {
        String chunk = "10000\r\n" + "a".repeat(0x10000) + "\r\n";
        assertThat(server.raw(POST + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(32) + "0\r\n\r\n")).startsWith("HTTP/1.1 413");
    }

    @Test
    void chunksAreRead() throws IOException {
        String body = "{\"input\":\"a cat\",\"dimensions\":2}";
        String chunks = Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
        assertThat(server.raw(POST + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)).startsWith("HTTP/1.1 200");
    }

    @Test
    void expectContinueIsAnswered() throws IOException {
        String body = "{\"input\":\"a cat\",\"dimensions\":2}";
        assertThat(server.raw(POST + "Connection: close\r\nExpect: 100-continue\r\n" + length(body.length()) + body))
                .startsWith("HTTP/1.1 100 Continue").contains("HTTP/1.1 200 OK");
    }

    @Test
    void deepJsonIsRefused() throws Exception {
        assertThat(server.post("/v1/embeddings", "[".repeat(500_000)).statusCode()).isEqualTo(400);
        assertThat(server.post("/v1/embeddings", "{\"input\":".repeat(50_000)).statusCode()).isEqualTo(400);
    }

    @Test
    void whatIsNotUtf8IsRefused() throws Exception {
        assertThat(server.raw(POST + "Connection: close\r\n" + length(14) + "{\"input\":\"\u00ff\u00fe\"}")).startsWith("HTTP/1.1 400");
    }

    @Test
    void aBodyMustSayThatItIsJson() throws IOException {
        String body = "{\"input\":\"a cat\"}";
        assertThat(server
                .raw("POST /v1/embeddings HTTP/1.1\r\nConnection: close\r\n" + HOST + "Content-Type: text/plain\r\n" + length(body.length())
                        + body))
                .startsWith("HTTP/1.1 415");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/page/../../module-info.class", "/page/%2e%2e/x.css", "/page/..%2findex.html",
        "/library/files/..%2f..%2fetc%2fpasswd",
        "/library/files//etc/passwd", "/page/", "/v1/embeddings/", "//health", "/health%00", "http://localhost/health/x"})
    void pathsLeadNowhere(String path) throws IOException {
        assertThat(server.raw("GET " + path + " HTTP/1.1\r\nConnection: close\r\n" + HOST + "\r\n")).startsWith("HTTP/1.1 404");
    }

    @Test
    void anAnswerSaysNothingOfTheMachine() throws Exception {
        var response = server.get("/nothing");

        assertThat(response.headers().firstValue("Server")).isEmpty();
        assertThat(response.body()).doesNotContain("java").doesNotContain("/work").doesNotContain("0.1.0");
        assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    }
}
