package dev.mme5.server.http;

import com.sun.net.httpserver.Headers;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Who may ask. A page of another site that a person has open in a browser can send requests to this machine: those are refused by their
 * {@code Host} (DNS rebinding) and by their {@code Origin}.
 *
 * @param isLoopback whether the server is for this machine only, so that {@code Host} must be a name of it
 * @param hosts more names that {@code Host} may have; if there are any, it must have one of them or name this machine at other addresses,
 *     too
 * @param origins origins of pages that may ask
 * @param keys keys that clients must show
 */
public record Gate(boolean isLoopback, Set<String> hosts, Set<String> origins, ApiKeys keys) {
    private static final Pattern LOOPBACK = Pattern.compile("(.+\\.)?localhost\\.?|127(\\.\\d{1,3}){3}|\\[::1]|\\[0:0:0:0:0:0:0:1]");
    private static final Pattern PORT = Pattern.compile(":\\d{0,5}$");
    private static final Pattern HEADER_NAMES = Pattern.compile("[A-Za-z0-9_-]{1,64}( ?, ?[A-Za-z0-9_-]{1,64}){0,63}");
    private static final Pattern DIGITS = Pattern.compile("\\d{1,18}");

    public Gate {
        hosts = hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
        origins = Set.copyOf(origins);
    }

    /**
     * @param authority of the request's address where that is a whole one, {@code GET http://host/}; else null
     * @throws Problem when the request may not come in, whoever sent it
     */
    void check(Headers headers, String method, String authority) {
        List<String> host = headers.getOrDefault("Host", List.of());
        if (host.size() != 1) throw Problem.of(400, "bad_host", "expected one Host header, found " + host.size());
        boolean isNamed = isName(host.getFirst()) && (authority == null || isName(authority));
        if ((isLoopback || !hosts.isEmpty()) && !isNamed) {
            throw Problem.of(421, "bad_host", isLoopback
                    ? "this server is for this machine only: the Host header must name it, such as localhost"
                    : "the Host header must have a name of this server; --allow-host adds one");
        }
        // The JDK takes "+5" for a length, which a proxy in front may not.
        String length = headers.getFirst("Content-Length");
        if (length != null && !DIGITS.matcher(length).matches()) throw Problem.of(400, "bad_length", "Content-Length: expected digits");

        String origin = headers.getFirst("Origin");
        if (origin != null && !method.equals("GET") && !method.equals("HEAD") && !isAllowed(origin, host.getFirst().strip())) {
            throw Problem.of(403, "bad_origin", "pages of this origin may not ask; --cors allows one");
        }
    }

    private boolean isName(String host) {
        String name = PORT.matcher(host.strip().toLowerCase(Locale.ROOT)).replaceFirst("");
        return LOOPBACK.matcher(name).matches() || hosts.contains(name);
    }

    private boolean isAllowed(String origin, String host) {
        return origins.contains(origin) || origin.equals("http://" + host) || origin.equals("https://" + host);
    }

    /** @throws Problem 401 without one of the keys */
    void checkKey(Headers headers) {
        if (!keys.admit(headers.getFirst("Authorization"))) {
            throw Problem.of(401, "invalid_api_key", "expected the header Authorization: Bearer KEY with a key of this server");
        }
    }

    /** The headers that an allowed page may send: those that it asks for, since clients add some of their own. */
    String corsHeaders(Headers headers) {
        String wanted = headers.getFirst("Access-Control-Request-Headers");
        return wanted != null && HEADER_NAMES.matcher(wanted).matches() ? wanted : "authorization, content-type";
    }

    /** The origin that may read the answer; null when none may but the server's own pages. */
    String corsOrigin(Headers headers) {
        String origin = headers.getFirst("Origin");
        return origin != null && origins.contains(origin) ? origin : null;
    }
}
