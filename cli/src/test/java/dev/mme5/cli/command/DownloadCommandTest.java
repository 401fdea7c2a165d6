package dev.mme5.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.cli.Cli.Ran;
import dev.mme5.cli.Cli;
import dev.mme5.cli.LocalHub;
import dev.mme5.cli.context.ExitStatus;
import dev.mme5.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From a hub on this machine to a vector: {@code download}, {@code models}, and {@code --model ORG/NAME}. */
class DownloadCommandTest {
    private static final List<String> MODEL_FILES =
            List.of("README.md", "config.json", "model.safetensors", "preprocessor_config.json", "tokenizer.json", "tokenizer_config.json");

    @TempDir
    Path temporary;

    private LocalHub hub;
    private Path cache;
    private Path snapshot;

    @BeforeEach
    void start() throws IOException {
        hub = new LocalHub().withModel(Cli.MODEL);
        cache = temporary.resolve("cache");
        snapshot = cache.resolve("models--acme--tiny/snapshots/" + LocalHub.COMMIT);
    }

    @AfterEach
    void stop() throws IOException {
        hub.close();
    }

    private Ran run(String... args) {
        return new Cli().folder(temporary).environment(hub.environment(cache)).start(args);
    }

    private Ran offline(String... args) {
        Map<String, String> environment = new HashMap<>(hub.environment(cache));
        environment.put("HF_HUB_OFFLINE", "1");
        return new Cli().folder(temporary).environment(environment).start(args);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).filter(name -> !name.equals(".cache")).sorted().toList();
        }
    }

    private static void assertRefused(Ran ran, String... words) {
        assertThat(ran.status()).as(ran.err()).isEqualTo(ExitStatus.UNUSABLE);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).hasLineCount(1).startsWith("mme5: ").contains(words);
    }

    @Test
    void stdoutIsTheFolderAndNothingElse() throws IOException {
        Ran ran = run("download", "acme/tiny");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out()).isEqualTo(snapshot + "\n");
        assertThat(ran.err()).hasLineCount(1).matches("mme5: acme/tiny: (\\S+) of \\1 MB.*\\R");
        assertThat(names(snapshot)).isEqualTo(MODEL_FILES);
        assertThat(snapshot.resolve("model.safetensors")).hasSameBinaryContentAs(Cli.MODEL.resolve("model.safetensors"));
        assertThat(hub.fetched()).doesNotContain("modeling.py", "pytorch_model.bin").endsWith("model.safetensors");
    }

    @Test
    void quietSaysNothingElse() {
        Ran ran = run("download", "acme/tiny", "--quiet");

        assertThat(ran.out()).isEqualTo(snapshot + "\n");
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void secondDownloadFetchesNothing() {
        run("download", "acme/tiny");
        int before = hub.fetched().size();

        assertThat(run("download", "acme/tiny").out()).isEqualTo(snapshot + "\n");
        assertThat(hub.fetched()).hasSize(before);

        assertThat(run("download", "acme/tiny", "--force").out()).isEqualTo(snapshot + "\n");
        assertThat(hub.fetched()).hasSize(2 * before);
    }

    @Test
    void outputIsAPlainFolderWhoseWeightsCanBeVerified() throws IOException {
        Ran ran = run("download", "acme/tiny", "--output", "here", "--revision", LocalHub.COMMIT);

        Path here = temporary.resolve("here");
        assertThat(ran.out()).as(ran.err()).isEqualTo(here + "\n");
        assertThat(names(here)).isEqualTo(MODEL_FILES);
        assertThat(Files.isSymbolicLink(here.resolve("config.json"))).isFalse();
        assertThat(cache).doesNotExist();
        assertThat(run("embed", "--model", "here", "--verify", "a cat").status()).isZero();
    }

    @Test
    void refusalsNameTheOptionThatHelps() throws IOException {
        Path here = Files.createDirectory(temporary.resolve("here"));
        Files.writeString(here.resolve("config.json"), "mine");
        assertRefused(run("download", "acme/tiny", "--output", ""), "--output is empty, expected DIR (see mme5 download --help)");
        assertRefused(run("download", "acme/tiny", "--output", "here"),
                "here/config.json exists and is another file than that of " + LocalHub.COMMIT + "; --force replaces it");

        Files.writeString(here.resolve("modules.json"), "[]");
        assertRefused(run("download", "acme/tiny", "--output", "here"),
                "here/modules.json is no file of acme/tiny and would count; remove it, or name another folder with --output");

        assertRefused(run("download", "acme/tiny@v9"), "acme/tiny has no revision v9; --revision names a branch, tag or commit");
    }

    @Test
    void unknownFamilyIsRefusedAfterItsConfig() {
        hub.with("config.json", "{\"model_type\":\"other\"}".getBytes(StandardCharsets.UTF_8));

        assertRefused(run("download", "acme/tiny"), "acme/tiny is refused: ", "config.json: model_type: expected \"mllama\"", "\"other\"");
        assertThat(hub.fetched()).containsExactly("config.json");
    }

    @Test
    void nameOfACachedModelIsAModelInEveryCommand() {
        run("download", "acme/tiny");
        String vector = Cli.run("embed", "a cat").out();
        int requests = hub.fetched().size();

        for (String name : List.of("acme/tiny", "acme/tiny@main", "acme/tiny@" + LocalHub.COMMIT)) {
            assertThat(run("embed", "--model", name, "a cat").out()).isEqualTo(vector);
        }
        assertThat(offline("embed", "--model", "acme/tiny", "--verify", "a cat").out()).isEqualTo(vector);
        assertThat(new Cli().environment(hub.environment(cache)).model("acme/tiny").start("embed", "a cat").out()).isEqualTo(vector);
        assertThat(run("tokenize", "--model", "acme/tiny", "a cat").out()).isEqualTo(Cli.run("tokenize", "a cat").out());
        assertThat(run("inspect", "--model", "acme/tiny").out()).startsWith("folder  " + snapshot + "\n");
        assertThat(hub.fetched()).hasSize(requests);
    }

    @Test
    void existingPathComesFirst() throws IOException {
        run("download", "acme/tiny");
        Files.createDirectories(temporary.resolve("acme/tiny"));

        assertRefused(run("embed", "--model", "acme/tiny", "a cat"), temporary.resolve("acme/tiny") + "/config.json: not found");
    }

    @Test
    void modelThatIsNotHereIsOneLineThatNamesDownload() {
        assertRefused(run("embed", "--model", "no/such", "a cat"), "there is no folder no/such, and no/such is not in " + cache,
                "; get it with: mme5 download no/such");
        assertRefused(run("tokenize", "--model", "no/such@v2", "a cat"), "get it with: mme5 download no/such@v2");
        assertRefused(run("embed", "--model", "nowhere", "a cat"), temporary.resolve("nowhere") + ": no such folder");
    }

    @Test
    void cacheEntryIsNoModelFolderButNamesItsSnapshots() {
        run("download", "acme/tiny");

        for (String command : List.of("embed", "tokenize", "inspect")) {
            assertRefused(run(command, "--model", "cache/models--acme--tiny", command.equals("inspect") ? "--json" : "a cat"),
                    "expected a model folder, found a folder of the hub's cache; name a snapshot: " + snapshot);
        }
    }

    @Test
    void offlineDownloadPrintsWhatIsHereOrSaysSo() {
        assertRefused(offline("download", "acme/tiny"), "acme/tiny is not complete in " + cache, "HF_HUB_OFFLINE");

        run("download", "acme/tiny");
        assertThat(offline("download", "acme/tiny").out()).isEqualTo(snapshot + "\n");
    }

    @Test
    void modelsListsTheCache() throws IOException {
        run("download", "acme/tiny");
        Path other = Files.createDirectories(cache.resolve("models--acme--other/snapshots/" + "a".repeat(40)));
        for (String name : MODEL_FILES) Files.copy(Cli.MODEL.resolve("config.json"), other.resolve(name));
        Files.writeString(other.resolve("config.json"), "{\"model_type\":\"other\",\"vision_config\":{}}");
        Path half = Files.createDirectories(cache.resolve("models--acme--half/snapshots/" + "b".repeat(40)));
        Files.copy(Cli.MODEL.resolve("config.json"), half.resolve("config.json"));

        List<String> lines = run("models").lines();

        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).matches("name +revision +size +state");
        assertThat(lines.get(1)).matches("acme/half +b{40} +1.8 kB +incomplete: tokenizer.json was not fetched");
        assertThat(lines.get(2)).matches("acme/other +a{40} +[0-9.]+ kB +not usable: .*config.json: model_type: expected \"mllama\".*");
        assertThat(lines.get(3)).matches("acme/tiny +main +967.3 kB +usable");
    }

    @Test
    void theSameAsJson() {
        run("download", "acme/tiny");

        JsonObject model = run("models", "--json").json().getFirst();

        assertThat(model.text("name")).isEqualTo("acme/tiny");
        assertThat(model.text("folder")).isEqualTo(snapshot.toString());
        assertThat(model.text("commit")).isEqualTo(LocalHub.COMMIT);
        assertThat(model.bool("complete")).isTrue();
        assertThat(model.bool("usable")).isTrue();
    }

    @Test
    void emptyCacheIsNoError() {
        Ran ran = run("models");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).isEqualTo("mme5: no models in " + cache + "; get one with: mme5 download ORG/NAME\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            download                                | ORG/NAME is missing (see mme5 download --help)
            download tiny                           | expected ORG/NAME, found tiny
            download ../x                           | expected ORG/NAME, found ../x
            download acme/tiny@v1 --revision v2     | expected ORG/NAME, found acme/tiny@v1
            download acme/tiny --revision ../x      | expected a branch, tag or commit, found ../x
            download acme/tiny --connections 0      | --connections is 0, expected at least 1 (see mme5 download --help)
            download acme/tiny --connections 65     | --connections is 65, expected at most 64 (see mme5 download --help)
            """)
    void wrongUseIsOneLine(String arguments, String message) {
        Ran ran = run(arguments.split(" +"));

        assertRefused(ran, message);
        assertThat(ran.err()).isEqualTo("mme5: " + message + "\n");
        assertThat(hub.fetched()).isEmpty();
    }
}
