package dev.mme5.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which variable decides what, as Python's client reads them. */
class HubSettingsTest {
    private static final Path HOME = Path.of("/home/u");

    private static HubSettings of(String... pairs) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) environment.put(pairs[i], pairs[i + 1]);
        return HubSettings.of(environment, HOME);
    }

    @Test
    void defaultsAreThoseOfPython() {
        HubSettings settings = of();

        assertThat(settings.endpoint()).isEqualTo(URI.create("https://huggingface.co"));
        assertThat(settings.cache()).isEqualTo(HOME.resolve(".cache/huggingface/hub"));
        assertThat(settings.isOffline()).isFalse();
        assertThat(settings.mayLink()).isTrue();
        assertThat(settings.token()).isEmpty();
    }

    @Test
    void cacheFolderIsDecidedByTheNearestVariable() {
        assertThat(of("XDG_CACHE_HOME", "/x").cache()).isEqualTo(Path.of("/x/huggingface/hub"));
        assertThat(of("XDG_CACHE_HOME", "/x", "HF_HOME", "~/h").cache()).isEqualTo(HOME.resolve("h/hub"));
        assertThat(of("HF_HOME", "/h", "HF_HUB_CACHE", "$BASE/c", "BASE", "/b").cache()).isEqualTo(Path.of("/b/c"));
        assertThat(of("HF_HOME", "/h", "HUGGINGFACE_HUB_CACHE", "/old").cache()).isEqualTo(Path.of("/old"));
    }

    @Test
    void switchesAreOnForTheWordsOfPython() {
        for (String word : new String[] {"1", "on", "Yes", "TRUE"}) assertThat(of("HF_HUB_OFFLINE", word).isOffline()).isTrue();
        for (String word : new String[] {"0", "no", "", "2"}) assertThat(of("HF_HUB_OFFLINE", word).isOffline()).isFalse();
        assertThat(of("TRANSFORMERS_OFFLINE", "1").isOffline()).isTrue();
        assertThat(of("HF_HUB_DISABLE_SYMLINKS", "1").mayLink()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://x", "x", "http://", "https://u:p@x", "https://x?y", "https://x#y", "file:///etc"})
    void endpointThatIsNoneIsRefused(String endpoint) {
        assertThatThrownBy(() -> of("HF_ENDPOINT", endpoint)).isInstanceOf(HubException.class)
                .hasMessageStartingWith("HF_ENDPOINT: expected")
                .hasMessageNotContaining("u:p");
    }

    @Test
    void endpointMayHaveAPathAndSlashes() {
        assertThat(of("HF_ENDPOINT", "https://store/api/hf//").endpoint()).hasToString("https://store/api/hf");
    }

    @ParameterizedTest
    @CsvSource({"https://a.example/x, secure", "http://a.example/x, plain", "http://b.internal/x, none", "http://internal/x, none",
        "http://xinternal/x, plain", "http://localhost/x, none", "http://127.0.0.1:5/x, none", "https://c.example:8443/x, none",
        "https://c.example/x, secure"})
    void proxiesFollowTheEnvironment(String address, String expected) {
        HubSettings settings = of("http_proxy", "plain:3128", "HTTP_PROXY", "wrong:1", "HTTPS_PROXY", "http://u:p@secure:8080/",
                "NO_PROXY", ".internal, c.example:8443");

        Proxy proxy = settings.proxies().select(URI.create(address)).getFirst();

        assertThat(proxy.address() instanceof InetSocketAddress host ? host.getHostString() : "none").isEqualTo(expected);
    }

    @Test
    void proxyThatIsNoneIsRefused() {
        assertThatThrownBy(() -> of("HTTPS_PROXY", "socks5://secret@x:1").proxies().select(URI.create("https://huggingface.co")))
                .hasMessage("HTTPS_PROXY: expected http://HOST:PORT, found the scheme socks5");
        assertThatThrownBy(() -> of("HTTPS_PROXY", "http://[secret").proxies().select(URI.create("https://huggingface.co")))
                .hasMessageNotContaining("secret");
    }
}
