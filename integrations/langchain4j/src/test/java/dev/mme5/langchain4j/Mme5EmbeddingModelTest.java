package dev.mme5.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.spi.model.embedding.EmbeddingModelFactory;
import dev.mme5.engine.ImageSource;
import dev.mme5.engine.Input;
import dev.mme5.hub.HubException;
import dev.mme5.model.mini.MiniModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class Mme5EmbeddingModelTest {
    private static Mme5EmbeddingModel model;
    private static dev.mme5.engine.EmbeddingModel engine;

    @BeforeAll
    static void open() {
        engine = dev.mme5.engine.EmbeddingModel.open(MiniModel.folder());
        model = Mme5EmbeddingModel.builder().engine(engine).build();
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    private static Embedding embed(EmbeddingModel by, Content... contents) {
        return by.embed(EmbeddingRequest.builder().input(contents).build()).embeddings().getFirst();
    }

    private static void assertSame(Embedding actual, Input expected) {
        assertThat(actual.vector()).isEqualTo(engine.embed(expected).values());
    }

    @Test
    void vectorsAreTheEnginesOwn() {
        byte[] apple = TestModel.bytes("red-apple.png");

        assertSame(model.embed("red apple").content(), Input.text("red apple"));
        assertSame(embed(model, TestModel.image("red-apple.png")), Input.image(apple));
        assertSame(embed(model, TestModel.image("red-apple.png"), TextContent.from("fruit")),
                Input.images(List.of(ImageSource.of(apple)), "fruit"));
    }

    @Test
    void contentsKeepTheirOrder() {
        ImageSource apple = ImageSource.of(TestModel.bytes("red-apple.png"));
        ImageSource cat = ImageSource.of(TestModel.bytes("cat.png"));

        Embedding actual = embed(model, TextContent.from("first"), TestModel.image("red-apple.png"), TextContent.from("then"),
                TextContent.from("last"), TestModel.image("cat.png"));
        assertSame(actual, Input.prompt("first<|image|>then\nlast<|image|>", apple, cat));

        Embedding other = embed(model, TextContent.from("first"), TestModel.image("cat.png"), TextContent.from("then"),
                TextContent.from("last"), TestModel.image("red-apple.png"));
        assertThat(actual).isNotEqualTo(other);
    }

    @Test
    void specialTokensAreText() {
        assertSame(model.embed("<|image|> is a placeholder").content(), Input.text("<|image|> is a placeholder").withoutSpecialTokens());
        assertSame(embed(model, TestModel.image("cat.png"), TextContent.from("<|image|>")),
                Input.images(List.of(ImageSource.of(TestModel.bytes("cat.png"))), "<|image|>").withoutSpecialTokens());
        assertThatThrownBy(() -> embed(model, TextContent.from("<|image|>"), TestModel.image("cat.png")))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("put the image first");
    }

    @Test
    void instructionsStandAroundTheText() {
        Mme5EmbeddingModel instructed = Mme5EmbeddingModel.builder().engine(engine)
                .queryInstruction("Find: {text}\n").documentInstruction("passage: ").build();
        byte[] cat = TestModel.bytes("cat.png");

        assertSame(query(instructed, EmbeddingInputType.QUERY, TextContent.from("cat")), Input.text("Find: cat\n"));
        assertSame(query(instructed, EmbeddingInputType.DOCUMENT, TextContent.from("cat")), Input.text("passage: cat"));
        assertSame(query(instructed, null, TextContent.from("cat")), Input.text("cat"));
        assertSame(query(instructed, EmbeddingInputType.DOCUMENT, TestModel.image("cat.png")),
                Input.images(List.of(ImageSource.of(cat)), "passage: "));
    }

    private static Embedding query(EmbeddingModel by, EmbeddingInputType type, Content content) {
        return by.embed(EmbeddingRequest.builder().input(content).inputType(type).build()).embeddings().getFirst();
    }

    @Test
    void defaultInputTypeIsTheBuilders() {
        Mme5EmbeddingModel queries = Mme5EmbeddingModel.builder().engine(engine).queryInstruction("query: ")
                .inputType(EmbeddingInputType.QUERY).build();

        assertSame(queries.embed("cat").content(), Input.text("query: cat"));
    }

    @Test
    void dimensionsAreCutToUnitLength() {
        Mme5EmbeddingModel cut = Mme5EmbeddingModel.builder().engine(engine).dimensions(16).build();

        assertThat(cut.dimension()).isEqualTo(16);
        assertThat(cut.embed("cat").content().vector()).isEqualTo(engine.embed(Input.text("cat")).cut(16).values());
        assertThatThrownBy(() -> model.embed(EmbeddingRequest.builder().input("cat").dimensions(193).build()))
                .isInstanceOf(InvalidRequestException.class).hasMessage("dimensions is 193, expected 1 to 192");
        assertThatThrownBy(() -> Mme5EmbeddingModel.builder().engine(engine).dimensions(0).build())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tokensAreThoseOfTheEngine() {
        EmbeddingResponse response = model.embed(EmbeddingRequest.builder().inputs("cat", "red apple").build());

        int tokens = engine.embed(Input.text("cat")).tokens() + engine.embed(Input.text("red apple")).tokens();
        assertThat(response.tokenUsage().inputTokenCount()).isEqualTo(tokens);
        assertThat(response.modelName()).isEqualTo("mini");
    }

    @Test
    void requestForAnotherModelIsRefused() {
        assertThatThrownBy(() -> model.embed(EmbeddingRequest.builder().input("cat").modelName("other").build()))
                .isInstanceOf(UnsupportedFeatureException.class).hasMessage("this model is mini, not other");
        assertThat(model.embed(EmbeddingRequest.builder().input("cat").modelName("mini").build()).embeddings()).hasSize(1);
    }

    @Test
    void otherContentIsRefused() {
        assertThatThrownBy(() -> embed(model, AudioContent.from("http://localhost/a.mp3")))
                .isInstanceOf(UnsupportedFeatureException.class).hasMessageContaining("AUDIO");
    }

    @Test
    void damagedImageIsAnInvalidRequest() {
        assertThatThrownBy(() -> embed(model, ImageContent.from("AAAA", "image/png"))).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> embed(model, ImageContent.from("====", "image/png"))).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void nothingIsFetched() {
        assertThatThrownBy(() -> embed(model, ImageContent.from("http://127.0.0.1:1/cat.png")))
                .isInstanceOf(UnsupportedFeatureException.class).hasMessageContaining("not fetched from http");
    }

    @Test
    void filesAreReadOnlyBelowAllowedFolders() {
        Path file = TestModel.GALLERY.resolve("cat.png").toAbsolutePath();
        Mme5EmbeddingModel allowed = Mme5EmbeddingModel.builder().engine(engine).allowFilesBelow(TestModel.GALLERY).build();

        assertThatThrownBy(() -> embed(model, ImageContent.from(file.toUri()))).isInstanceOf(UnsupportedFeatureException.class);
        assertThat(embed(allowed, ImageContent.from(file.toUri()))).isEqualTo(embed(model, TestModel.image("cat.png")));
        Path outside = TestModel.GALLERY.resolve("../evaluation.jsonl").toAbsolutePath();
        assertThatThrownBy(() -> embed(allowed, ImageContent.from(outside.toUri())))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("not below a folder");
    }

    @Test
    void dataUrlIsDecoded() {
        String url = "data:image/png;base64," + TestModel.image("cat.png").image().base64Data();

        assertThat(embed(model, ImageContent.from(url))).isEqualTo(embed(model, TestModel.image("cat.png")));
    }

    @Test
    void listenersSeeImagesWithoutWords() {
        List<String> events = new ArrayList<>();
        EmbeddingModel observed = model.addListener(new RecordingListener(events)).addListener(new FailingListener());

        EmbeddingResponse response = observed.embed(EmbeddingRequest.builder()
                .input(TestModel.image("cat.png")).input("cat").build());

        assertThat(response.embeddings()).hasSize(2);
        assertThat(events).containsExactly("request [<|image|>, cat]", "response 2");
    }

    @Test
    void listenersSeeFailures() {
        List<String> events = new ArrayList<>();
        EmbeddingModel observed = model.addListener(new RecordingListener(events));

        assertThatThrownBy(() -> embed(observed, ImageContent.from("AAAA", "image/png"))).isInstanceOf(InvalidRequestException.class);
        assertThat(events).containsExactly("request [<|image|>]", "error InvalidRequestException");
    }

    @Test
    void closingLeavesASharedEngineOpen() {
        Mme5EmbeddingModel.builder().engine(engine).build().close();

        assertThat(model.embed("cat").content().dimension()).isEqualTo(192);
    }

    @Test
    void manyThreadsGetTheBitsOfOne() throws Exception {
        Embedding expected = model.embed("red apple").content();
        List<Future<Embedding>> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 32; i++) {
                String other = "thing " + i;
                results.add(threads.submit(() -> {
                    model.embed(other);
                    return model.embedAll(List.of(TextSegment.from(other), TextSegment.from("red apple"))).content().get(1);
                }));
            }
        }
        for (Future<Embedding> result : results) assertThat(result.get()).isEqualTo(expected);
    }

    @Test
    void modelIsFoundByItsNameInTheHubsCache() throws IOException {
        HubCache.fill();

        for (String name : List.of(HubCache.NAME, HubCache.NAME + "@" + HubCache.COMMIT)) {
            try (Mme5EmbeddingModel opened = Mme5EmbeddingModel.builder().model(name).build()) {
                assertThat(opened.embed("cat").content()).isEqualTo(model.embed("cat").content());
                assertThat(opened.modelName()).isEqualTo(HubCache.NAME);
            }
        }
    }

    @Test
    void modelIsFoundByFolderOrRefused() {
        try (Mme5EmbeddingModel opened = Mme5EmbeddingModel.builder().model(MiniModel.folder().toString()).modelName("emoji").build()) {
            assertThat(opened.modelName()).isEqualTo("emoji");
        }
        assertThatThrownBy(() -> Mme5EmbeddingModel.builder().model("no/such-model-anywhere"))
                .isInstanceOf(HubException.class).hasMessageContaining("mme5 download no/such-model-anywhere");
        assertThatThrownBy(() -> Mme5EmbeddingModel.builder().model("not a name")).isInstanceOf(HubException.class);
        assertThatThrownBy(() -> Mme5EmbeddingModel.builder().build()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void factoryOpensTheNamedModel() throws Exception {
        EmbeddingModelFactory factory = ServiceLoader.load(EmbeddingModelFactory.class).findFirst().orElseThrow();
        System.setProperty(Mme5EmbeddingModelFactory.PROPERTY, MiniModel.folder().toString());
        try (Mme5EmbeddingModel opened = (Mme5EmbeddingModel) factory.create()) {
            assertThat(opened.embed("cat")).isEqualTo(model.embed("cat"));
        } finally {
            System.clearProperty(Mme5EmbeddingModelFactory.PROPERTY);
        }
    }
}
