package dev.mme5.hub;

import dev.mme5.hub.net.EnvironmentProxies;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the hub is and where its cache is: what the environment decides, as Python's {@code huggingface_hub} reads it.
 *
 * @param endpoint http or https, without a slash at the end
 * @param token sent to the endpoint's host only
 * @param cache the folder of all repositories
 * @param isOffline whether no request may be sent
 * @param mayLink false for copies instead of symbolic links
 * @param proxies by address
 * @param connectTimeout until a connection stands
 * @param stallTimeout after which a silent connection is given up
 * @param attempts how often in a row a request may fail
 * @param firstPause before a request is repeated; doubles up to 30 seconds
 */
public record HubSettings(URI endpoint, Optional<String> token, Path cache, boolean isOffline, boolean mayLink, ProxySelector proxies,
        Duration connectTimeout, Duration stallTimeout, int attempts, Duration firstPause) {
    private static final String DEFAULT_ENDPOINT = "https://huggingface.co";
    private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{([A-Za-z0-9_]+)}|([A-Za-z0-9_]+))");

    /** @throws HubException when the endpoint is no address, or the token could not stand in a header */
    public HubSettings {
        boolean isWeb = "http".equalsIgnoreCase(endpoint.getScheme()) || "https".equalsIgnoreCase(endpoint.getScheme());
        boolean isPlain = isWeb && endpoint.getHost() != null && endpoint.getRawUserInfo() == null && endpoint.getRawQuery() == null
                && endpoint.getRawFragment() == null && !endpoint.toString().endsWith("/");
        if (!isPlain) throw new HubException("HF_ENDPOINT: expected http:// or https:// and a host, found " + withoutUser(endpoint));
        if (token.isPresent() && !token.get().matches("[!-~]+")) {
            throw new HubException("the token has characters that cannot be sent: check HF_TOKEN or the file of HF_TOKEN_PATH");
        }
    }

    /**
     * Reads the environment.
     *
     * @param home the user's folder
     * @throws HubException when a variable cannot be used
     */
    public static HubSettings of(Map<String, String> environment, Path home) {
        try {
            return new Reader(environment, home).settings();
        } catch (InvalidPathException e) {
            throw new HubException("HF_HOME, HF_HUB_CACHE or HF_TOKEN_PATH: expected a path, found " + e.getInput(), e);
        } catch (IllegalArgumentException e) {
            throw new HubException(e.getMessage(), e);
        }
    }

    public HubSettings withCache(Path other) {
        return new HubSettings(endpoint, token, other, isOffline, mayLink, proxies, connectTimeout, stallTimeout, attempts, firstPause);
    }

    /** Shorter or longer waits. */
    public HubSettings withPatience(Duration stall, int tries, Duration pause) {
        return new HubSettings(endpoint, token, cache, isOffline, mayLink, proxies, connectTimeout, stall, tries, pause);
    }

    private static String withoutUser(URI address) {
        return address.getRawUserInfo() == null ? address.toString() : "an address with a user name";
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "HubSettings[endpoint=" + endpoint + ", token=" + (token.isPresent() ? "(set)" : "(none)") + ", cache=" + cache
                + ", isOffline=" + isOffline + "]";
    }

    private record Reader(Map<String, String> environment, Path home) {

        HubSettings settings() {
            String endpoint = value("HF_ENDPOINT").orElse(DEFAULT_ENDPOINT).replaceAll("/+$", "");
            Path hfHome = value("HF_HOME").map(this::path)
                    .orElseGet(() -> value("XDG_CACHE_HOME").map(this::path).orElse(home.resolve(".cache")).resolve("huggingface"));
            Path cache = value("HF_HUB_CACHE").or(() -> value("HUGGINGFACE_HUB_CACHE")).map(this::path).orElse(hfHome.resolve("hub"));
            boolean isOffline = isTrue(value("HF_HUB_OFFLINE").or(() -> value("TRANSFORMERS_OFFLINE")));
            return new HubSettings(address(endpoint), isOffline ? Optional.empty() : token(hfHome), cache, isOffline,
                    !isTrue(value("HF_HUB_DISABLE_SYMLINKS")),
                    EnvironmentProxies.of(environment), Duration.ofSeconds(20), Duration.ofSeconds(30), 8, Duration.ofMillis(500));
        }

        private static URI address(String endpoint) {
            try {
                return URI.create(endpoint);
            } catch (IllegalArgumentException e) {
                throw new HubException("HF_ENDPOINT: expected http:// or https:// and a host, found an address that cannot be read");
            }
        }

        private Optional<String> token(Path hfHome) {
            Optional<String> given = value("HF_TOKEN").or(() -> value("HUGGING_FACE_HUB_TOKEN"));
            if (given.isPresent()) return clean(given.get());
            if (isTrue(value("HF_HUB_DISABLE_IMPLICIT_TOKEN"))) return Optional.empty();
            Path file = value("HF_TOKEN_PATH").map(this::path).orElse(hfHome.resolve("token"));
            try {
                if (!Files.isRegularFile(file)) return Optional.empty();
                if (Files.size(file) > 10_000) throw new HubException(file + ": expected a token, found " + Files.size(file) + " bytes");
                return clean(Files.readString(file));
            } catch (IOException e) {
                throw new HubException(file + ": the token cannot be read: " + e.getClass().getSimpleName(), e);
            }
        }

        private static Optional<String> clean(String token) {
            return Optional.of(token.replaceAll("[\\r\\n]", "").strip()).filter(text -> !text.isEmpty());
        }

        private Optional<String> value(String name) {
            return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
        }

        private static boolean isTrue(Optional<String> value) {
            return value.filter(text -> TRUE.contains(text.strip().toUpperCase(Locale.ROOT))).isPresent();
        }

        /** With {@code ~} and {@code $NAME} replaced, as Python does. */
        private Path path(String text) {
            String expanded = VARIABLE.matcher(text).replaceAll(found -> {
                String name = found.group(1) == null ? found.group(2) : found.group(1);
                return Matcher.quoteReplacement(environment.getOrDefault(name, found.group()));
            });
            if (expanded.equals("~")) return home;
            return expanded.startsWith("~/") ? home.resolve(expanded.substring(2)) : Path.of(expanded);
        }
    }
}
