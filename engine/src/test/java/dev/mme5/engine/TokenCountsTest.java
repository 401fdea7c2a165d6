package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.testing.Golden;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What embeddings and statistics say of computed, shared and cached tokens is true in the cases that are easy to get wrong. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TokenCountsTest {
    private static final Path MODEL = Golden.read("a-bf16-hub").folder();
    private static final Path IMAGE = Golden.IMAGES.resolve("noise_1x1.png");
    private static final Options OPTIONS = Options.defaults().withThreads(1);

    private static void assertCounts(EmbeddingModel model, long inputs, long computed, long shared, long cached) {
        ModelStatistics found = model.statistics();
        assertThat(List.of(found.inputs(), found.tokensComputed(), found.tokensShared(), found.tokensCached()))
                .containsExactly(inputs, computed, shared, cached);
    }

    @Test
    void noInputsCountNothing() {
        try (EmbeddingModel model = EmbeddingModel.open(MODEL, OPTIONS)) {
            assertThat(model.embedAll(List.of())).isEmpty();

            assertCounts(model, 0, 0, 0, 0);
            assertThat(model.statistics().passes()).isZero();
        }
    }

    @Test
    void aTextTwiceInACallIsSharedAndTwiceInTwoCallsIsCachedLater() {
        Input text = Input.text("a cat and a dog");
        try (EmbeddingModel model = EmbeddingModel.open(MODEL, OPTIONS)) {
            int tokens = model.embedAll(List.of(text, text)).getLast().sharedTokens();
            assertCounts(model, 2, tokens, tokens, 0);

            assertThat(model.embed(text).sharedTokens()).isZero(); // now it is kept
            assertCounts(model, 3, 2 * tokens, tokens, 0);

            List<Embedding> twice = model.embedAll(List.of(text, text));
            assertThat(twice).extracting(Embedding::sharedTokens).containsExactly(tokens - 1, tokens); // a last token is computed
            assertCounts(model, 5, 2 * tokens + 1, tokens + tokens - 1 + tokens, tokens - 1);
        }
    }

    @Test
    void aBeginningThatWasEvictedIsComputedAgain() {
        Input one = Input.text("a cat and a dog");
        long bytes;
        try (EmbeddingModel model = EmbeddingModel.open(MODEL, OPTIONS)) {
            for (int i = 0; i < 2; i++) model.embed(one);
            bytes = model.statistics().bytesReserved();
        }
        try (EmbeddingModel model = EmbeddingModel.open(MODEL, OPTIONS.withPrefixCacheBytes(5 * bytes / 2))) {
            for (int i = 0; i < 3; i++) model.embed(one);
            int cached = model.embed(one).sharedTokens();
            assertThat(cached).isPositive();
            assertThat(model.statistics().tokensCached()).isEqualTo(2L * cached);
            for (int i = 0; i < 60; i++) model.embed(Input.text((i % 10 + " ").repeat(6)));

            long before = model.statistics().tokensCached();
            assertThat(model.embed(one).sharedTokens()).isLessThan(cached);
            assertThat(model.statistics().tokensCached() - before).isLessThan(cached);
        }
    }

    @Test
    void truncatedTextsCountTheTokensThatAreLeft() {
        try (EmbeddingModel model = EmbeddingModel.open(MODEL, OPTIONS.withMaxTokens(4))) {
            List<Embedding> found = model.embedAll(List.of(Input.text("a cat and a dog"), Input.text("a cat and a mat")));

            assertThat(found).allMatch(Embedding::truncated);
            assertThat(found).extracting(Embedding::tokens).containsExactly(4, 4);
            assertThat(found).extracting(Embedding::sharedTokens).containsExactly(0, 4);
            assertCounts(model, 2, 4, 4, 0);
        }
    }

    /** States of texts depend on the image, so nothing comes from the cache; in a pass, prompts about one image share their beginning. */
    @Test
    void promptsAboutAnImageShareInAPassOnly() {
        Input image = Input.image(IMAGE);
        try (EmbeddingModel model = EmbeddingModel.open(MODEL, OPTIONS)) {
            int tokens = model.embed(image).tokens();
            for (int i = 0; i < 3; i++) assertThat(model.embed(image).sharedTokens()).isZero();
            assertCounts(model, 4, 4L * tokens, 0, 0);

            assertThat(model.embedAll(List.of(image, image))).extracting(Embedding::sharedTokens).containsExactly(0, tokens);
            assertCounts(model, 6, 5L * tokens, tokens, 0);
            assertThat(model.statistics().images()).isEqualTo(1);
        }
    }

    @Test
    void anEncoderNeverCaches() {
        Input text = Input.text("a cat and a dog");
        try (EmbeddingModel model = EmbeddingModel.open(Golden.encoder("bert-mean").folder(), OPTIONS)) {
            int tokens = model.embed(text).tokens();
            for (int i = 0; i < 3; i++) assertThat(model.embed(text).sharedTokens()).isZero();
            assertCounts(model, 4, 4L * tokens, 0, 0);

            model.embedAll(List.of(text, text));
            assertCounts(model, 6, 5L * tokens, tokens, 0);
        }
    }
}
