package dev.mme5.server.http;

import java.time.Duration;

/**
 * What one client may take.
 *
 * @param maxBody bytes of a body
 * @param receive time for a request to arrive, headers and body
 * @param compute time for its answer to be found
 * @param send time for the answer to be sent
 * @param bodyMemory bytes of heap for requests that are not computed yet
 */
public record HttpLimits(long maxBody, Duration receive, Duration compute, Duration send, long bodyMemory) {
    /** Connections at the same time. */
    static final int MAX_CONNECTIONS = 1024;

    private static final int MAX_HEADERS = 100;
    private static final int MAX_HEADER_BYTES = 32 << 10;

    /** Longer than proxies keep idle connections, most of them 60 seconds: else one may ask by a connection that is just being closed. */
    private static final int IDLE_SECONDS = 75;

    /**
     * Settings of the JDK's server that are read once in a process, when its first server is made. A value that is set already stays.
     */
    static void applyToProcess() {
        setDefault("sun.net.httpserver.nodelay", "true"); // else an answer waits 40 ms for the acknowledgement of its headers
        setDefault("sun.net.httpserver.maxReqHeaders", Integer.toString(MAX_HEADERS));
        setDefault("sun.net.httpserver.maxReqHeaderSize", Integer.toString(MAX_HEADER_BYTES));
        setDefault("sun.net.httpserver.idleInterval", Integer.toString(IDLE_SECONDS));
        setDefault("sun.net.httpserver.maxIdleConnections", Integer.toString(MAX_CONNECTIONS));
        setDefault("jdk.httpserver.maxConnections", Integer.toString(MAX_CONNECTIONS));
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) System.setProperty(property, value);
    }
}
