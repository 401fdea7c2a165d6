package dev.mme5.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.hub.FakeHub.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The environment's proxy is asked for both hosts, whose names this machine cannot resolve. */
class ProxyTest extends HubTestBase {

    private String proxy(String user) {
        return "http://" + user + "127.0.0.1:" + server.endpoint().getPort();
    }

    @Test
    void proxyOfTheEnvironmentIsUsedForAllHosts() throws IOException {
        server.fault = (request, normal, isStorage) -> normal.headers.containsKey("Location")
                ? normal.with("Location", normal.headers.get("Location").replaceFirst("http://[^/]*", "http://storage.invalid"))
                : normal;

        assertThat(downloaded(download("HF_ENDPOINT", "http://hub.invalid", "http_proxy", proxy("u:p%40w@"), "HF_TOKEN", "hf_secret")))
                .isEqualTo(weights);

        assertThat(server.hubRequests.stream().map(request -> request.header("asked-as-proxy-for")).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder("hub.invalid", "storage.invalid");
        assertThat(server.hubRequests).allMatch(request -> request.header("Proxy-Authorization").equals("Basic dTpwQHc="));   // u:p@w
        assertThat(server.hubRequests).noneMatch(request -> request.headers().containsValue("Bearer hf_secret"));   // not encrypted
        assertThat(server.storageRequests).isEmpty();
    }

    @Test
    void proxyThatWantsAPasswordIsTold() {
        server.fault = (request, normal, isStorage) -> Reply.of(407).with("Proxy-Authenticate", "Basic realm=\"x\"");

        assertThatThrownBy(() -> download("HF_ENDPOINT", "http://hub.invalid", "HTTP_PROXY", proxy("")))
                .hasMessageContaining("(407): write http://USER:PASSWORD@HOST:PORT");
    }

    @Test
    void proxyThatCannotBeReachedIsNamed() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }

        assertThatThrownBy(() -> download("HF_ENDPOINT", "http://hub.invalid", "HTTP_PROXY", "http://127.0.0.1:" + closed))
                .hasMessageContaining("hub.invalid cannot be reached or broke off through the proxy 127.0.0.1:" + closed + ": ");
    }

    @Test
    void proxyBehindWhichAHostIsSilentIsNamed() {
        stall = Duration.ofMillis(300);
        server.fault = (request, normal, isStorage) -> {
            Thread.sleep(60_000);
            return normal;
        };

        assertThatThrownBy(() -> download("HF_ENDPOINT", "http://hub.invalid", "HTTP_PROXY", proxy("")))
                .hasMessageContaining("hub.invalid sent nothing for 0 s through the proxy 127.0.0.1:" + server.endpoint().getPort());
    }
}
