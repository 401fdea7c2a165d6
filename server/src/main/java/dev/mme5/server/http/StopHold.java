package dev.mme5.server.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A request of the server to itself that keeps its end back. The JDK's server closes all connections as soon as it is told to stop and no
 * request is being answered, also those whose request has just come in. While this one is, the port is closed but what has been
 * accepted is still answered.
 */
final class StopHold implements AutoCloseable {
    private static final int WAIT_SECONDS = 2;

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

    /** Sends the request; afterwards it is being answered, unless the server takes no more connections. */
    void take(InetSocketAddress server) throws InterruptedException {
        try {
            socket.connect(reachable(server), WAIT_SECONDS * 1000);
            socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            taken.await(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (IOException e) {
            // Then the end comes a moment earlier.
        }
    }

    /** Waits until no connection is accepted any more, for {@value #WAIT_SECONDS} seconds at most. */
    void awaitClosedPort(InetSocketAddress server) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (System.nanoTime() < end) {
            try (Socket probe = new Socket()) {
                probe.connect(reachable(server), WAIT_SECONDS * 1000);
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
            // It is our own.
        }
    }
}
