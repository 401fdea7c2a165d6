package dev.mme5.hub.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The proxies that the environment names, which Java does not read by itself: {@code HTTPS_PROXY}, {@code HTTP_PROXY},
 * {@code ALL_PROXY} and {@code NO_PROXY}, in lower case first, as curl and Python take them. This machine is never reached by
 * a proxy.
 */
public final class EnvironmentProxies extends ProxySelector {
    private final Optional<Setting> http;
    private final Optional<Setting> https;
    private final ProxyExclusions excluded;

    /** A variable as it stands. It is read when a request needs it: most commands send none. */
    private record Setting(String variable, String text) {}

    private EnvironmentProxies(Optional<Setting> http, Optional<Setting> https, ProxyExclusions excluded) {
        this.http = http;
        this.https = https;
        this.excluded = excluded;
    }

    /** The proxies of an environment; see {@link #requireUsable}. */
    public static EnvironmentProxies of(Map<String, String> environment) {
        Optional<String> all = value(environment, "ALL_PROXY");
        return new EnvironmentProxies(
                value(environment, "HTTP_PROXY").or(() -> all).map(text -> new Setting("HTTP_PROXY", text)),
                value(environment, "HTTPS_PROXY").or(() -> all).map(text -> new Setting("HTTPS_PROXY", text)),
                ProxyExclusions.parse(value(environment, "NO_PROXY").orElse("")));
    }

    /**
     * Checks the proxy that requests to an address go through.
     *
     * @throws IllegalArgumentException when it cannot be used; the message has no password
     */
    public void requireUsable(URI address) {
        proxyFor(address);
    }

    /** {@code user:password} of the proxy for the address, percent-decoded as it stands in the variable. */
    public Optional<String> credentials(URI address) {
        return proxyFor(address).map(URI::getUserInfo);
    }

    @Override
    public List<Proxy> select(URI address) {
        return proxyFor(address)
                .map(proxy -> List.of(new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy.getHost(), port(proxy)))))
                .orElse(List.of(Proxy.NO_PROXY));
    }

    @Override
    public void connectFailed(URI address, SocketAddress proxy, IOException failure) {
        // The request fails with the same exception.
    }

    private Optional<URI> proxyFor(URI address) {
        String host = address.getHost();
        if (host == null || ProxyExclusions.isThisMachine(host) || excluded.contains(host, port(address))) return Optional.empty();
        Optional<Setting> setting = "https".equalsIgnoreCase(address.getScheme()) ? https : http;
        return setting.map(found -> proxy(found.variable(), found.text()));
    }

    private static int port(URI address) {
        if (address.getPort() >= 0) return address.getPort();
        return "https".equalsIgnoreCase(address.getScheme()) ? 443 : 80;
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        String lower = environment.get(name.toLowerCase(Locale.ROOT));
        String text = lower == null ? environment.get(name) : lower;
        return Optional.ofNullable(text).map(String::strip).filter(found -> !found.isEmpty());
    }

    private static URI proxy(String variable, String text) {
        try {
            URI proxy = URI.create(text.contains("://") ? text : "http://" + text);
            String scheme = proxy.getScheme().toLowerCase(Locale.ROOT);
            if (!scheme.equals("http")) throw unusable(variable, "expected http://HOST:PORT, found the scheme " + scheme);
            if (proxy.getHost() == null) throw unusable(variable, "expected http://HOST:PORT, found no host");
            return proxy;
        } catch (IllegalArgumentException e) {
            if (e instanceof UnusableProxy) throw e;
            throw unusable(variable, "expected http://HOST:PORT, found an address that cannot be read");
        }
    }

    private static IllegalArgumentException unusable(String variable, String problem) {
        return new UnusableProxy(variable + ": " + problem);
    }

    private static final class UnusableProxy extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        UnusableProxy(String message) {
            super(message);
        }
    }
}
