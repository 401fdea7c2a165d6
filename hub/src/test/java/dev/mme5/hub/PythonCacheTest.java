package dev.mme5.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cache that Python's huggingface_hub made ({@code src/test/python/make_cache_fixture.py}) is read here, and the other way round.
 */
class PythonCacheTest {
    private static final String NAME = "acme/from-python";
    private static final String COMMIT = "89abcdef0123456789abcdef0123456789abcdef";

    @TempDir
    Path temporary;

    private Path cache;

    @BeforeEach
    void copyFixture() throws IOException {
        cache = temporary.resolve("hub");
        Path fixture = Path.of(System.getProperty("basedir", "."), "src/test/fixtures/python-cache");
        if (!Files.exists(fixture)) fixture = Path.of("hub/src/test/fixtures/python-cache");
        Path source = fixture;
        try (var entries = Files.walk(source)) {
            for (Path entry : entries.toList()) {
                Files.copy(entry, cache.resolve(source.relativize(entry).toString()), LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    /** No request can succeed. */
    private ModelHub hub() {
        return ModelHub.of(HubSettings.of(Map.of("HF_ENDPOINT", "http://127.0.0.1:9", "HF_HUB_CACHE", cache.toString()), temporary));
    }

    private Path blobOf(String name) throws IOException {
        Path link = hub().find(NAME).orElseThrow().resolve(name);
        return link.getParent().resolve(Files.readSymbolicLink(link)).normalize();
    }

    @Test
    void pythonsSnapshotIsFoundByBranchAndByCommit() {
        Path folder = cache.resolve("models--acme--from-python/snapshots/" + COMMIT);

        assertThat(hub().find(NAME)).contains(folder);
        assertThat(hub().find(NAME + "@" + COMMIT)).contains(folder);
        assertThat(hub().find(NAME + "@other")).isEmpty();
        assertThat(hub().list()).singleElement().satisfies(model -> assertThat(model.isUsable()).isTrue());
    }

    /** Without the list of the commit's files nobody knows whether there is a file that says how states are pooled. */
    @Test
    void snapshotThatMayLackFilesIsIncomplete() throws IOException {
        Path repository = cache.resolve("models--acme--from-python");
        Files.delete(repository.resolve("trees/" + COMMIT + ".json"));

        assertThat(hub().find(NAME)).isEmpty();
        assertThat(hub().list().getFirst().missing()).contains("tokenizer_config.json");
        for (String absent : new String[] {"tokenizer_config.json", "modules.json", "sentence_bert_config.json",
            "special_tokens_map.json", "added_tokens.json"}) {
            assertThat(hub().find(NAME)).isEmpty();
            Files.createFile(repository.resolve(".no_exist/" + COMMIT + "/" + absent));
        }
        assertThat(hub().find(NAME)).isPresent();
    }

    /** Transformers 5 saves no preprocessor_config.json, so that nobody can know of its absence. */
    @Test
    void imageModelOfTransformers5IsComplete() throws IOException {
        Path repository = cache.resolve("models--acme--from-python");
        Files.delete(repository.resolve("trees/" + COMMIT + ".json"));
        Files.delete(repository.resolve(".no_exist/" + COMMIT + "/preprocessor_config.json"));
        Files.createFile(repository.resolve(".no_exist/" + COMMIT + "/tokenizer_config.json"));
        Path snapshot = repository.resolve("snapshots/" + COMMIT);
        Files.delete(snapshot.resolve("config.json"));
        Files.writeString(snapshot.resolve("config.json"), "{\"model_type\": \"mllama\", \"vision_config\": {}}");

        assertThat(hub().list().getFirst().missing()).contains("preprocessor_config.json");
        Files.writeString(snapshot.resolve("processor_config.json"), "{}");
        assertThat(hub().find(NAME)).isPresent();
    }

    @Test
    void shardThatIsMissingMakesTheSnapshotIncomplete() throws IOException {
        Files.delete(blobOf("model-00002-of-00002.safetensors"));

        assertThat(hub().find(NAME)).isEmpty();
        assertThat(hub().list().getFirst().missing()).contains("model-00002-of-00002.safetensors");
    }

    /** huggingface_hub 2 keeps large blobs once for all repositories, and links the repository's blob to them. */
    @Test
    void blobInTheSharedStoreIsFound() throws IOException {
        Path blob = blobOf("model-00001-of-00002.safetensors");
        Path shared = cache.resolve("blobs/ab/" + "ab".repeat(32));
        Files.createDirectories(shared.getParent());
        Files.move(blob, shared);
        Files.createSymbolicLink(blob, blob.getParent().relativize(shared));

        assertThat(hub().find(NAME)).isPresent();
        assertThat(hub().list()).hasSize(1);
    }

    /** With {@code -Dmme5.python=INTERPRETER} that has huggingface_hub. */
    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // nothing interrupts reading what a process says
    void pythonFindsOurs() throws Exception {
        String interpreter = System.getProperty("mme5.python", "");
        assumeTrue(!interpreter.isEmpty(), "mme5.python names no interpreter");
        Path script = Path.of(System.getProperty("basedir", "."), "src/test/python/read_our_cache.py");
        Path ours = temporary.resolve("ours");
        try (FakeHub server = new FakeHub()) {
            server.tinyModel(new byte[100_000]);
            ModelHub.of(HubSettings.of(Map.of("HF_ENDPOINT", server.endpoint().toString(), "HF_HUB_CACHE", ours.toString()), temporary))
                    .download("acme/tiny");
        }

        Process python = new ProcessBuilder(interpreter, script.toString(), ours.toString(), "acme/tiny").redirectErrorStream(true).start();
        String said = new String(python.getInputStream().readAllBytes());

        assertThat(python.waitFor()).as(said).isZero();
        System.out.print(said);
        assertThat(said).contains("finds acme/tiny");
    }
}
