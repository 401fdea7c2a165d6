package dev.mme5.spring.ai;

import static dev.mme5.spring.ai.MiniEngine.ENGINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.Input;
import dev.mme5.spring.ai.Mme5EmbeddingOptions.InputType;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;

class Mme5EmbeddingModelTest {
    private final Mme5EmbeddingModel model = Mme5EmbeddingModel.builder(ENGINE).build();

    private static float[] engineVector(String text) {
        return ENGINE.embed(Input.text(text)).values();
    }

    @Test
    void textsHaveTheVectorsOfTheEngineInOrder() {
        List<float[]> vectors = model.embed(List.of("red apple", "airplane", "red apple"));
        assertThat(vectors).hasSize(3);
        assertThat(vectors.get(0)).isEqualTo(engineVector("red apple")).isEqualTo(vectors.get(2));
        assertThat(vectors.get(1)).isEqualTo(engineVector("airplane"));
        assertThat(model.embed("red apple")).isEqualTo(vectors.get(0));
        assertThat(model.embed(new Document("red apple"))).isEqualTo(vectors.get(0));
        assertThat(model.dimensions()).isEqualTo(vectors.get(0).length);
    }

    @Test
    void responseNamesModelIndicesAndTokens() {
        EmbeddingResponse response = model.embedForResponse(List.of("a cat", "a dog"));
        assertThat(response.getResults()).extracting(Embedding::getIndex).containsExactly(0, 1);
        assertThat(response.getMetadata().getModel()).isEqualTo(ENGINE.name());
        int tokens = ENGINE.embed(Input.text("a cat")).tokens() + ENGINE.embed(Input.text("a dog")).tokens();
        assertThat(response.getMetadata().getUsage().getPromptTokens()).isEqualTo(tokens);
        assertThat(response.getMetadata().getUsage().getTotalTokens()).isEqualTo(tokens);
    }

    @Test
    void queriesAndDocumentsHaveTheirInstructions() {
        Mme5EmbeddingModel instructed = Mme5EmbeddingModel.builder(ENGINE)
                .queryInstruction("query: {text}\n")
                .documentInstruction("passage: ")
                .build();
        assertThat(instructed.embed("a cat")).isEqualTo(engineVector("query: a cat\n"));
        assertThat(instructed.embed(List.of("a cat")).getFirst()).isEqualTo(engineVector("passage: a cat"));
        assertThat(instructed.embed(new Document("a cat"))).isEqualTo(engineVector("passage: a cat"));
        EmbeddingRequest plain = new EmbeddingRequest(List.of("a cat"), Mme5EmbeddingOptions.of(InputType.PLAIN));
        assertThat(instructed.call(plain).getResult().getOutput()).isEqualTo(engineVector("a cat"));
    }

    @Test
    void modelsOwnPromptsAreTheDefault() {
        Map<String, String> prompts = Map.of("query", "q: ", "document", "d: ");
        assertThat(Instruction.named(prompts, "query").apply("a")).isEqualTo("q: a");
        assertThat(Instruction.named(prompts, "passage", "document").apply("a")).isEqualTo("d: a");
        assertThat(Instruction.named(Map.of("query", "{text}: "), "query").apply("a")).isEqualTo("{text}: a");
        assertThat(Instruction.of("find {text}!").apply("a")).isEqualTo("find a!");
        assertThat(Instruction.named(Map.of(), "query").apply("a")).isEqualTo("a");
    }

    @Test
    void specialTokensInTextsAreText() {
        assertThat(model.embed("a <|image|> of a cat"))
                .isEqualTo(ENGINE.embed(Input.text("a <|image|> of a cat").withoutSpecialTokens()).values());
    }

    @Test
    void dimensionsOfRequestAndBuilderAreCut() {
        float[] expected = ENGINE.embed(Input.text("a cat")).cut(64).values();
        EmbeddingOptions options = EmbeddingOptions.builder().dimensions(64).build();
        assertThat(model.call(new EmbeddingRequest(List.of("a cat"), options)).getResult().getOutput()).isEqualTo(expected);
        Mme5EmbeddingModel small = Mme5EmbeddingModel.builder(ENGINE).dimensions(64).build();
        assertThat(small.embed("a cat")).isEqualTo(expected);
        assertThat(small.dimensions()).isEqualTo(64);
    }

    @Test
    void tooManyDimensionsAndOtherModelsAreRefused() {
        EmbeddingOptions large = EmbeddingOptions.builder().dimensions(193).build();
        assertThatThrownBy(() -> model.call(new EmbeddingRequest(List.of("a"), large)))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("dimensions is 193, expected 1 to 192");
        EmbeddingOptions other = EmbeddingOptions.builder().model("text-embedding-3-small").build();
        assertThatThrownBy(() -> model.call(new EmbeddingRequest(List.of("a"), other)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("text-embedding-3-small").hasMessageContaining("mini");
        assertThatThrownBy(() -> Mme5EmbeddingModel.builder(ENGINE).dimensions(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noTextsGiveNoVectors() {
        assertThat(model.embed(List.<String>of())).isEmpty();
    }

    @Test
    void observationsFollowSpringAi() {
        TestObservationRegistry registry = TestObservationRegistry.create();
        Mme5EmbeddingModel observed = Mme5EmbeddingModel.builder(ENGINE).observationRegistry(registry).build();
        EmbeddingResponse response = observed.embedForResponse(List.of("a cat"));
        TestObservationRegistryAssert.assertThat(registry)
                .hasObservationWithNameEqualTo("gen_ai.client.operation").that()
                .hasContextualNameEqualTo("embedding mini")
                .hasLowCardinalityKeyValue("gen_ai.operation.name", "embedding")
                .hasLowCardinalityKeyValue("gen_ai.system", "mme5")
                .hasLowCardinalityKeyValue("gen_ai.request.model", "mini")
                .hasLowCardinalityKeyValue("gen_ai.response.model", "mini")
                .hasHighCardinalityKeyValue("gen_ai.request.embedding.dimensions", "192")
                .hasHighCardinalityKeyValue("gen_ai.usage.input_tokens", "" + response.getMetadata().getUsage().getPromptTokens())
                .hasBeenStarted().hasBeenStopped();
    }

    @Test
    void failedRequestIsAnErrorOfItsObservation() {
        TestObservationRegistry registry = TestObservationRegistry.create();
        Mme5EmbeddingModel observed = Mme5EmbeddingModel.builder(ENGINE).observationRegistry(registry).build();
        byte[] damaged = {(byte) 0x89, 'P', 'N', 'G'};
        Document document = new Document("x", MiniEngine.mediaOf(damaged), Map.of());
        assertThatThrownBy(() -> observed.embed(document)).isInstanceOf(UnusableDocumentException.class);
        TestObservationRegistryAssert.assertThat(registry)
                .hasObservationWithNameEqualTo("gen_ai.client.operation").that()
                .hasError().hasBeenStopped();
    }

    @Test
    void manyThreadsGetTheSameBits() {
        List<String> texts = IntStream.range(0, 24).mapToObj(i -> "image number " + i).toList();
        List<float[]> alone = texts.stream().map(model::embed).toList();
        List<float[]> together = texts.parallelStream().map(model::embed).toList();
        for (int i = 0; i < texts.size(); i++) assertThat(together.get(i)).isEqualTo(alone.get(i));
    }
}
