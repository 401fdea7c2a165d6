package dev.mme5.server.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

/**
 * A request of the server to itself that keeps its end back. The JDK's server closes all connections as soon as it is told to stop and no
 * request is being answered, also those whose request has just come in. While this one is, the port is closed but what has been
 * accepted is still answered. It is sent at the start: at the end there may be no connection left for it.
 */
final class StopHold implements AutoCloseable {
    private static final int CONNECT_MILLIS = 5000;

    private final String path = "/" + UUID.randomUUID();
    private final Socket socket = new Socket();
    private final CountDownLatch taken = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    /** The path that only this object knows. */
    String path() {
        return path;
    }

    /** Answers the request when {@link #release} is called. */
    void answer(HttpExchange exchange) throws IOException {
        taken.countDown();
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.sendResponseHeaders(204, -1);
    }

    /** Sends the request. */
    void send(InetSocketAddress server) {
        try {
            socket.connect(reachable(server), CONNECT_MILLIS);
            socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // A server that cannot reach itself ends a moment too early.
        }
    }

    /** Whether the request is being answered. */
    boolean isTaken() {
        return taken.getCount() == 0;
    }

    /** Waits until no connection is accepted any more. */
    void awaitClosedPort(InetSocketAddress server, long end) throws InterruptedException {
        while (System.nanoTime() - end < 0) {
            try (Socket probe = new Socket()) {
                probe.connect(reachable(server), CONNECT_MILLIS);
            } catch (IOException e) {
                return;
            }
            Thread.sleep(1);
        }
    }

    private static InetSocketAddress reachable(InetSocketAddress server) {
        InetAddress address = server.getAddress().isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : server.getAddress();
        return new InetSocketAddress(address, server.getPort());
    }

    void release() {
        released.countDown();
    }

    @Override
    public void close() {
        release();
        try {
            socket.close();
        } catch (IOException e) {
            // It was opened here, and nobody else uses it.
        }
    }
}
