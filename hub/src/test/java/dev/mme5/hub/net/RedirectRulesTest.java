package dev.mme5.hub.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedirectRulesTest {
    private final RedirectRules rules = new RedirectRules(URI.create("https://93.184.216.34/hub"), EnvironmentProxies.of(Map.of()));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http://93.184.216.34/x            | which is not encrypted
            ftp://1.2.3.4/x                   | scheme ftp
            file:///etc/passwd                | scheme file
            https://user:pw@1.2.3.4/x         | with a user name
            https://127.0.0.1/x               | an address of this machine
            https://127.9.9.9:8080/x          | an address of this machine
            https://localhost/x               | an address of this machine
            https://LOCALHOST./x              | an address of this machine
            https://a.localhost/x             | an address of this machine
            https://169.254.169.254/latest    | an address of this machine
            https://0.0.0.0/x                 | an address of this machine
            https://2130706433/x              | an address of this machine
            https://[::1]/x                   | an address of this machine
            https://[fe80::1]/x               | an address of this machine
            https://[::ffff:127.0.0.1]/x      | an address of this machine
            //127.0.0.1/x                     | an address of this machine
            https:///x                        | without a host
            https://a b/                      | cannot be read
            """)
    void refusesWhatLeadsElsewhere(String location, String problem) {
        assertThatThrownBy(() -> rules.target(URI.create("https://93.184.216.34/a/b"), location))
                .isInstanceOf(PermanentFailure.class).hasMessageContaining(problem);
    }

    @Test
    void followsRelativeAndStorageAddresses() throws Exception {
        URI from = URI.create("https://93.184.216.34/a/b");

        assertThat(rules.target(from, "/c?d=e")).hasToString("https://93.184.216.34/c?d=e");
        assertThat(rules.target(from, "https://1.2.3.4/x?sig=%2F")).hasToString("https://1.2.3.4/x?sig=%2F");
    }

    @Test
    void onlySchemeHostAndPortOfTheEndpointAreTheEndpoint() {
        assertThat(rules.isEndpoint(URI.create("https://93.184.216.34:443/other"))).isTrue();
        assertThat(rules.isEndpoint(URI.create("http://93.184.216.34/hub"))).isFalse();
        assertThat(rules.isEndpoint(URI.create("https://93.184.216.34:8443/hub"))).isFalse();
        assertThat(rules.isEndpoint(URI.create("https://93.184.216.34.evil.example/hub"))).isFalse();
    }

    @Test
    void tokenIsNotSentInClearTextToOtherMachines() {
        assertThat(sendsToken("http://93.184.216.34")).isFalse();
        assertThat(sendsToken("http://127.0.0.1:1")).isTrue();
        assertThat(sendsToken("https://93.184.216.34")).isTrue();
    }

    private static boolean sendsToken(String endpoint) {
        try (Transport transport = new Transport(URI.create(endpoint), java.util.Optional.of("t"), EnvironmentProxies.of(Map.of()),
                java.time.Duration.ofSeconds(1), java.time.Duration.ofSeconds(1))) {
            return transport.sendsToken();
        }
    }
}
