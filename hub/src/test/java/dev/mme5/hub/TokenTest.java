package dev.mme5.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.hub.FakeHub.Reply;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** The token goes to the endpoint and to nobody else, and no message has it. */
class TokenTest extends HubTestBase {
    private static final String TOKEN = "hf_secretSECRETsecret";

    @Test
    void endpointGetsTheTokenAndTheStorageHostDoesNot() throws IOException {
        assertThat(downloaded(download("HF_TOKEN", TOKEN))).isEqualTo(weights);

        assertThat(server.hubRequests).isNotEmpty().allMatch(request -> request.header("Authorization").equals("Bearer " + TOKEN));
        assertThat(server.storageRequests).isNotEmpty().allMatch(request -> request.header("Authorization").isEmpty());
        assertThat(server.storageRequests).noneMatch(request -> request.headers().containsValue(TOKEN));
    }

    @Test
    void networkPathAndOtherPortAreOtherHosts() {
        for (String location : new String[] {"//127.0.0.1:" + server.storageEndpoint().getPort() + "/x", server.storageEndpoint() + "/x"}) {
            server.fault = (request, normal, isStorage) -> isStorage ? normal : Reply.of(307).with("Location", location);

            assertThatThrownBy(() -> download("HF_TOKEN", TOKEN)).isInstanceOf(HubException.class);

            assertThat(server.storageRequests).isNotEmpty().allMatch(request -> request.header("Authorization").isEmpty());
            server.forgetRequests();
        }
    }

    @Test
    void redirectsOfAStorageHostDoNotGetTheTokenBack() throws IOException {
        server.fault = (request, normal, isStorage) -> isStorage && !request.target().contains("second")
                ? Reply.of(302).with("Location", request.target() + "&second")
                : normal;

        assertThat(downloaded(download("HF_TOKEN", TOKEN))).isEqualTo(weights);
        assertThat(server.storageRequests).allMatch(request -> request.header("Authorization").isEmpty());
    }

    @Test
    void gatedRepositorySaysWhatToDo() {
        server.fault = (request, normal, isStorage) -> request.target().contains("/resolve/")
                ? Reply.of(request.header("Authorization").isEmpty() ? 401 : 403).with("X-Error-Code", "GatedRepo")
                : normal;

        assertThatThrownBy(this::download).hasMessage("acme/tiny is gated: accept its conditions at " + server.endpoint()
                + "/acme/tiny, then set HF_TOKEN to a token of that account, or store one with \"hf auth login\"");
        assertThatThrownBy(() -> download("HF_TOKEN", TOKEN))
                .hasMessageContaining("with the account of the token that is used").hasMessageNotContaining(TOKEN);
    }

    @Test
    void refusalsWithoutACodeSayWhatToDo() {
        server.fault = (request, normal, isStorage) -> Reply.of(401);
        assertThatThrownBy(this::download).hasMessageContaining("check the name, or set HF_TOKEN");
        assertThatThrownBy(() -> download("HF_TOKEN", TOKEN)).hasMessageContaining("does not accept the token")
                .hasMessageNotContaining(TOKEN);

        server.fault = (request, normal, isStorage) -> Reply.of(403);
        assertThatThrownBy(this::download).hasMessageContaining("(403)");
        assertThatThrownBy(() -> download("HF_TOKEN", TOKEN)).hasMessageContaining("the token may not read acme/tiny (403)");
    }

    @Test
    void missingRepositoryAndRevisionAreTold() {
        assertThatThrownBy(() -> hub().download("acme/none")).hasMessageContaining("acme/none does not exist at");
        assertThatThrownBy(() -> hub().download("acme/tiny@v9")).hasMessage("acme/tiny has no revision v9")
                .hasFieldOrPropertyWithValue("remedy", HubException.Remedy.OTHER_REVISION);
    }

    @Test
    void repositoryThatTheHubSaysIsMissingIsToldAsSuch() {
        server.fault = (request, normal, isStorage) -> Reply.of(401).with("X-Error-Code", "RepoNotFound");

        assertThatThrownBy(() -> hub().download("acme/tiny")).hasMessageContaining("acme/tiny does not exist at")
                .hasMessageContaining("or is private").hasMessageEndingWith("or set HF_TOKEN").hasMessageNotContaining("revision");
    }

    @Test
    void tokenComesFromItsFile() throws IOException {
        Files.writeString(temporary.resolve("token"), TOKEN + "\n");

        download("HF_HOME", temporary.toString());

        assertThat(server.hubRequests).allMatch(request -> request.header("Authorization").equals("Bearer " + TOKEN));
    }

    @Test
    void tokenThatCannotBeSentIsRefusedWithoutShowingIt() {
        assertThatThrownBy(() -> settings("HF_TOKEN", "abc\u00e9 def")).hasMessageContaining("the token has characters").satisfies(e -> {
            StringWriter all = new StringWriter();
            e.printStackTrace(new PrintWriter(all));
            assertThat(all.toString()).doesNotContain("abc\u00e9");
        });
        assertThat(settings("HF_TOKEN", TOKEN).toString()).doesNotContain(TOKEN);
    }
}
