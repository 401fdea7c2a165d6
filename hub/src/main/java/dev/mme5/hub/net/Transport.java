package dev.mme5.hub.net;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;

/**
 * Sends requests over HTTP/1.1 (with HTTP/2 all ranges would share one connection), follows redirects by
 * {@link RedirectRules}, adds the token for the endpoint only, and gives up connections that are silent.
 *
 * <p>Time limits are kept here: {@link HttpRequest.Builder#timeout} ends with the headers in some releases of Java and covers the
 * body in others.
 */
public final class Transport implements AutoCloseable {
    private static final int MAX_REDIRECTS = 10;
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");
    private static final String AGENT = "mme5-hub/0.1 java/" + Runtime.version().feature();

    private final HttpClient client;
    private final URI endpoint;
    private final Optional<String> token;
    private final ProxySelector proxies;
    private final Duration silence;
    private final RedirectRules rules;

    /**
     * @param endpoint the hub, without a slash at the end
     * @param token sent to the endpoint only, and without encryption only to this machine
     * @param silence after which a connection is given up
     */
    public Transport(URI endpoint, Optional<String> token, ProxySelector proxies, Duration connectTimeout, Duration silence) {
        this.endpoint = endpoint;
        this.rules = new RedirectRules(endpoint, proxies);
        boolean isPrivate = "https".equalsIgnoreCase(endpoint.getScheme()) || rules.isThisMachine(endpoint);
        this.token = token.filter(any -> isPrivate);
        this.proxies = proxies;
        this.silence = silence;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(proxies)
                .connectTimeout(connectTimeout)
                .build();
    }

    URI endpoint() {
        return endpoint;
    }

    RedirectRules rules() {
        return rules;
    }

    boolean sendsToken() {
        return token.isPresent();
    }

    /** The final response's status and headers, the address it came from, and its body, if that was asked for. */
    record Answer(URI address, int status, HttpHeaders headers, byte[] body) {}

    /** Gets a small body; redirects are followed. Statuses other than 2xx have an empty body. */
    Answer get(URI address, int maxBytes) throws IOException, InterruptedException {
        return followed(address, maxBytes, "GET");
    }

    /**
     * Asks for headers. Relative redirects are followed, and so are those that do not describe the file; the first answer that
     * does, or is no redirect, is returned.
     */
    Answer head(URI address) throws IOException, InterruptedException {
        return followed(address, 0, "HEAD");
    }

