package dev.mme5.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.ContentType;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An encoder of the E5 family in place of the model with images. */
class TextEncoderTest {
    private static final Path FOLDER = Path.of("../../engine/src/test/resources/golden-encoder/models/xlm-roberta-mean");

    @Test
    void queriesAndDocumentsHaveTheEnginesVectors() {
        try (Mme5EmbeddingModel model = Mme5EmbeddingModel.builder().modelFolder(FOLDER).queryInstruction("query: ")
                .documentInstruction("passage: ").inputType(EmbeddingInputType.DOCUMENT).build();
                EmbeddingModel engine = EmbeddingModel.open(FOLDER)) {
            EmbeddingRequest query = EmbeddingRequest.builder().input("protein").inputType(EmbeddingInputType.QUERY).build();

            assertThat(model.dimension()).isEqualTo(engine.dimensions());
            assertThat(model.embed("protein").content().vector()).isEqualTo(engine.embed(Input.text("passage: protein")).values());
            assertThat(model.embed(query).embeddings().getFirst().vector())
                    .isEqualTo(engine.embed(Input.text("query: protein")).values());
        }
    }

    @Test
    void aPromptOfTheFolderStandsInFrontAsItIs() {
        Map<String, String> prompts = Map.of("query", "{text}: ", "passage", "passage: ");
        Instructions named = Instructions.of(null, null).orElse(prompts);
        Instructions given = Instructions.of("find {text}!", "document: ").orElse(prompts);

        assertThat(named.of(EmbeddingInputType.QUERY)).isEqualTo(new Instructions.Affixes("{text}: ", ""));
        assertThat(named.of(EmbeddingInputType.DOCUMENT)).isEqualTo(new Instructions.Affixes("passage: ", ""));
        assertThat(given.of(EmbeddingInputType.QUERY)).isEqualTo(new Instructions.Affixes("find ", "!"));
        assertThat(given.of(EmbeddingInputType.DOCUMENT)).isEqualTo(new Instructions.Affixes("document: ", ""));
        assertThat(Instructions.of(null, null).orElse(Map.of()).of(EmbeddingInputType.QUERY)).isEqualTo(Instructions.Affixes.NONE);
    }

    @Test
    void imagesAreRefused() {
        try (Mme5EmbeddingModel model = Mme5EmbeddingModel.builder().modelFolder(FOLDER).build()) {
            EmbeddingRequest request = EmbeddingRequest.builder().input(TestModel.image("red-apple.png")).build();

            assertThat(model.supportedContentTypes()).containsExactly(ContentType.TEXT);
            assertThatThrownBy(() -> model.embed(request)).isInstanceOf(UnsupportedFeatureException.class)
                    .hasMessageContaining("the model takes no images, only texts").hasMessageNotContaining("\n");
        }
    }
}
