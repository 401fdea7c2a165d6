package dev.mme5.hub.net;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The hosts of {@code NO_PROXY}, separated by commas or spaces: {@code *} for all, a name for itself and all names below it (with
 * {@code .} or {@code *.} in front or not), an address, a network such as {@code 10.0.0.0/8}; each with {@code :PORT} or for all ports.
 */
final class ProxyExclusions {
    private final List<Entry> entries;

    private ProxyExclusions(List<Entry> entries) {
        this.entries = entries;
    }

    /** One entry; the port is -1 for all. */
    private record Entry(String host, int port, Optional<Network> network) {

        static Entry parse(String text) {
            String host = text;
            int port = -1;
            int colon = text.lastIndexOf(':');
            boolean isBareIpv6 = text.indexOf(':') != colon && !text.startsWith("[");
            if (colon > 0 && !isBareIpv6 && text.substring(colon + 1).matches("\\d{1,5}")) {
                host = text.substring(0, colon);
                port = Integer.parseInt(text.substring(colon + 1));
            }
            if (host.startsWith("*.")) host = host.substring(1);
            if (host.startsWith(".")) host = host.substring(1);
            return new Entry(host, port, Network.parse(host));
        }

        boolean contains(String wanted, Optional<Network> address, int wantedPort) {
            if (port >= 0 && port != wantedPort) return false;
            if (host.equals("*")) return true;
            if (network.isPresent()) return address.isPresent() && network.get().contains(address.get());
            return !host.isEmpty() && (wanted.equals(host) || wanted.endsWith("." + host));
        }
    }

    /** An address and how many of its first bits count. */
    private record Network(byte[] address, int bits) {

        /** Of {@code ADDRESS} or {@code ADDRESS/BITS}; empty for names, which are never looked up. */
        static Optional<Network> parse(String text) {
            int slash = text.indexOf('/');
            String literal = slash < 0 ? text : text.substring(0, slash);
            if (literal.startsWith("[") && literal.endsWith("]")) literal = literal.substring(1, literal.length() - 1);
            try {
                byte[] address = InetAddress.ofLiteral(literal).getAddress();
                int bits = address.length * Byte.SIZE;
                if (slash >= 0) bits = Math.clamp(Integer.parseInt(text.substring(slash + 1)), 0, bits);
                return Optional.of(new Network(address, bits));
            } catch (IllegalArgumentException e) {
                return Optional.empty();   // a NumberFormatException too
            }
        }

        boolean contains(Network host) {
            if (host.address.length != address.length) return false;
            for (int i = 0; i < bits; i++) {
                int difference = address[i / Byte.SIZE] ^ host.address[i / Byte.SIZE];
                if ((difference & 0x80 >> i % Byte.SIZE) != 0) return false;
            }
            return true;
        }
    }

    static ProxyExclusions parse(String list) {
        List<Entry> entries = new ArrayList<>();
        for (String text : list.split("[,\\s]+")) {
            if (!text.isEmpty()) entries.add(Entry.parse(text.toLowerCase(Locale.ROOT)));
        }
        return new ProxyExclusions(List.copyOf(entries));
    }

    /** Whether a host is this machine, which no proxy reaches. */
    static boolean isThisMachine(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost") || name.equals("[::1]") || Network.parse("127.0.0.0/8").orElseThrow()
                .contains(Network.parse(name).orElse(new Network(new byte[0], 0)));
    }

    /**
     * @param host as in an address: IPv6 in brackets
     */
    boolean contains(String host, int port) {
        String name = host.toLowerCase(Locale.ROOT);
        Optional<Network> address = Network.parse(name);
        return entries.stream().anyMatch(entry -> entry.contains(name, address, port));
    }
}
