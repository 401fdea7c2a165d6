package dev.mme5.spring.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.ai.document.Document;

/** An encoder of the E5 family in place of the model with images. */
class TextEncoderTest {
    private static final EmbeddingModel ENGINE =
            EmbeddingModel.open(Path.of("../../engine/src/test/resources/golden-encoder/models/xlm-roberta-mean"));

    private final Mme5EmbeddingModel model =
            Mme5EmbeddingModel.builder(ENGINE).queryInstruction("query: ").documentInstruction("passage: ").build();

    @AfterAll
    static void close() {
        ENGINE.close();
    }

    @Test
    void queriesAndDocumentsHaveTheEnginesVectors() {
        float[] passage = ENGINE.embed(Input.text("passage: protein")).values();

        assertThat(model.dimensions()).isEqualTo(ENGINE.dimensions());
        assertThat(model.embed("protein")).isEqualTo(ENGINE.embed(Input.text("query: protein")).values());
        assertThat(model.embed(List.of("protein")).getFirst()).isEqualTo(passage);
        assertThat(model.embed(new Document("protein"))).isEqualTo(passage);
    }

    @Test
    void imagesAreRefused() {
        Document document = Document.builder().media(MiniEngine.media("red-apple.png")).build();

        assertThatThrownBy(() -> model.embed(document)).hasMessageContaining("the model takes no images, only texts")
                .hasMessageNotContaining("\n");
    }
}
