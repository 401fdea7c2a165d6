package dev.mme5.lucene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong with the files, the index works or says so in one line. */
class DamagedIndexTest {
    private static final List<float[]> VECTORS = TestVectors.clustered(10_000, 4, 10, 1);   // enough for a graph

    @TempDir
    static Path folder;

    private static Path original;
    private static List<String> names;

    @BeforeAll
    static void makeIndex() throws IOException {
        original = folder.resolve("original");
        try (LuceneEmbeddingIndex index = LuceneEmbeddingIndex.open(original, IndexSettings.defaults())) {
            List<EmbeddingDocument> documents = new ArrayList<>();
            for (int i = 0; i < VECTORS.size(); i++) {
                documents.add(new EmbeddingDocument("d" + i, VECTORS.get(i), "text", Map.of("i", i, "name", "n" + i % 5)));
            }
            index.putAll(documents);
            index.optimize();
            index.delete(List.of("d3"));
        }
        try (Stream<Path> files = Files.list(original)) {
            names = files.map(file -> file.getFileName().toString()).filter(name -> !name.equals("write.lock")).sorted().toList();
        }
    }

    private interface Damage {
        void apply(Path file, byte[] bytes) throws IOException;
    }

    private static Path damaged(String name, Damage damage) throws IOException {
        Path copy = Files.createTempDirectory(folder, "copy");
        for (String each : names) Files.copy(original.resolve(each), copy.resolve(each));
        damage.apply(copy.resolve(name), Files.readAllBytes(copy.resolve(name)));
        return copy;
    }

    @Test
    void missingFilesAreReported() throws IOException {
        for (String name : names) {
            if (name.startsWith("segments")) continue;   // without it there is no index
            Path copy = damaged(name, (file, bytes) -> Files.delete(file));
            assertThatThrownBy(() -> use(copy)).as(name).isInstanceOf(LuceneIndexException.class).hasMessageContaining(name);
        }
    }

    @Test
    void shortFilesAreReported() throws IOException {
        for (String name : names) {
            Path copy = damaged(name, (file, bytes) -> Files.write(file, Arrays.copyOf(bytes, bytes.length / 2)));
            assertThatThrownBy(() -> use(copy)).as(name).isInstanceOf(LuceneIndexException.class).hasMessageContaining(name);
        }
    }

    @Test
    void changedBytesAreReportedOrHarmless() throws IOException {
        SplittableRandom random = new SplittableRandom(11);
        for (String name : names) {
            for (int round = 0; round < 3; round++) {
                int changes = 1 + round * 50;
                Path copy = damaged(name, (file, bytes) -> {
                    for (int i = 0; i < changes; i++) bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
                    Files.write(file, bytes);
                });
                try {
                    use(copy);
                } catch (AssertionError e) {
                    assertThat(e.getStackTrace()[0].getClassName()).startsWith("org.apache.lucene.");   // it has more checks in tests
                } catch (LuceneIndexException e) {
                    assertThat(e.getMessage()).as(name).startsWith(copy.toString()).doesNotContain("\n");
                }
            }
        }
    }

    private static void use(Path copy) {
        try (LuceneEmbeddingIndex index = LuceneEmbeddingIndex.open(copy, IndexSettings.defaults())) {
            for (int i = 0; i < 20; i++) index.search(IndexQuery.of(VECTORS.get(i), 5));
            index.search(IndexQuery.of(VECTORS.getFirst(), 5).withFilter(MetadataQueries.atLeast("i", 5000)));
            index.get("d7");
            index.ids();
            index.put(EmbeddingDocument.of("new", VECTORS.get(2)));
            index.commit();
            index.optimize();
        }
    }
}