    private Answer followed(URI first, int maxBytes, String method) throws IOException, InterruptedException {
        URI address = first;
        Set<URI> visited = new HashSet<>();
        while (visited.add(address) && visited.size() <= MAX_REDIRECTS) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            HttpResponse<Long> response = exchange(request(address).method(method, HttpRequest.BodyPublishers.noBody()).build(), info -> {
                boolean wanted = maxBytes > 0 && info.statusCode() / 100 == 2;
                return wanted ? smallBody(body, maxBytes + 1L) : BodyWriter.dropping();
            });
            Optional<String> location = location(response.statusCode(), response.headers());
            if (location.isPresent()) {
                URI target = rules.target(address, location.get());
                boolean isStorage = !RedirectRules.isRelative(location.get()) && !RedirectRules.isSameOrigin(address, target);
                boolean isDescribed = response.headers().firstValue("X-Linked-Etag").isPresent();
                if (!method.equals("HEAD") || !isStorage || !isDescribed) {
                    address = target;
                    continue;
                }
            }
            if (body.size() > maxBytes) {
                throw new PermanentFailure(address.getHost() + " sends more than " + maxBytes + " bytes for " + address.getPath());
            }
            requireIdentity(address, response.headers());
            return new Answer(address, response.statusCode(), response.headers(), body.toByteArray());
        }
        throw redirectLoop(first);
    }

    private static BodyWriter smallBody(ByteArrayOutputStream body, long maxBytes) {
        BodyWriter.Sink sink = bytes -> {
            while (bytes.hasRemaining()) body.write(bytes.get());
        };
        return new BodyWriter(ByteBuffer.allocate(8192), sink, maxBytes);
    }

    /** Receives the bytes of a range, in order. */
    @FunctionalInterface
    public interface RangeSink {
        void write(ByteBuffer bytes) throws IOException;
    }

    /**
     * Gets the bytes [from, to) of a file of a known size. What came before a failure has gone to the sink.
     *
     * @param buffer collects what the sink is given at once
     * @throws RangesUnsupported when the server sends the whole file, and a part was asked for
     * @throws StatusFailure for a status that may be another one next time, an expired link among them
     */
    public void range(URI location, long from, long to, long size, ByteBuffer buffer, RangeSink sink)
            throws IOException, InterruptedException {
        URI address = location;
        Set<URI> visited = new HashSet<>();
        boolean isWhole = from == 0 && to == size;
        while (visited.add(address) && visited.size() <= MAX_REDIRECTS) {
            HttpRequest.Builder request = request(address).GET();
            if (!isWhole) request.header("Range", "bytes=" + from + "-" + (to - 1));
            URI asked = address;
            HttpResponse<Long> response = exchange(request.build(), info -> {
                boolean isRange = info.statusCode() == 206 && contentRangeProblem(info.headers(), from, to, size).isEmpty();
                boolean isFile = info.statusCode() == 200 && isWhole && lengthProblem(info.headers(), size).isEmpty();
                boolean wanted = (isRange || isFile) && !isEncoded(info.headers());
                return wanted
                        ? new BodyWriter(buffer, sink::write, to - from)
                        : BodyWriter.dropping();
            });
            Optional<String> redirect = location(response.statusCode(), response.headers());
            if (redirect.isPresent()) {
                address = rules.target(address, redirect.get());
                continue;
            }
            requireRange(asked, response, from, to, size);
            return;
        }
        throw redirectLoop(location);
    }

    private void requireRange(URI address, HttpResponse<Long> response, long from, long to, long size) throws IOException {
        int status = response.statusCode();
        String host = address.getHost();
        requireIdentity(address, response.headers());
        if (status == 206) {
            Optional<String> problem = contentRangeProblem(response.headers(), from, to, size);
            if (problem.isPresent()) throw new IOException(host + " " + problem.get());
        } else if (status == 200) {
            if (from != 0 || to != size) throw new RangesUnsupported(host + " sends whole files only");
            Optional<String> problem = lengthProblem(response.headers(), size);
            if (problem.isPresent()) throw new IOException(host + " " + problem.get());
        } else {
            throw failure(address, status, response.headers());
        }
        if (response.body() != to - from) {
            throw new IOException(host + " ended after " + response.body() + " of " + (to - from) + " bytes");
        }
    }

    /** The failure that a status means when the answer says nothing more. */
    IOException failure(URI address, int status, HttpHeaders headers) {
        String message = address.getHost() + " answers " + status;
        if (status == 407) {
            return new PermanentFailure("the proxy asks for a user name and password (407): write http://USER:PASSWORD@HOST:PORT; for"
                    + " https start Java with -Djdk.http.auth.tunneling.disabledSchemes=");
        }
        boolean mayChange = status == 408 || status == 416 || status == 425 || status == 429 || status / 100 == 5;
        boolean mayBeExpired = !rules.isEndpoint(address) && (status == 401 || status == 403 || status == 404 || status == 410);
        return mayChange || mayBeExpired
                ? new StatusFailure(message, status, retryAfter(headers))
                : new PermanentFailure(message);
    }

    private static Optional<Duration> retryAfter(HttpHeaders headers) {
        return headers.firstValue("Retry-After").flatMap(value -> retryAfter(value.strip(), Instant.now()));
    }

    /** Seconds, or a date (RFC 9110, 10.2.3): one that is over asks for no pause of its own. */
    static Optional<Duration> retryAfter(String value, Instant now) {
        if (value.matches("\\d{1,6}")) return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
        try {
            Instant date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            return Optional.of(Duration.between(now, date)).filter(Duration::isPositive);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> location(int status, HttpHeaders headers) {
        boolean isRedirect = status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
        return isRedirect ? headers.firstValue("Location") : Optional.empty();
    }

    private static Optional<String> contentRangeProblem(HttpHeaders headers, long from, long to, long size) {
        String range = headers.firstValue("Content-Range").orElse("");
        Matcher matcher = CONTENT_RANGE.matcher(range);
        if (!matcher.matches()) return Optional.of("sends a part without saying which");
        boolean isRight = Long.parseLong(matcher.group(1)) == from && Long.parseLong(matcher.group(2)) == to - 1
                && (matcher.group(3).equals("*") || Long.parseLong(matcher.group(3)) == size);
        return isRight ? Optional.empty() : Optional.of("sends " + range + ", expected bytes " + from + "-" + (to - 1) + "/" + size);
    }

    private static Optional<String> lengthProblem(HttpHeaders headers, long size) {
        Optional<String> length = headers.firstValue("Content-Length");
        if (length.isEmpty() || length.get().equals(Long.toString(size))) return Optional.empty();
        return Optional.of("sends " + length.get() + " bytes, expected " + size);
    }

    private static boolean isEncoded(HttpHeaders headers) {
        return !headers.firstValue("Content-Encoding").orElse("identity").equalsIgnoreCase("identity");
    }

    private static void requireIdentity(URI address, HttpHeaders headers) throws PermanentFailure {
        if (isEncoded(headers))
            throw new PermanentFailure(address.getHost() + " sends a compressed file, and the file itself was asked for");
    }

    private HttpRequest.Builder request(URI address) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).header("User-Agent", AGENT).header("Accept-Encoding", "identity");
        if (token.isPresent() && rules.isEndpoint(address)) request.header("Authorization", "Bearer " + token.get());
        if (proxies instanceof EnvironmentProxies known) {
            known.credentials(address).ifPresent(user -> request.header("Proxy-Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8))));
        }
        return request;
    }

    /** Sends a request and waits while bytes keep coming. */
    private HttpResponse<Long> exchange(HttpRequest request, BodyHandlerOfWriter handler) throws IOException, InterruptedException {
        ActivityClock untilHeaders = new ActivityClock();
        AtomicReference<BodyWriter> writer = new AtomicReference<>();
        CompletableFuture<HttpResponse<Long>> future = client.sendAsync(request, info -> {
            BodyWriter chosen = handler.choose(info);
            return writer.compareAndSet(null, chosen) ? chosen : BodyWriter.dropping();   // given up meanwhile
        });
        try {
            long tick = Math.clamp(silence.toMillis() / 4, 10, 1000);
            while (true) {
                try {
                    return future.get(tick, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    BodyWriter current = writer.get();
                    ActivityClock clock = current == null ? untilHeaders : current.clock();
                    if (clock.isSilentFor(silence)) {
                        throw new ConnectionFailure(request.uri().getHost() + " sent nothing for " + silence.toSeconds() + " s"
                                + throughProxy(request.uri()), e);
                    }
                }
            }
        } catch (ExecutionException e) {
            throw explained(request.uri(), e.getCause());
        } catch (CancellationException e) {
            throw new IOException(request.uri().getHost() + " was given up" + throughProxy(request.uri()), e);
        } finally {
            future.cancel(true);
            BodyWriter used = writer.getAndSet(BodyWriter.dropping());
            if (used != null) used.close();
        }
    }

    @FunctionalInterface
    private interface BodyHandlerOfWriter {
        BodyWriter choose(HttpResponse.ResponseInfo info);
    }

    private IOException explained(URI address, Throwable cause) {
        if (cause instanceof LocalFailure local) return local;
        if (cause instanceof PermanentFailure permanent) return permanent;
        if (cause instanceof RuntimeException thrownByListener) throw thrownByListener;
        String problem = address.getHost() + " cannot be reached or broke off" + throughProxy(address) + ": " + reason(cause);
        return new ConnectionFailure(problem, cause);
    }

    /** Names the proxy, if there is one. Java's client asks the first one of the list and no other. */
    private String throughProxy(URI address) {
        List<Proxy> selected = proxies.select(address);
        if (selected.isEmpty() || !(selected.getFirst().address() instanceof InetSocketAddress proxy)) return "";
        return " through the proxy " + proxy.getHostString() + ":" + proxy.getPort();
    }

    /** In words. Java's client leaves the message out where it connects. */
    private static String reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) return "its name cannot be resolved";
            if (cause instanceof SSLHandshakeException) {
                return cause.getMessage() + " (a proxy that opens encrypted connections has a certificate that Java must trust)";
            }
            if (cause.getMessage() != null) return cause.getMessage();
        }
        return failure instanceof ConnectException ? "no connection" : failure.getClass().getSimpleName();
    }

    private static PermanentFailure redirectLoop(URI address) {
        return new PermanentFailure(address.getHost() + " redirects in a loop, or more than " + MAX_REDIRECTS + " times");
    }

    /** Drops all connections. */
    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
