package dev.mme5.hub.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Proxy;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyExclusionsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            *                       | https://hub.example/x        | true
            hub.example             | https://hub.example/x        | true
            HUB.Example             | https://a.HUB.example/x      | true
            .hub.example            | https://a.hub.example/x      | true
            .hub.example            | https://hub.example/x        | true
            *.hub.example           | https://a.hub.example/x      | true
            hub.example             | https://myhub.example/x      | false
            other, hub.example      | https://hub.example/x        | true
            other hub.example       | https://hub.example/x        | true
            hub.example:443         | https://hub.example/x        | true
            hub.example:443         | https://hub.example:8443/x   | false
            hub.example:80          | http://hub.example/x         | true
            .hub.example:8443       | https://a.hub.example:8443/x | true
            *:443                   | https://hub.example/x        | true
            *:443                   | http://hub.example/x         | false
            10.0.0.0/8              | https://10.200.3.4/x         | true
            10.0.0.0/8              | https://11.0.0.1/x           | false
            192.168.64.0/18         | https://192.168.127.1/x      | true
            192.168.64.0/18         | https://192.168.128.1/x      | false
            10.0.0.1                | https://10.0.0.1/x           | true
            10.0.0.1:8080           | https://10.0.0.1:8080/x      | true
            10.0.0.1:8080           | https://10.0.0.1/x           | false
            10.0.0.0/8              | https://10.hub.example/x     | false
            10.0.0.0/wide           | https://10.0.0.1/x           | false
            fd00::/8                | https://[fd12::1]/x          | true
            fd00::/8                | https://[fe12::1]/x          | false
            [fd12::1]:8443          | https://[fd12::1]:8443/x     | true
            fd12::1                 | https://[fd12::1]/x          | true
            ,. ,                    | https://hub.example/x        | false
            """)
    void hostsAndNetworks(String noProxy, String address, boolean isExcluded) {
        EnvironmentProxies proxies = EnvironmentProxies.of(Map.of("ALL_PROXY", "http://proxy:3128", "NO_PROXY", noProxy));

        assertThat(proxies.select(URI.create(address)).contains(Proxy.NO_PROXY)).isEqualTo(isExcluded);
    }
}
