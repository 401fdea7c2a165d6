package dev.mme5.server.http;

import com.sun.net.httpserver.HttpExchange;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.ModelFormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/** One request, as routes see it. */
public final class Call {
    private static final int BUFFER = 1 << 16;

    /** Memory of a parsed body for each of its bytes, at most: {@code [],[],[]} needs the most. */
    private static final int TREE_BYTES_PER_BYTE = 80;
    private static final int TEXT_BYTES_PER_BYTE = 2;

    private final HttpExchange exchange;
    private final HttpLimits limits;
    private final BodyBudget budget;
    private final Watchdog.Watch watch;
    private BodyBudget.Reservation memory;
    private BodyBudget.Reservation results;
    private boolean isBodyRead;
    private boolean isBodyBroken;
    private int inputs;
    private long tokens;

    Call(HttpExchange exchange, HttpLimits limits, BodyBudget budget, Watchdog.Watch watch) {
        this.exchange = exchange;
        this.limits = limits;
        this.budget = budget;
        this.watch = watch;
    }

    /** The path, decoded. */
    public String path() {
        return exchange.getRequestURI().getPath();
    }

    /** The part of the path behind the last slash. */
    public String lastSegment() {
        return path().substring(path().lastIndexOf('/') + 1);
    }

    /** A parameter of the address, or null. */
    public String query(String name) {
        String query = exchange.getRequestURI().getRawQuery();
        if (query == null) return null;
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0 && pair.substring(0, equals).equals(name)) {
                return URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8);
            }
        }
        return null;
    }

    /** A header, or null. */
    public String header(String name) {
        return exchange.getRequestHeaders().getFirst(name);
    }

    /** Counts what the request asked for, for log and metrics. */
    public void count(int moreInputs, long moreTokens) {
        inputs += moreInputs;
        tokens += moreTokens;
    }

    int inputs() {
        return inputs;
    }

    long tokens() {
        return tokens;
    }

    /**
     * Reads the body, which must be a JSON object. From then on the time for computing runs.
     *
     * @throws Problem when it is too large, no JSON, compressed, or not what {@code Content-Type} says
     */
    public JsonObject json() throws IOException, InterruptedException {
        String type = header("Content-Type");
        String media = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!media.equals(Reply.JSON) && !media.endsWith("+json")) {
            throw Problem.of(415, "unsupported_media_type", "expected Content-Type: application/json");
        }
        String encoding = header("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw Problem.of(415, "unsupported_media_type", "expected no Content-Encoding, found " + encoding);
        }
        byte[] body = body();
        try {
            JsonObject json = JsonReader.parseObject(body, "request", treeBytes(body.length));
            watch.next(limits.compute().toNanos(), true);
            return json;
        } catch (ModelFormatException e) {
            throw wrong(e);
        }
    }

    /** The refusal of a request whose JSON is not as expected. */
    static Problem wrong(ModelFormatException e) {
        String message = e.getMessage().startsWith("request: ") ? e.getMessage().substring("request: ".length()) : e.getMessage();
        return Problem.wrong(e.location().isEmpty() || e.location().startsWith("byte ") ? null : e.location(), message);
    }

    /** Everything that was needed to read the request is garbage but so many bytes. */
    public void keepOnly(long bytes) {
        if (memory != null) memory.shrinkTo(bytes);
    }

    /**
     * Reserves memory for the answer, which is held until it was sent.
     *
     * @throws Problem when there is none
     */
    public void reserveResults(long bytes) throws InterruptedException {
        if (results == null) results = budget.reserveResults(bytes, limits.compute().toNanos());
    }

    private long treeBytes(long length) {
        return Math.min(TREE_BYTES_PER_BYTE * length + BUFFER, TEXT_BYTES_PER_BYTE * length + budget.inputLimit() / 4);
    }

    /** The body's bytes. Memory for them, and for what they become, is reserved first. */
    private byte[] body() throws IOException, InterruptedException {
        OptionalLong length = declaredLength();
        if (length.isPresent() && length.getAsLong() > limits.maxBody()) throw tooLarge(limits.maxBody());
        long expected = length.orElseGet(this::longestUnknown);
        watch.next(Duration.ofDays(1).toNanos(), true); // waiting for memory is not the client's fault
        memory = budget.reserve(expected + treeBytes(expected), limits.compute().toNanos());
        watch.next(limits.receive().toNanos(), false);
        InputStream in = exchange.getRequestBody();
        byte[] body = length.isPresent() ? readKnown(in, (int) expected) : readUnknown(in, expected);
        isBodyRead = true;
        memory.shrinkTo(body.length + treeBytes(body.length));
        return body;
    }

    private byte[] readKnown(InputStream in, int length) throws IOException {
        try {
            byte[] body = in.readNBytes(length);
            if (body.length == length) return body;
        } catch (IOException e) {
            requireConnection(e);
        }
        throw broken("the body ends early: Content-Length says %d bytes".formatted(length));
    }

    private byte[] readUnknown(InputStream in, long longest) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] buffer = new byte[BUFFER];
        try {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                body.write(buffer, 0, read);
                if (body.size() > longest) throw tooLarge(longest);
            }
        } catch (IOException e) {
            requireConnection(e);
            throw brokenChunks();
        } catch (IndexOutOfBoundsException e) {   // the JDK takes FFFFFFFF for -1
            throw brokenChunks();
        }
        return body.toByteArray();
    }

    /** A client that is gone, or was too slow, is told nothing. The JDK's server has the same exception for what it cannot read. */
    private void requireConnection(IOException e) throws IOException {
        if (e instanceof SocketException || watch.fired() != null) throw e;
    }

    private Problem brokenChunks() {
        return broken("the body ends early, or its chunks cannot be read: expected sizes in hexadecimal, below 2 GB, and no trailers");
    }

    private Problem broken(String message) {
        isBodyBroken = true;
        return Problem.wrong(null, message);
    }

    /** Whether what the client sent cannot be read to its end, so that the connection is of no more use. */
    boolean isBodyBroken() {
        return isBodyBroken;
    }

    private OptionalLong declaredLength() {
        String length = header("Content-Length");
        if (length != null) return OptionalLong.of(Long.parseLong(length)); // checked by the JDK
        return header("Transfer-Encoding") == null ? OptionalLong.of(0) : OptionalLong.empty();
    }

    /** A body of unknown length may be as long as there is memory for: a short one must not be refused for want of it. */
    private long longestUnknown() {
        long forBody = (budget.largest() - budget.inputLimit() / 4) / (1 + TEXT_BYTES_PER_BYTE);
        return Math.min(limits.maxBody(), forBody);
    }

    private static Problem tooLarge(long limit) {
        return Problem.tooLarge(null, "the body is larger than the limit of %d bytes".formatted(limit));
    }

    /** Whether the client may still be sending. */
    boolean hasUnreadBody() {
        OptionalLong length = declaredLength();
        return !isBodyRead && (length.isEmpty() || length.getAsLong() > 0);
    }

    void release() {
        if (memory != null) memory.close();
        if (results != null) results.close();
    }
}
