package dev.mme5.server;

import dev.mme5.engine.Options;
import dev.mme5.json.Json;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** A server at a free port, of the default model unless told otherwise, and a client of it. */
final class TestServer implements AutoCloseable {
    public static final Path MINI = Path.of("../models/mini");

    private final EmbeddingServer server;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private TestServer(EmbeddingServer server) {
        this.server = server;
    }

    static TestServer start(UnaryOperator<ServerOptions> options) throws IOException {
        return start(MINI, options);
    }

    static TestServer start(Path model, UnaryOperator<ServerOptions> options) throws IOException {
        EmbeddingServer server = EmbeddingServer.start(model, Options.defaults(),
                options.apply(ServerOptions.defaults().withPort(0).withLogsRequests(false)));
        server.awaitReady();
        return new TestServer(server);
    }

    EmbeddingServer server() {
        return server;
    }

    int port() {
        return server.address().getPort();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.address() + path)).timeout(Duration.ofSeconds(180));
    }

    HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, BodyHandlers.ofString());
    }

    HttpResponse<byte[]> sendForBytes(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, BodyHandlers.ofByteArray());
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).build());
    }

    HttpRequest.Builder json(String path, String body) {
        return request(path).header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body));
    }

    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send(json(path, body).build());
    }

    /** The parsed answer, which must have that status. */
    Json answer(int status, String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> response = post(path, body);
        if (response.statusCode() != status) throw new AssertionError(response.statusCode() + " " + response.body());
        return JsonReader.parse(response.body().getBytes(StandardCharsets.UTF_8), "answer");
    }

    JsonObject object(int status, String path, String body) throws IOException, InterruptedException {
        return (JsonObject) answer(status, path, body);
    }

    /** Sends bytes as they are and returns all that comes until the server closes the connection. */
    String raw(String bytes) throws IOException {
        return raw(bytes, null);
    }

    /** Sends bytes as they are and returns what comes until it has these words or the server closes the connection. */
    String raw(String bytes, String words) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return rest(socket.getInputStream(), words);
        }
    }

    static String rest(InputStream in) {
        return rest(in, null);
    }

    private static String rest(InputStream in, String words) {
        StringBuilder all = new StringBuilder();
        byte[] buffer = new byte[4096];
        try {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                all.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
                if (words != null && all.indexOf(words) >= 0) break;
            }
        } catch (IOException e) {
            all.append(e instanceof java.net.SocketTimeoutException ? "(still open)" : "");
        }
        return all.toString();
    }

    @Override
    public void close() {
        server.close();
        client.close();
    }
}
