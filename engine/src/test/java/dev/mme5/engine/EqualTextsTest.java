package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.testing.Golden;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A text that a call has several times is computed once, by every family. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EqualTextsTest {
    private static final Options OPTIONS = Options.defaults().withThreads(2).withPrefixCacheBytes(0);

    static List<Path> models() {
        return List.of(Golden.encoder("bert-mean").folder(), Golden.encoder("xlm-roberta-mean").folder(),
                Golden.read("a-bf16-hub").folder());
    }

    /** So many texts that equal ones are passes apart. */
    private static List<Input> texts(int distinct, int times) {
        List<Input> round = IntStream.range(0, distinct).mapToObj(i -> Input.text(i + " protein for a cat and a dog")).toList();
        List<Input> all = new ArrayList<>();
        for (int i = 0; i < times; i++) all.addAll(round);
        return all;
    }

    @ParameterizedTest
    @MethodSource("models")
    void whatIsComputedDoesNotGrowWithCopies(Path folder) {
        try (EmbeddingModel model = EmbeddingModel.open(folder, OPTIONS); EmbeddingModel once = EmbeddingModel.open(folder, OPTIONS)) {
            List<Integer> progress = new ArrayList<>();
            List<Embedding> right = once.embedAll(texts(200, 1));
            List<Embedding> found = model.embedAll(texts(200, 10), (done, total) -> {
                assertThat(total).isEqualTo(2000);
                progress.add(done);
            });

            for (int i = 0; i < found.size(); i++) {
                assertThat(found.get(i)).isEqualTo(right.get(i % 200));
                if (i >= 200) assertThat(found.get(i).sharedTokens()).isEqualTo(found.get(i).tokens());
            }
            assertThat(progress).isEqualTo(IntStream.rangeClosed(1, 2000).boxed().toList());
            ModelStatistics statistics = model.statistics();
            assertThat(statistics.inputs()).isEqualTo(2000);
            assertThat(statistics.tokensComputed()).isEqualTo(once.statistics().tokensComputed());
            assertThat(statistics.passes()).isEqualTo(once.statistics().passes());
            assertThat(statistics.tokensComputed() + statistics.tokensShared())
                    .isEqualTo(found.stream().mapToLong(Embedding::tokens).sum());
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void tenThousandCopiesAreOneInput(Path folder) {
        try (EmbeddingModel model = EmbeddingModel.open(folder, OPTIONS)) {
            List<Embedding> found = model.embedAll(Collections.nCopies(10_000, Input.text("a cat and a dog")));

            assertThat(found).hasSize(10_000).allMatch(found.getFirst()::equals);
            assertThat(found.getFirst().sharedTokens()).isZero();
            assertThat(model.statistics().passes()).isEqualTo(1);
            assertThat(model.statistics().tokensComputed()).isEqualTo(found.getFirst().tokens());
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void aTextWithOtherSettingsIsAnotherInput(Path folder) {
        Input text = Input.text("a cat and a dog");
        try (EmbeddingModel model = EmbeddingModel.open(folder, OPTIONS)) {
            List<Embedding> found = model.embedAll(List.of(text, text.withMaxTokens(4), text, text.withMaxTokens(4)));

            assertThat(found).extracting(Embedding::truncated).containsExactly(false, true, false, true);
            assertComputedOnce(model, found, 2);
            assertThat(found.get(3)).isEqualTo(found.get(1)).isEqualTo(model.embed(text.withMaxTokens(4)));
            assertThat(found.get(2)).isEqualTo(found.get(0));
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void everyTextWithTheSameSettingsIsComputedOnce(Path folder) {
        String text = "a cat <s> and [SEP] a dog";
        List<Input> inputs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            for (Input input : List.of(Input.text(text), Input.literal(text))) {
                inputs.addAll(List.of(input, input.withMaxTokens(4), input.withMaxTokens(5)));
            }
        }
        try (EmbeddingModel model = EmbeddingModel.open(folder, OPTIONS); EmbeddingModel alone = EmbeddingModel.open(folder, OPTIONS)) {
            List<Embedding> found = model.embedAll(inputs);

            for (int i = 0; i < inputs.size(); i++) assertThat(found.get(i)).isEqualTo(alone.embed(inputs.get(i)));
            assertComputedOnce(model, found, 6);
        }
    }

    /** All tokens of the inputs after the first few are shared. */
    private static void assertComputedOnce(EmbeddingModel model, List<Embedding> found, int distinct) {
        for (Embedding later : found.subList(distinct, found.size())) assertThat(later.sharedTokens()).isEqualTo(later.tokens());
        assertThat(model.statistics().inputs()).isEqualTo(found.size());
        assertThat(model.statistics().tokensComputed())
                .isEqualTo(found.subList(0, distinct).stream().mapToLong(first -> first.tokens() - first.sharedTokens()).sum());
    }

    @ParameterizedTest
    @MethodSource("models")
    void everyCopyOfARefusedTextIsRefused(Path folder) {
        Input text = Input.text("a cat and a dog");
        try (EmbeddingModel model = EmbeddingModel.open(folder, OPTIONS.withMaxTokens(4).withRefuseTooLong(true))) {
            List<EmbeddingResult> found = model.tryEmbedAll(List.of(text, Input.text("a"), text), ProgressListener.NONE);

            assertThat(found).extracting(EmbeddingResult::failed).containsExactly(true, false, true);
            assertThat(found.get(2).error().index()).isEqualTo(2);
            assertThatThrownBy(() -> model.embedAll(List.of(text, text)))
                    .isInstanceOfSatisfying(InputException.class, e -> assertThat(e.index()).isZero());
            assertThat(model.statistics().inputs()).isEqualTo(1);
        }
    }
}
