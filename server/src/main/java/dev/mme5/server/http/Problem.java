package dev.mme5.server.http;

import dev.mme5.json.SafeText;

/** A request that is refused, with the status and the reason that its client is told. */
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String param;
    private final String code;
    private final int retryAfter;

    private Problem(int status, String code, String param, int retryAfter, String message) {
        super(SafeText.line(message), null, false, false);
        this.status = status;
        this.code = code;
        this.param = param;
        this.retryAfter = retryAfter;
    }

    /** A refusal without more details. */
    public static Problem of(int status, String code, String message) {
        return new Problem(status, code, null, 0, message);
    }

    /** 400: the request is wrong at a place. */
    public static Problem wrong(String param, String message) {
        return new Problem(400, "invalid_value", param, 0, message);
    }

    /** 413: something is larger than the limit. */
    public static Problem tooLarge(String param, String message) {
        return new Problem(413, "too_large", param, 0, message);
    }

    /** 400, as OpenAI refuses what is longer than the model's context. */
    public static Problem tooLong(String param, String message) {
        return new Problem(400, "context_length_exceeded", param, 0, message);
    }

    /** 429: the queue is full. */
    public static Problem queueFull(int seconds, String message) {
        return new Problem(429, "queue_full", null, seconds, message);
    }

    /** 503: not now. */
    public static Problem unavailable(int seconds, String code, String message) {
        return new Problem(503, code, null, seconds, message);
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    /** A word for programs. */
    public String code() {
        return code;
    }

    /** Where in the request, such as {@code input[3]}; null when it concerns the whole. */
    public String param() {
        return param;
    }

    /** Seconds after which it may be tried again; 0 for none. */
    public int retryAfter() {
        return retryAfter;
    }
}
