package dev.mme5.server.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds out which clients are gone. The JDK's server does not read from a connection whose request is being computed and does not show its
 * channel, so it cannot tell. Linux can: its table of connections says which are still established. Elsewhere nobody is found to be gone.
 */
final class PeerTable {
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final String ESTABLISHED = "01";

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

    /**
     * The clients' ports of all connections with this server that are open on both sides; null when that cannot be known. Two clients on two
     * machines may have the same port: then the one that stays hides the one that is gone, for as long as it stays.
     */
    private Set<Integer> established() {
        Set<Integer> ports = new HashSet<>();
        boolean known = false;
        for (Path table : TABLES) {
            try {
                for (String line : Files.readAllLines(table, StandardCharsets.US_ASCII)) addPort(line, ports);
                known = true;
            } catch (IOException e) {
                // No such system, or no IPv6.
            }
        }
        return known ? ports : null;
    }

    /** A line: number, local address, remote address, state; addresses end in a colon and the port in hexadecimal. */
    private void addPort(String line, Set<Integer> ports) {
        String[] fields = line.strip().split("\\s+", 5);
        if (fields.length < 5 || !fields[3].equals(ESTABLISHED) || port(fields[1]) != localPort) return;
        ports.add(port(fields[2]));
    }

    private static int port(String address) {
        return Integer.parseInt(address, address.lastIndexOf(':') + 1, address.length(), 16);
    }
}
