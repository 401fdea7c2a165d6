package dev.mme5.server.http;

/**
 * What one method of one path does.
 *
 * @param method {@code GET} or {@code POST}; {@code GET} answers {@code HEAD} too
 * @param path the path; one that ends in {@code /*} is for all paths one step below, one in {@code /**} for all below
 * @param dialect shape of its errors
 * @param needsKey whether it needs a key where there are keys
 * @param needsModel whether it is refused while the model is loaded, and while the server stops
 * @param handler its work
 */
public record Route(String method, String path, Dialect dialect, boolean needsKey, boolean needsModel, Handler handler) {
    private static final String BELOW = "/*";
    private static final String ANYWHERE_BELOW = "/**";

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

    /** A route that needs a key where there are keys, and the model. */
    public static Route of(String method, String path, Dialect dialect, Handler handler) {
        return new Route(method, path, dialect, true, true, handler);
    }

    /** A route that needs a key where there are keys, and answers at any time. */
    public static Route always(String path, Handler handler) {
        return new Route("GET", path, Dialect.OPENAI, true, false, handler);
    }

    /** A route for everybody, at any time. */
    public static Route open(String path, Handler handler) {
        return new Route("GET", path, Dialect.OPENAI, false, false, handler);
    }

    boolean matches(String requested) {
        if (path.endsWith(ANYWHERE_BELOW)) {
            int above = path.length() - 2;
            return requested.length() > above && requested.startsWith(path.substring(0, above));
        }
        if (!path.endsWith(BELOW)) return requested.equals(path);
        int prefix = path.length() - 1;
        return requested.length() > prefix && requested.startsWith(path.substring(0, prefix)) && requested.indexOf('/', prefix) < 0;
    }

    boolean accepts(String requested) {
        return requested.equals(method) || requested.equals("HEAD") && method.equals("GET");
    }
}
