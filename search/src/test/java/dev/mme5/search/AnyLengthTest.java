package dev.mme5.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model whose folder has no Normalize module gives vectors of any length; an index ranks by cosine all the same. */
class AnyLengthTest {
    private static final Path ENCODER = Path.of("../engine/src/test/resources/golden-encoder/models/bert-mean");
    private static final List<String> TEXTS = List.of("a cat", "the red apple", "one two three four", "x");

    @TempDir
    Path folder;

    @Test
    void scoresAreCosines() throws IOException {
        try (EmbeddingModel model = EmbeddingModel.open(withoutNormalize())) {
            Path file = folder.resolve("index.safetensors");
            List<InputDocument> documents =
                    TEXTS.stream().map(text -> new InputDocument(text, Input.text(text), folder)).toList();
            new IndexUpdate(model, file).run(documents, IndexUpdate.Listener.NONE);
            Embedding query = model.embed(Input.text("a red cat"));
            List<Embedding> vectors = TEXTS.stream().map(text -> model.embed(Input.text(text))).toList();
            assertThat(length(query)).isNotCloseTo(1, within(0.01));

            try (SearchIndex index = SearchIndex.open(file, model)) {
                List<Match> matches = index.search(query, TEXTS.size());

                assertThat(matches).hasSize(TEXTS.size()).isSortedAccordingTo((a, b) -> Float.compare(b.score(), a.score()));
                for (Match match : matches) {
                    float cosine = query.cosine(vectors.get(TEXTS.indexOf(match.document().id())));
                    assertThat(match.score()).isCloseTo(cosine, within(1e-6f));
                    assertThat(length(Embedding.of(index.vector(match.row())))).isCloseTo(1, within(1e-6));
                }
                assertThat(index.searchBySigns(List.of(query), 4, 4).getFirst()).isEqualTo(matches);
                assertThat(index.searchRows(query, new int[] {0, 1, 2, 3}, 4)).isEqualTo(matches);
            }
        }
    }

    private Path withoutNormalize() throws IOException {
        Path model = folder.resolve("model");
        try (Stream<Path> files = Files.walk(ENCODER)) {
            for (Path file : files.toList()) Files.copy(file, model.resolve(ENCODER.relativize(file).toString()));
        }
        Files.writeString(model.resolve("modules.json"), """
                [{"idx": 0, "path": "", "type": "sentence_transformers.models.Transformer"},
                 {"idx": 1, "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]
                """);
        Files.createDirectories(model.resolve("1_Pooling"));
        Files.writeString(model.resolve("1_Pooling/config.json"), "{\"pooling_mode_mean_tokens\": true}");
        return model;
    }

    private static double length(Embedding vector) {
        double squares = 0;
        for (float value : vector.values()) squares += (double) value * value;
        return Math.sqrt(squares);
    }
}
