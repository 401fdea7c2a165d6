package dev.mme5.server.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a request is answered.
 *
 * @param status HTTP status
 * @param type media type of the body
 * @param headers more headers
 * @param body writes the body; a long one is sent while it is written
 */
public record Reply(int status, String type, Map<String, String> headers, Body body) {
    /** The media type of JSON. */
    public static final String JSON = "application/json";

    /** Writes the bytes of a body, once. */
    @FunctionalInterface
    public interface Body {
        /** Nothing is known to the client before the first bytes were written. */
        void writeTo(OutputStream out) throws IOException;
    }

    public Reply {
        headers = Map.copyOf(headers);
    }

    /** A JSON text. */
    public static Reply json(String text) {
        return of(200, JSON, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A JSON text that may be long. */
    public static Reply json(Body body) {
        return new Reply(200, JSON, Map.of(), body);
    }

    /** Bytes. */
    public static Reply of(int status, String type, byte[] bytes) {
        return new Reply(status, type, Map.of(), out -> out.write(bytes));
    }

    /** The same with one header more. */
    public Reply with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Reply(status, type, more, body);
    }
}
