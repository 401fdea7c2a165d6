package dev.mme5.server.http;

/**
 * What one method of one path does.
 *
 * @param method {@code GET} or {@code POST}; {@code GET} answers {@code HEAD} too
 * @param path the path; one that ends in {@code /*} is for all paths below
 * @param dialect shape of its errors
 * @param isOpen whether it needs no key and answers while the server loads or stops
 * @param handler its work
 */
public record Route(String method, String path, Dialect dialect, boolean isOpen, Handler handler) {
    private static final String BELOW = "/*";

    /** Answers a call. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Runs on a virtual thread, which is interrupted when the client is gone or the time is over.
         *
         * @throws Problem to refuse
         */
        Reply handle(Call call) throws Exception;
    }

    /** A route that needs a key where there are keys. */
    public static Route of(String method, String path, Dialect dialect, Handler handler) {
        return new Route(method, path, dialect, false, handler);
    }

    /** A route for everybody. */
    public static Route open(String path, Handler handler) {
        return new Route("GET", path, Dialect.OPENAI, true, handler);
    }

    boolean matches(String requested) {
        if (!path.endsWith(BELOW)) return requested.equals(path);
        int prefix = path.length() - 1;
        return requested.length() > prefix && requested.startsWith(path.substring(0, prefix)) && requested.indexOf('/', prefix) < 0;
    }

    boolean accepts(String requested) {
        return requested.equals(method) || requested.equals("HEAD") && method.equals("GET");
    }
}
