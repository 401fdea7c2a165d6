package dev.mme5.spring.ai;

import static dev.mme5.spring.ai.MiniEngine.ENGINE;
import static dev.mme5.spring.ai.MiniEngine.GALLERY;
import static dev.mme5.spring.ai.MiniEngine.media;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.Input;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.document.Document;
import org.springframework.ai.vectorstore.SearchRequest;
import org.springframework.ai.vectorstore.SimpleVectorStore;

/** The way round stores that refuse media: text documents whose metadata names an image. */
class VectorStoreTest {
    private static final List<String> IMAGES = List.of("airplane.png", "anchor.png", "bat.png", "bicycle.png", "red-apple.png");

    private static final Mme5EmbeddingModel MODEL = Mme5EmbeddingModel.builder(ENGINE).imageFolder(GALLERY).build();
    private static final SimpleVectorStore STORE = SimpleVectorStore.builder(MODEL).build();

    @BeforeAll
    static void addImages() {
        STORE.add(IMAGES.stream()
                .map(name -> new Document(name, name, Map.of(Mme5Metadata.IMAGE, name, Mme5Metadata.TEXT, "", "kind", "image")))
                .toList());
    }

    private static SearchRequest.Builder first(String query) {
        return SearchRequest.builder().query(query).topK(1);
    }

    @Test
    void storeRefusesMedia() {
        Document document = new Document(media("bat.png"), Map.of());
        assertThatThrownBy(() -> STORE.add(List.of(document))).hasMessageContaining("Only text documents are supported");
    }

    @Test
    void wordsFindImages() {
        for (String words : List.of("red apple", "airplane", "bicycle")) {
            List<Document> found = STORE.similaritySearch(first(words).build());
            assertThat(found).extracting(Document::getId).containsExactly(words.replace(' ', '-') + ".png");
        }
    }

    @Test
    void imageFindsItself() {
        try (ImageQuery query = MODEL.imageQuery(media("anchor.png"))) {
            Document found = STORE.similaritySearch(first(query.text()).build()).getFirst();
            assertThat(found.getId()).isEqualTo("anchor.png");
            assertThat(found.getScore()).isGreaterThan(0.9999);
            assertThat(query.vector()).isEqualTo(MODEL.embed(query.text()));
        }
    }

    @Test
    void closedImageQueryIsOnlyWords() {
        ImageQuery query = MODEL.imageQuery(media("anchor.png"), "in blue");
        assertThat(MODEL.embed(query.text())).isEqualTo(query.vector());
        query.close();
        query.close();
        assertThat(MODEL.embed(query.text())).isEqualTo(ENGINE.embed(Input.text(query.text())).values());
    }

    @Test
    void filtersSeeTheMetadata() {
        STORE.add(List.of(new Document("words", "red apple", Map.of("kind", "text"))));
        try {
            assertFiltered();
        } finally {
            STORE.delete(List.of("words"));
        }
    }

    private static void assertFiltered() {
        assertThat(STORE.similaritySearch(first("red apple").build())).extracting(Document::getId).containsExactly("words");
        assertThat(STORE.similaritySearch(first("red apple").filterExpression("kind == 'image'").build()))
                .extracting(Document::getId).containsExactly("red-apple.png");
    }

    @Test
    void reloadedStoreFindsTheSame(@TempDir Path folder) {
        STORE.save(folder.resolve("store.json").toFile());
        SimpleVectorStore reloaded = SimpleVectorStore.builder(MODEL).build();
        reloaded.load(folder.resolve("store.json").toFile());
        for (String query : List.of("red apple", "an anchor")) {
            assertThat(scores(reloaded, query)).isEqualTo(scores(STORE, query)).hasSizeGreaterThan(1);
        }
    }

    private static List<String> scores(SimpleVectorStore store, String query) {
        Stream<Document> found = store.similaritySearch(SearchRequest.builder().query(query).topK(IMAGES.size()).build()).stream();
        return found.map(d -> d.getId() + " " + d.getScore()).toList();
    }
}
