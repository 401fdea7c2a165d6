package dev.mme5.server.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds out which clients are gone, and whether one has sent what was not read yet. The JDK's server does not read from a connection whose
 * request is being computed and does not show its channel, so it cannot tell. Linux can: its table of connections says which are still
 * established, and how much waits in each. Elsewhere nobody is found to be gone, and nothing to wait.
 */
final class PeerTable {
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final String ESTABLISHED = "01";
    private static final String SYN_RECEIVED = "03";
    private static final int QUEUES = 4;

    private final int localPort;

    PeerTable(int localPort) {
        this.localPort = localPort;
    }

    /** Ends the phase of every watch whose client has closed its side of the connection. */
    void endGone(Set<Watchdog.Watch> watches) {
        List<Watchdog.Watch> open = watches.stream().filter(watch -> watch.connection() != null && watch.noticesClient()).toList();
        if (open.isEmpty()) return;
        Set<Integer> ports = established();
        if (ports == null) return;
        for (Watchdog.Watch watch : open) {
            if (watch.connection() instanceof InetSocketAddress peer && !ports.contains(peer.getPort())) watch.clientGone();
        }
    }

    /** Whether a client has connected and not been accepted yet, or has sent bytes that were not read yet. */
    boolean hasWaiting() {
        List<String[]> rows = rows();
        return rows != null && rows.stream().anyMatch(row -> row[3].equals(SYN_RECEIVED) || unread(row[QUEUES]) > 0);
    }

    /**
     * The clients' ports of all connections with this server that are open on both sides; null when that cannot be known. Two clients on
     * two machines may have the same port: then the one that stays hides the one that is gone, for as long as it stays.
     */
    private Set<Integer> established() {
        List<String[]> rows = rows();
        if (rows == null) return null;
        Set<Integer> ports = new HashSet<>();
        for (String[] row : rows) if (row[3].equals(ESTABLISHED)) ports.add(port(row[2]));
        return ports;
    }

    /**
     * The rows of this server's port: number, local address, remote address, state, bytes to send and to read. Addresses end in a colon and
     * the port in hexadecimal. Null when they cannot be known.
     */
    private List<String[]> rows() {
        List<String[]> rows = new ArrayList<>();
        boolean known = false;
        for (Path table : TABLES) {
            try {
                for (String line : Files.readAllLines(table, StandardCharsets.US_ASCII)) {
                    String[] fields = line.strip().split("\\s+", QUEUES + 2);
                    if (fields.length == QUEUES + 2 && fields[0].endsWith(":") && port(fields[1]) == localPort) rows.add(fields);
                }
                known = true;
            } catch (IOException e) {
                // No such system, or no IPv6.
            }
        }
        return known ? rows : null;
    }

    private static int port(String address) {
        return Integer.parseInt(address, address.lastIndexOf(':') + 1, address.length(), 16);
    }

    /** Of a listening socket, the connections that were not accepted yet. */
    private static long unread(String queues) {
        return Long.parseLong(queues, queues.indexOf(':') + 1, queues.length(), 16);
    }
}
