package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.testing.Golden;
import dev.mme5.json.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link Options#verify}: weights against the sums that were recorded for them, wherever those are. */
class VerifiedWeightsTest {
    private static final Options VERIFY = Options.defaults().withVerify(true);

    /** Of the three shards, as sha256sum says. */
    private static final List<String> SUMS = List.of(
            "cdbed7ea324cfde9fc65d018693835e3cef3ed18077ded4739e0b67986d1fc42",
            "d192cf98aca072b64035450a8c37526bae4d0ed7aa99fdf198932fae8af6204c",
            "bd6d0847561adbe09a14dd4f6b12e989a4cef316f5b6d82584e18841bd73bef4");

    @TempDir
    private Path folder;

    private final List<String> names = new ArrayList<>();

    @BeforeEach
    void copyModel() throws IOException {
        try (Stream<Path> files = Files.list(Golden.read("c-f16-sharded").folder())) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                Files.copy(file, folder.resolve(name));
                if (name.endsWith(".safetensors")) names.add(name);
            }
        }
    }

    @Test
    void aManifestBesideThemCounts() throws IOException {
        manifest(SUMS);
        List<Integer> told = new ArrayList<>();

        EmbeddingModel.open(folder, VERIFY, (done, total) -> told.add(done)).close();

        assertThat(told).hasSizeGreaterThanOrEqualTo(3).isSorted();
    }

    @Test
    void aShardThatDiffersIsNamed() throws IOException {
        List<String> sums = new ArrayList<>(SUMS);
        sums.set(1, "f".repeat(64));
        manifest(sums);

        assertRefused(folder.resolve(names.get(1)) + ": expected SHA-256 " + "f".repeat(64) + " (SHA256SUMS), found " + SUMS.get(1));
        EmbeddingModel.open(folder).close();
    }

    @Test
    void aShardWithoutASumIsRefused() throws IOException {
        manifest(SUMS.subList(0, 2));

        assertRefused(folder.resolve(names.get(2)) + ": expected a recorded SHA-256 (a line of SHA256SUMS beside it, or what a "
                + "Hugging Face download keeps), found none");
    }

    @Test
    void aManifestElsewhereIsNotOpened(@TempDir Path elsewhere) throws IOException {
        Path other = Files.writeString(elsewhere.resolve("other"), "");
        Files.createSymbolicLink(folder.resolve("SHA256SUMS"), other);

        assertRefused(folder.resolve("SHA256SUMS") + ": expected a file in the model folder, found a link to " + other.toRealPath());
    }

    @Test
    void aManifestOfAnySizeIsNotRead() throws IOException {
        Files.write(folder.resolve("SHA256SUMS"), new byte[(1 << 20) + 1]);

        assertRefused(folder.resolve("SHA256SUMS") + ": cannot be read: it has more than 1048576 bytes");
    }

    @Test
    void theNamesOfBlobsInACacheCount() throws IOException {
        Path snapshot = Files.createDirectories(folder.resolve("cache/snapshots/main"));
        Path blobs = Files.createDirectories(folder.resolve("cache/blobs"));
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = file.getFileName().toString();
                Path blob = blobs.resolve(names.contains(name) ? SUMS.get(names.indexOf(name)) : name);
                Files.createSymbolicLink(snapshot.resolve(name), Files.move(file, blob));
            }
        }

        EmbeddingModel.open(snapshot, VERIFY).close();

        Path first = blobs.resolve(SUMS.getFirst());
        byte[] bytes = Files.readAllBytes(first);
        bytes[bytes.length - 1]++;
        Files.write(first, bytes);
        assertThatThrownBy(() -> EmbeddingModel.open(snapshot, VERIFY)).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(names.getFirst() + ": expected SHA-256 " + SUMS.getFirst() + " (the blob's name), found ");
    }

    /** The store that repositories share names its files by a digest of another kind, which looks alike. */
    @Test
    void theNameOfTheRepositorysBlobCountsNotThatOfTheSharedStore() throws IOException {
        Path store = Files.createDirectories(folder.resolve("cache/blobs/ab"));
        Path snapshot = Files.createDirectories(folder.resolve("cache/models--o--n/snapshots/main"));
        Path blobs = Files.createDirectories(folder.resolve("cache/models--o--n/blobs"));
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = file.getFileName().toString();
                String blob = names.contains(name) ? SUMS.get(names.indexOf(name)) : name;
                Path stored = Files.move(file, store.resolve(names.contains(name) ? "ab" + blob.substring(2) : name));
                Files.createSymbolicLink(blobs.resolve(blob), stored);
                Files.createSymbolicLink(snapshot.resolve(name), Path.of("../../blobs", blob));
            }
        }

        EmbeddingModel.open(snapshot, VERIFY).close();
    }

    @Test
    void theEtagsOfADownloadCount() throws IOException {
        Path kept = Files.createDirectories(folder.resolve(".cache/huggingface/download"));
        for (int i = 0; i < 3; i++) {
            Files.writeString(kept.resolve(names.get(i) + ".metadata"), "0123456789abcdef\n" + SUMS.get(i) + "\n1764000000.0\n");
        }
        EmbeddingModel.open(folder, VERIFY).close();

        Files.writeString(kept.resolve(names.get(2) + ".metadata"), "0123456789abcdef\n" + "0".repeat(64) + "\n1764000000.0\n");
        assertRefused(
                folder.resolve(names.get(2)) + ": expected SHA-256 " + "0".repeat(64) + " (the download's etag), found " + SUMS.get(2));
    }

    @Test
    void anInterruptEndsIt() throws IOException {
        manifest(SUMS);
        ProgressListener interrupting = (done, total) -> Thread.currentThread().interrupt();

        assertThatThrownBy(() -> EmbeddingModel.open(folder, VERIFY, interrupting)).isInstanceOf(CancelledException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    private void manifest(List<String> sums) throws IOException {
        StringBuilder lines = new StringBuilder("a remark\n");
        for (int i = 0; i < sums.size(); i++) lines.append(sums.get(i)).append(i == 0 ? " *" : "  ").append(names.get(i)).append('\n');
        Files.writeString(folder.resolve("SHA256SUMS"), lines);
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> EmbeddingModel.open(folder, VERIFY)).isInstanceOf(ModelFormatException.class).hasMessage(message);
    }
}
