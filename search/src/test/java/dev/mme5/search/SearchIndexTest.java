package dev.mme5.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.engine.ModelTools;
import dev.mme5.engine.ProgressListener;
import dev.mme5.engine.QuantizedEmbedding;
import dev.mme5.search.index.Indexes;
import dev.mme5.search.index.SignBits;
import dev.mme5.search.index.TopMatches;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SearchIndexTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 15, 16, 17, 100, 1000, 20_000}) // 70 queries and 20,000 rows take two rounds of each
    void theBestAreThoseOfComparingWithEachOne(int documents) throws IOException {
        try (EmbeddingModel model = Indexes.model(2);
                SearchIndex index = SearchIndex.open(file(model, documents), model)) {
            List<Embedding> queries = queries(model, documents > 1000 ? 70 : 3);

            List<List<Match>> found = index.searchAll(queries, 7);

            for (int query = 0; query < queries.size(); query++) {
                float[] vector = queries.get(query).values();
                List<Match> matches = found.get(query);
                assertThat(matches).hasSize(Math.min(7, documents));
                for (int i = 0; i < matches.size(); i++) {
                    Match match = matches.get(i);
                    assertThat((double) match.score()).isCloseTo(dot(vector, index.vector(match.row())), within(1e-6));
                    assertThat(match.document().id()).isEqualTo("document " + match.row());
                    if (i > 0) assertThat(match.score()).isLessThanOrEqualTo(matches.get(i - 1).score());
                }
                int better = 0;
                for (int row = 0; row < documents; row++) {
                    if (dot(vector, index.vector(row)) > matches.getLast().score() + 1e-6) better++;
                }
                assertThat(better).isLessThan(matches.size());
            }
        }
    }

    @Test
    void indexTruncatedWhileOpenIsRefusedByName() throws IOException {
        try (EmbeddingModel model = Indexes.model(2)) {
            Path path = file(model, 1000);
            try (SearchIndex index = SearchIndex.open(path, model); FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
                List<Embedding> queries = queries(model, 1);
                String message = path + ": was changed while it was in use: expected " + file.size() + " bytes, found 5000";

                file.truncate(5000);

                assertThatThrownBy(() -> index.searchAll(queries, 7)).isInstanceOf(IndexException.class).hasMessage(message);
                assertThatThrownBy(() -> index.searchBySigns(queries, 7, 100)).isInstanceOf(IndexException.class).hasMessage(message);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16, 1000})
    void bySignsWithAllAsCandidatesIsExactSearch(int documents) throws IOException {
        try (EmbeddingModel model = Indexes.model(2);
                SearchIndex index = SearchIndex.open(file(model, documents), model)) {
            List<Embedding> queries = queries(model, 5);

            assertThat(index.searchBySigns(queries, 7, 2000)).isEqualTo(index.searchAll(queries, 7));
        }
    }

    @Test
    void bySignsOnlyTheNearestAreCompared() throws IOException {
        try (EmbeddingModel model = Indexes.model(1);
                SearchIndex index = SearchIndex.open(file(model, 1000), model)) {
            Embedding query = queries(model, 1).getFirst();
            QuantizedEmbedding signs = QuantizedEmbedding.ubinary(query);
            List<Integer> distances = new ArrayList<>();
            for (int row = 0; row < 1000; row++) {
                distances.add(signs.hammingDistance(QuantizedEmbedding.ubinary(Embedding.of(index.vector(row), 1, false))));
            }

            List<Match> found = index.searchBySigns(List.of(query), 20, 20).getFirst();

            int farthest = found.stream().mapToInt(match -> distances.get(match.row())).max().orElseThrow();
            assertThat(distances.stream().filter(distance -> distance < farthest).count()).isLessThan(20);
            assertThat(found).isSortedAccordingTo((a, b) -> Float.compare(b.score(), a.score())).hasSize(20);
            List<Match> exact = index.search(query, 1000);
            assertThat(exact).containsAll(found);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 9, 63, 64, 65, 130, 4096})
    void codesOfAnyWidthCountTheDifferingSigns(int dimensions) {
        Random random = new Random(dimensions);
        List<float[]> vectors = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            float[] vector = new float[dimensions];
            for (int j = 0; j < dimensions; j++) vector[j] = (float) random.nextGaussian();
            vectors.add(vector);
        }
        SignBits codes = new SignBits(MemorySegment.ofArray(Indexes.codes(vectors)), SignBits.rowBytes(dimensions));
        TopMatches nearest = new TopMatches(1);

        codes.offerAll(codes.query(vectors.get(17)), nearest);

        int[] distances = vectors.stream().mapToInt(vector -> {
            int distance = 0;
            for (int j = 0; j < dimensions; j++) if (vector[j] > 0 != vectors.get(17)[j] > 0) distance++;
            return distance;
        }).toArray();
        int first = 0;
        while (distances[first] > 0) first++;
        assertThat(nearest.worstRow()).isEqualTo(first);
        assertThat(nearest.worstScore()).isZero();
    }

    @Test
    void fewerCandidatesThanMatchesAreRefused() throws IOException {
        try (EmbeddingModel model = Indexes.model(1);
                SearchIndex index = SearchIndex.open(file(model, 3), model)) {
            assertThatThrownBy(() -> index.searchBySigns(List.of(), 3, 2)).hasMessage("top is 3, candidates 2");
        }
    }

    @Test
    void scoresHaveTheSameBitsForAnyNumberOfThreadsQueriesAndRows() throws IOException {
        List<List<Match>> stacked;
        List<Match> alone;
        try (EmbeddingModel model = Indexes.model(2);
                SearchIndex index = SearchIndex.open(file(model, 3000), model)) {
            stacked = index.searchAll(queries(model, 66), 3000);
        }
        try (EmbeddingModel model = Indexes.model(1);
                SearchIndex index = SearchIndex.open(file(model, 3000), model)) {
            Embedding last = queries(model, 66).getLast();
            alone = index.search(last, 3000);

            float[] middle = index.scores(List.of(last.values()), 1000, 1017).getFirst();

            for (Match match : alone) {
                if (match.row() >= 1000 && match.row() < 1017) assertThat(match.score()).isEqualTo(middle[match.row() - 1000]);
            }
        }

        assertThat(alone).isEqualTo(stacked.getLast());
    }

    @Test
    void equalDocumentsComeInTheOrderOfTheIndex() throws IOException {
        float[] vector = Indexes.randomUnitVector(new Random(5));
        try (EmbeddingModel model = Indexes.model(2)) {
            Path file = Indexes.write(folder.resolve("i"), model, List.of(vector, vector, vector, vector, vector));
            try (SearchIndex index = SearchIndex.open(file, model)) {
                List<Match> found = index.search(model.embed(Input.text("a")), 3);

                assertThat(found).extracting(Match::row).containsExactly(0, 1, 2);
            }
        }
    }

    @Test
    void emptyIndexHasNoMatches() throws IOException {
        try (EmbeddingModel model = Indexes.model(1);
                SearchIndex index = SearchIndex.open(file(model, 0), model)) {
            assertThat(index.size()).isZero();
            assertThat(index.search(model.embed(Input.text("a")), 3)).isEmpty();
            assertThat(index.searchAll(List.of(), 3)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, -300f})
    void damagedVectorIsRefusedDuringSearch(float damage) throws IOException {
        List<float[]> vectors = vectors(20);
        vectors.get(13)[5] = damage;
        try (EmbeddingModel model = Indexes.model(1)) {
            Path file = Indexes.write(folder.resolve("damaged"), model, vectors);
            try (SearchIndex index = SearchIndex.open(file, model)) {
                Embedding query = model.embed(Input.text("a"));

                assertThatThrownBy(() -> index.search(query, 3))
                        .isInstanceOf(IndexException.class)
                        .hasMessage(file + ": embeddings: row 13 is not a unit vector")
                        .hasFieldOrPropertyWithValue("remedy", IndexException.Remedy.REBUILD);
            }
        }
    }

    @Test
    void productsOfSizesThatDoNotFitAreRefused() {
        try (EmbeddingModel model = Indexes.model(1)) {
            MemorySegment twoVectors = MemorySegment.ofArray(new float[128]);

            ModelTools.of(model).dotProducts(new float[64], twoVectors, new float[2]);
            ModelTools.of(model).dotProducts(new float[0], twoVectors, new float[0]);
            for (int[] sizes : new int[][] {{63, 2}, {64, 1}, {64, 3}, {128, 2}}) {
                assertThatThrownBy(() -> ModelTools.of(model).dotProducts(new float[sizes[0]], twoVectors, new float[sizes[1]]))
                        .isInstanceOf(IllegalArgumentException.class);
            }
            assertThatThrownBy(() -> ModelTools.of(model).dotProducts(new float[64], twoVectors.asSlice(4), new float[1]))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aClosedIndexRefusesAndClosingTwiceIsHarmless() throws IOException {
        try (EmbeddingModel model = Indexes.model(1)) {
            SearchIndex index = SearchIndex.open(file(model, 3), model);
            Embedding query = model.embed(Input.text("a"));
            index.close();
            index.close();

            assertThatThrownBy(() -> index.search(query, 3)).isInstanceOf(SearchIndex.ClosedException.class)
                    .hasMessageEndingWith("the index is closed");
            assertThatThrownBy(() -> index.searchBySigns(List.of(query), 1, 2)).isInstanceOf(SearchIndex.ClosedException.class);
            assertThatThrownBy(() -> index.vector(0)).isInstanceOf(SearchIndex.ClosedException.class);
        }
    }

    /** A search that runs is finished before its file is unmapped. */
    @Test
    void closingDuringSearchesEndsNoneOfThemInTheMiddle() throws Exception {
        try (EmbeddingModel model = Indexes.model(1)) {
            Embedding query = model.embed(Input.text("a"));
            for (int round = 0; round < 20; round++) {
                SearchIndex index = SearchIndex.open(file(model, 3), model);
                List<Match> right = index.search(query, 3);
                CountDownLatch searching = new CountDownLatch(1);
                CompletableFuture<Void> searches = CompletableFuture.runAsync(() -> {
                    try {
                        while (true) {
                            List<Match> found = index.search(query, 3);
                            searching.countDown();
                            assertThat(found).isEqualTo(right);
                        }
                    } catch (SearchIndex.ClosedException closed) {
                        // as it should be
                    }
                });
                searching.await(60, TimeUnit.SECONDS);
                index.close();
                searches.get();
            }
        }
    }

    private Path file(EmbeddingModel model, int documents) throws IOException {
        return Indexes.write(folder.resolve("index-" + documents), model, vectors(documents));
    }

    private static List<float[]> vectors(int documents) {
        Random random = new Random(documents);
        List<float[]> vectors = new ArrayList<>();
        for (int i = 0; i < documents; i++) vectors.add(Indexes.randomUnitVector(random));
        return vectors;
    }

    private static List<Embedding> queries(EmbeddingModel model, int count) {
        List<Input> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) texts.add(Input.text("query " + i));
        return model.embedAll(texts, ProgressListener.NONE);
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += (double) a[i] * b[i];
        return sum;
    }
}
