package dev.mme5.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.cli.Cli;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.EmbeddingResult;
import dev.mme5.engine.Input;
import dev.mme5.engine.Options;
import dev.mme5.engine.ProgressListener;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EmbedRunTest {
    @Test
    void copiesOfATextDoNotMakeTheNextChunkLarger() {
        try (EmbeddingModel model = EmbeddingModel.open(Cli.MODEL, Options.defaults().withThreads(2))) {
            List<Input> texts = IntStream.range(0, 64).mapToObj(i -> Input.text(i + " cats")).toList();
            List<EmbeddingResult> different = model.tryEmbedAll(texts, ProgressListener.NONE);
            List<EmbeddingResult> equal = model.tryEmbedAll(Collections.nCopies(64, Input.text("a dog")), ProgressListener.NONE);

            assertThat(EmbedRun.nextSize(64, different, 4)).isEqualTo(32);
            assertThat(EmbedRun.nextSize(64, different, 1e-3)).isEqualTo(128);
            assertThat(EmbedRun.nextSize(64, equal, 0.1)).isEqualTo(20);
            assertThat(EmbedRun.nextSize(64, equal, 4)).isEqualTo(1);
            assertThat(EmbedRun.nextSize(64, List.of(), 0)).isEqualTo(128);
        }
    }
}
