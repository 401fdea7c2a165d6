package dev.mme5.hub.net;

import java.net.InetAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Where a redirect may lead. Responses come from a stranger, so an address in one is followed only by these rules:
 * <ul>
 * <li>http and https, no user name in the address;
 * <li>never from https down to http;
 * <li>never to this machine or its link (loopback and link-local addresses, where clouds keep credentials), unless the endpoint
 * is such an address itself.
 * </ul>
 * The token goes to the endpoint's own scheme, host and port and nowhere else: {@link #isEndpoint}.
 */
final class RedirectRules {
    private final URI endpoint;
    private final ProxySelector proxies;
    private final boolean endpointIsLocal;

    /**
     * @param proxies where a proxy is used, it resolves the names, and only literal addresses are looked at here
     */
    RedirectRules(URI endpoint, ProxySelector proxies) {
        this.endpoint = endpoint;
        this.proxies = proxies;
        this.endpointIsLocal = isLocal(endpoint);
    }

    /** Whether the address has scheme, host and port of the endpoint. */
    boolean isEndpoint(URI address) {
        return isSameOrigin(endpoint, address);
    }

    /** A relative reference keeps the host; {@code //host/path} names one and is absolute. */
    static boolean isRelative(String location) {
        return !location.startsWith("//") && !location.startsWith("\\") && !location.matches("(?s)[A-Za-z][A-Za-z0-9+.-]*:.*");
    }

    /**
     * @param from the address that answered
     * @param location the header's value
     */
    URI target(URI from, String location) throws PermanentFailure {
        URI target;
        try {
            target = from.resolve(new URI(location));   // not normalized: a signature covers the path as it is
        } catch (URISyntaxException e) {
            throw refused(from, "an address that cannot be read", e);
        }
        String scheme = scheme(target);
        if (!scheme.equals("https") && !scheme.equals("http")) throw refused(from, "an address of scheme " + scheme, null);
        if (target.getHost() == null) throw refused(from, "an address without a host", null);
        if (target.getRawUserInfo() != null) throw refused(from, "an address with a user name", null);
        if (scheme(from).equals("https") && scheme.equals("http")) {
            throw refused(from, "http://" + target.getHost() + ", which is not encrypted", null);
        }
        if (!endpointIsLocal && !isEndpoint(target) && isLocal(target)) {
            throw refused(from, target.getHost() + ", an address of this machine or its link", null);
        }
        return target;
    }

    static boolean isSameOrigin(URI a, URI b) {
        return scheme(a).equals(scheme(b)) && a.getHost() != null && a.getHost().equalsIgnoreCase(b.getHost()) && port(a) == port(b);
    }

    /** Whether the address is this machine's or its link's. A name that does not resolve is not. */
    boolean isLocal(URI address) {
        String host = address.getHost().toLowerCase(Locale.ROOT).replaceAll("^\\[|]$|\\.+$", "");
        if (host.equals("localhost") || host.endsWith(".localhost")) return true;
        try {
            return isLocal(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException isName) {
            return isDirect(address) && resolvesToLocal(host);
        }
    }

    /** Whether requests to the address stay on this machine: no proxy, and every address of the name is a loopback one. */
    boolean isThisMachine(URI address) {
        if (!isDirect(address)) return false;
        try {
            return Stream.of(InetAddress.getAllByName(address.getHost())).allMatch(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private boolean isDirect(URI address) {
        return proxies.select(address).stream().allMatch(proxy -> proxy.type() == Proxy.Type.DIRECT);
    }

    private static boolean resolvesToLocal(String host) {
        try {
            return Stream.of(InetAddress.getAllByName(host)).anyMatch(RedirectRules::isLocal);
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static boolean isLocal(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean isUniqueLocal = bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
        return address.isLoopbackAddress() || address.isLinkLocalAddress() || address.isAnyLocalAddress() || isUniqueLocal;
    }

    private static String scheme(URI address) {
        return String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    }

    private static int port(URI address) {
        if (address.getPort() >= 0) return address.getPort();
        return scheme(address).equals("https") ? 443 : 80;
    }

    private static PermanentFailure refused(URI from, String what, Exception cause) {
        return new PermanentFailure(from.getHost() + " redirects to " + what, cause);
    }
}
