package dev.mme5.server.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.mme5.json.ModelFormatException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The JDK's HTTP server, on virtual threads and with what it lacks: a time limit for every phase of a request, notice of clients that go
 * away, a memory limit for bodies, and an end at which no request is cut off.
 */
public final class HttpFront implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HttpFront.class.getName());
    private static final ScopedValue<Watchdog.Watch> WATCH = ScopedValue.newInstance();

    /** As nginx counts requests whose client has gone. */
    private static final int CLIENT_GONE = 499;
    private static final int BACKLOG = 512;
    private static final String NO_ROUTE = "other";

    /** The port is closed when nobody has asked for so long: what has just connected when it closes is cut off by the kernel. */
    private static final long QUIET_NANOS = 500_000_000;

    /** Clients that ask again and again are refused for so long; then the port is closed although they do. */
    private static final long MAX_REFUSING_NANOS = 5_000_000_000L;
    private static final long LOOK_MILLIS = 10;

    private final HttpServer server;
    private final InetSocketAddress address;
    private final Gate gate;
    private final HttpLimits limits;
    private final List<Route> routes;
    private final Supplier<Problem> notReady;
    private final RequestLog log;
    private final BodyBudget budget;
    private final Watchdog watchdog;
    private final PeerTable peers;
    private final AtomicInteger active = new AtomicInteger();
    private final AtomicInteger acceptedBeforeStop = new AtomicInteger();
    private final StopHold hold = new StopHold();
    private volatile boolean isStopping;
    private volatile long lastSeen = System.nanoTime();

    /**
     * Begins to listen; {@link #start} begins to answer.
     *
     * @param wanted where; port 0 for any free one
     * @param notReady why requests cannot be answered yet; its value is null when they can
     * @throws IOException when the address is in use or not of this machine
     */
    public HttpFront(InetSocketAddress wanted, Gate gate, HttpLimits limits, List<Route> routes, Supplier<Problem> notReady,
            RequestLog log) throws IOException {
        HttpLimits.applyToProcess();
        this.gate = gate;
        this.limits = limits;
        this.routes = List.copyOf(routes);
        this.notReady = notReady;
        this.log = log;
        this.budget = new BodyBudget(limits.bodyMemory());
        this.server = HttpServer.create(wanted, BACKLOG);
        this.address = server.getAddress();
        this.peers = new PeerTable(address.getPort());
        this.watchdog = new Watchdog(peers::endGone);
        server.setExecutor(this::execute);
        server.createContext("/", this::handle);
    }

    /** Begins to answer. */
    public void start() {
        server.start();
        hold.send(address);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return address;
    }

    /** The memory of requests. */
    public BodyBudget budget() {
        return budget;
    }

    /** Requests being received, computed or answered. */
    public int active() {
        return active.get();
    }

    /** Whether it was told to stop. */
    boolean isStopping() {
        return isStopping;
    }

    private void execute(Runnable exchange) {
        lastSeen = System.nanoTime();
        Thread.ofVirtual().name("mme5-request").start(() -> {
            Watchdog.Watch watch = watchdog.watch(limits.receive().toNanos());
            try {
                ScopedValue.where(WATCH, watch).run(exchange);
            } finally {
                watchdog.forget(watch);
            }
        });
    }

    private void handle(HttpExchange exchange) throws IOException {
        long start = System.nanoTime();
        if (exchange.getRequestURI().toString().equals(hold.path())) {
            WATCH.get().next(Long.MAX_VALUE, false);
            hold.answer(exchange);
            return;
        }
        active.incrementAndGet();
        acceptedBeforeStop.incrementAndGet();
        boolean isLate = isStopping;
        if (isLate) acceptedBeforeStop.decrementAndGet();
        Watchdog.Watch watch = WATCH.get();
        watch.connection(exchange.getRemoteAddress());
        Call call = new Call(exchange, limits, budget, watch);
        if (!call.hasUnreadBody()) watch.next(limits.compute().toNanos(), true);
        Route route = null;
        int status = CLIENT_GONE;
        try {
            Reply reply;
            Dialect dialect = Dialect.OPENAI;
            try {
                gate.check(exchange.getRequestHeaders(), exchange.getRequestMethod(), exchange.getRequestURI().getRawAuthority());
                route = find(exchange);
                if (route != null) dialect = route.dialect();
                reply = route == null ? preflight(exchange) : answer(route, exchange, call);
            } catch (Problem problem) {
                reply = refusal(problem, dialect);
            }
            boolean drains = call.hasUnreadBody() && !call.isBodyBroken();
            // The JDK's server takes a chunk of 100000000 bytes for the last one: what follows must not become a request.
            boolean isChunked = exchange.getRequestHeaders().containsKey("Transfer-Encoding");
            if (drains || call.isBodyBroken() || isChunked || isStopping) exchange.getResponseHeaders().set("Connection", "close");
            headers(exchange, reply);
            boolean isComplete =
                    ReplySender.send(exchange, reply, drains, call.isBodyBroken(), () -> watch.next(limits.send().toNanos(), false));
            status = reply.status();
            // Otherwise the JDK's server may take the request for one that is being received, for ever.
            if (!isComplete) throw new IOException("the body cannot be read to its end");
        } finally { // an exception makes the JDK's server close the connection and forget it
            call.release();
            watch.next(Long.MAX_VALUE, false);
            active.decrementAndGet();
            if (!isLate) acceptedBeforeStop.decrementAndGet();
            log.finished(route == null ? NO_ROUTE : route.path(), status, call.inputs(), call.tokens(), System.nanoTime() - start);
        }
    }

    private Reply answer(Route route, HttpExchange exchange, Call call) throws IOException {
        if (route.needsKey()) {
            gate.checkKey(exchange.getRequestHeaders());
        }
        if (route.needsModel()) {
            if (isStopping) throw Problem.unavailable(1, "stopping", "the server is stopping"); // its owner may still be ready
            Problem early = notReady.get();
            if (early != null) throw early;
        }
        try {
            return route.handler().handle(call);
        } catch (Problem | IOException e) {
            throw e;
        } catch (ModelFormatException e) {
            throw Call.wrong(e);
        } catch (InterruptedException | CancellationException e) {
            Watchdog.Reason reason = WATCH.get().fired();
            if (reason == Watchdog.Reason.CLIENT_GONE) throw new IOException("the client is gone");
            throw Problem.unavailable(5, "timeout", reason == null
                    ? "the server is stopping"
                    : "not done within the time limit of %d seconds".formatted(limits.compute().toSeconds()));
        } catch (OutOfMemoryError e) {
            LOG.log(System.Logger.Level.WARNING, "out of memory during a request to " + route.path());
            throw Problem.unavailable(5, "memory_exhausted", "the server is out of memory; try again");
        } catch (Exception | LinkageError | StackOverflowError e) {
            LOG.log(System.Logger.Level.ERROR, "unexpected error during a request to " + route.path(), e);
            throw Problem.of(500, "internal_error", "unexpected error; the server's log has it");
        }
    }

    /** The route of a request; null for a question of a browser whether it may ask. */
    private Route find(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        List<Route> matching = routes.stream().filter(route -> path != null && route.matches(path)).toList();
        if (matching.isEmpty()) throw Problem.of(404, "unknown_route", "no such route");
        if (method.equals("OPTIONS")) return null;
        for (Route route : matching) {
            if (route.accepts(method)) return route;
        }
        exchange.getResponseHeaders().set("Allow", allowed(matching));
        throw Problem.of(405, "wrong_method", "expected " + allowed(matching));
    }

    private static String allowed(List<Route> matching) {
        TreeSet<String> methods = matching.stream().map(Route::method).collect(Collectors.toCollection(TreeSet::new));
        if (methods.contains("GET")) methods.add("HEAD");
        methods.add("OPTIONS");
        return String.join(", ", methods);
    }

    private Reply preflight(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        Headers headers = exchange.getResponseHeaders();
        headers.set("Allow", allowed(routes.stream().filter(route -> route.matches(path)).toList()));
        if (gate.corsOrigin(exchange.getRequestHeaders()) != null) {
            headers.set("Access-Control-Allow-Methods", headers.getFirst("Allow"));
            headers.set("Access-Control-Allow-Headers", gate.corsHeaders(exchange.getRequestHeaders()));
            headers.set("Access-Control-Max-Age", "600");
        }
        return Reply.of(204, "", new byte[0]);
    }

    private static Reply refusal(Problem problem, Dialect dialect) {
        Reply reply = Reply.of(problem.status(), Reply.JSON, dialect.error(problem).getBytes(StandardCharsets.UTF_8));
        if (problem.status() == 401) reply = reply.with("WWW-Authenticate", "Bearer");
        return problem.retryAfter() > 0 ? reply.with("Retry-After", Integer.toString(problem.retryAfter())) : reply;
    }

    private void headers(HttpExchange exchange, Reply reply) {
        Headers headers = exchange.getResponseHeaders();
        if (!reply.type().isEmpty()) headers.set("Content-Type", reply.type());
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Cache-Control", "no-store");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        reply.headers().forEach(headers::set);
        String origin = gate.corsOrigin(exchange.getRequestHeaders());
        if (origin != null) {
            headers.set("Access-Control-Allow-Origin", origin);
            headers.set("Cross-Origin-Resource-Policy", "cross-origin");
        }
        if (!gate.origins().isEmpty()) headers.add("Vary", "Origin");
    }

    /**
     * Stops. What was asked before is answered. What is asked meanwhile is refused with 503, by connections that are open and by new ones,
     * until nobody asks any more. Then no connection is accepted.
     *
     * @return whether all was answered within the time
     */
    public boolean stop(Duration grace) {
        isStopping = true;
        long end = System.nanoTime() + grace.toNanos();
        try (hold; watchdog) {
            if (grace.isZero()) {
                server.stop(0);
                return active.get() == 0;
            }
            long quiet = Math.min(QUIET_NANOS, grace.toNanos() / 4);
            awaitQuiet(acceptedBeforeStop, quiet, MAX_REFUSING_NANOS, end);
            Thread stop = Thread.ofVirtual().start(() -> server.stop((int) Math.min(grace.toSeconds() + 1, 1 << 20)));
            hold.awaitClosedPort(address, end);
            awaitQuiet(active, quiet / 2, MAX_REFUSING_NANOS / 4, end); // for those who connected at the last moment
            boolean done = active.get() == 0;
            hold.release();
            server.stop(0); // does not wait for who has sent half a request
            stop.join();
            return done;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Waits until there are none of these requests and, for a limited time from then on, until nobody seems to be about to ask. */
    private void awaitQuiet(AtomicInteger requests, long quietNanos, long maxNanos, long end) throws InterruptedException {
        long limit = System.nanoTime() + maxNanos;
        while (System.nanoTime() - end < 0) {
            if (requests.get() > 0) limit = System.nanoTime() + maxNanos;
            boolean isQuiet =
                    System.nanoTime() - lastSeen > quietNanos && watchdog.size() <= (hold.isTaken() ? 1 : 0) && !peers.hasWaiting();
            if (requests.get() == 0 && (isQuiet || System.nanoTime() - limit > 0)) return;
            Thread.sleep(LOOK_MILLIS);
        }
    }

    @Override
    public void close() {
        stop(Duration.ZERO);
    }
}
