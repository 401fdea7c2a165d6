package dev.mme5.spring.ai;

import static dev.mme5.spring.ai.MiniEngine.ENGINE;
import static dev.mme5.spring.ai.MiniEngine.GALLERY;
import static dev.mme5.spring.ai.MiniEngine.bytes;
import static dev.mme5.spring.ai.MiniEngine.media;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.ImageSource;
import dev.mme5.engine.Input;
import dev.mme5.engine.InputException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.content.Media;
import org.springframework.ai.document.Document;
import org.springframework.ai.document.MetadataMode;
import org.springframework.ai.embedding.DocumentEmbeddingRequest;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.embedding.EmbeddingResultMetadata.ModalityType;
import org.springframework.ai.embedding.TokenCountBatchingStrategy;
import org.springframework.util.MimeType;

class DocumentsTest {
    private final Mme5EmbeddingModel model = Mme5EmbeddingModel.builder(ENGINE).imageFolder(GALLERY).build();
    private final Mme5DocumentEmbeddingModel documents = new Mme5DocumentEmbeddingModel(model);

    private float[] vector(Document document) {
        return documents.call(new DocumentEmbeddingRequest(document)).getResult().getOutput();
    }

    private static float[] imageAlone(String name) {
        return ENGINE.embed(Input.image(bytes(name))).values();
    }

    private static float[] fused(String name, String text) {
        return ENGINE.embed(Input.images(List.of(ImageSource.of(bytes(name))), text)).values();
    }

    @Test
    void mediaAreEmbeddedAsImages() {
        assertThat(vector(new Document(media("airplane.png"), Map.of()))).isEqualTo(imageAlone("airplane.png"));
        assertThat(documents.dimensions()).isEqualTo(192);
    }

    @Test
    void mediaWithWordsInMetadataAreFused() {
        assertThat(vector(new Document(media("airplane.png"), Map.of(Mme5Metadata.TEXT, "a toy"))))
                .isEqualTo(fused("airplane.png", "a toy"));
    }

    @Test
    void textThatNamesAnImageIsFused() {
        assertThat(vector(new Document("a toy", Map.of(Mme5Metadata.IMAGE, "airplane.png")))).isEqualTo(fused("airplane.png", "a toy"));
        assertThat(model.embed(new Document("a toy", Map.of(Mme5Metadata.IMAGE, "airplane.png"))))
                .isEqualTo(fused("airplane.png", "a toy"));
    }

    @Test
    void blankTextLeavesTheImageAlone() {
        assertThat(vector(new Document(" ", Map.of(Mme5Metadata.IMAGE, "airplane.png")))).isEqualTo(imageAlone("airplane.png"));
        assertThat(vector(new Document("caption", Map.of(Mme5Metadata.IMAGE, "airplane.png", Mme5Metadata.TEXT, ""))))
                .isEqualTo(imageAlone("airplane.png"));
    }

    @Test
    void severalImagesAreFusedInOrder() {
        float[] expected = ENGINE.embed(Input.image(ImageSource.of(bytes("airplane.png")), ImageSource.of(bytes("bat.png")))).values();
        assertThat(vector(new Document("", Map.of(Mme5Metadata.IMAGE, List.of("airplane.png", "bat.png"))))).isEqualTo(expected);
    }

    @Test
    void base64DataUrisAndFilesAreMedia() {
        String base64 = Base64.getEncoder().encodeToString(bytes("bat.png"));
        URI file = GALLERY.resolve("bat.png").toAbsolutePath().toUri();
        for (Object data : List.of(base64, "data:image/png;base64," + base64, file.toString())) {
            Media media = Media.builder().mimeType(Media.Format.IMAGE_PNG).data((String) data).build();
            assertThat(vector(new Document(media, Map.of()))).isEqualTo(imageAlone("bat.png"));
        }
    }

    @Test
    void responseSaysWhichDocumentAndModality() {
        EmbeddingResponse response = documents.call(new DocumentEmbeddingRequest(
                List.of(new Document("one", "words", Map.of()), new Document("two", media("bat.png"), Map.of()))));
        assertThat(response.getResults()).extracting(Embedding::getIndex).containsExactly(0, 1);
        assertThat(response.getResults()).extracting(e -> e.getMetadata().getDocumentId()).containsExactly("one", "two");
        assertThat(response.getResults()).extracting(e -> e.getMetadata().getModalityType())
                .containsExactly(ModalityType.TEXT, ModalityType.IMAGE);
        assertThat(response.getResults()).extracting(e -> e.getMetadata().getMimeType().toString())
                .containsExactly("text/plain", "image/png");
        assertThat(response.getMetadata().getUsage().getPromptTokens()).isPositive();
    }

    @Test
    void batchesKeepTheOrder() {
        List<Document> batch = List.of(new Document("a"), new Document("", Map.of(Mme5Metadata.IMAGE, "bat.png")), new Document("b"));
        List<float[]> vectors = model.embed(batch, EmbeddingOptions.builder().build(), new TokenCountBatchingStrategy());
        assertThat(vectors.get(0)).isEqualTo(ENGINE.embed(Input.text("a")).values());
        assertThat(vectors.get(1)).isEqualTo(imageAlone("bat.png"));
        assertThat(vectors.get(2)).isEqualTo(ENGINE.embed(Input.text("b")).values());
        List<float[]> one = model.embed(batch, null, all -> all.stream().map(List::of).toList());
        for (int i = 0; i < 3; i++) assertThat(one.get(i)).isEqualTo(vectors.get(i));
    }

    @Test
    void metadataAreEmbeddedOnlyIfAskedForAndNeverOurs() {
        Document document = new Document("a cat", Map.of("colour", "red", Mme5Metadata.IMAGE, "bat.png"));
        assertThat(model.getEmbeddingContent(document)).isEqualTo("a cat");
        Mme5EmbeddingModel withMetadata = Mme5EmbeddingModel.builder(ENGINE).metadataMode(MetadataMode.EMBED).build();
        assertThat(withMetadata.getEmbeddingContent(document)).contains("colour: red").contains("a cat").doesNotContain("bat.png");
    }

    private void assertRefused(Mme5EmbeddingModel by, Document document, String... words) {
        assertThatThrownBy(() -> by.embed(document)).isInstanceOf(UnusableDocumentException.class)
                .hasMessageContaining(document.getId()).hasMessageContainingAll(words)
                .extracting(e -> ((UnusableDocumentException) e).documentId()).isEqualTo(document.getId());
    }

    @Test
    void imagesOutsideTheFoldersAreRefused(@TempDir Path folder) throws IOException {
        Files.copy(GALLERY.resolve("bat.png"), folder.resolve("bat.png"));
        Files.createSymbolicLink(folder.resolve("link.png"), GALLERY.resolve("airplane.png").toAbsolutePath());
        Mme5EmbeddingModel restricted = Mme5EmbeddingModel.builder(ENGINE).imageFolder(folder).build();
        assertThat(restricted.embed(new Document("", Map.of(Mme5Metadata.IMAGE, "bat.png")))).isEqualTo(imageAlone("bat.png"));
        String outside = GALLERY.resolve("airplane.png").toAbsolutePath().toString();
        String climbing = folder.toRealPath().relativize(GALLERY.toRealPath()).resolve("airplane.png").toString();
        for (String name : List.of(outside, climbing, "link.png", Path.of(outside).toUri().toString())) {
            assertRefused(restricted, new Document("id-1", "", Map.of(Mme5Metadata.IMAGE, name)), "not below an allowed folder");
        }
        assertRefused(restricted, new Document("id-2", "", Map.of(Mme5Metadata.IMAGE, "none.png")), "there is no image none.png");
        assertRefused(restricted, new Document("id-3", "", Map.of(Mme5Metadata.IMAGE, "a\0b")), "expected the path of an image file");
        Mme5EmbeddingModel none = Mme5EmbeddingModel.builder(ENGINE).build();
        assertRefused(none, new Document("id-4", "", Map.of(Mme5Metadata.IMAGE, "bat.png")), "no image folder is allowed");
    }

    @Test
    void addressesAreNeverFetched() {
        for (String address : List.of("http://127.0.0.1:1/a.png", "https://example.org/a.png", "s3://bucket/a.png", "jar:file:/a.jar!/b")) {
            Media media = Media.builder().mimeType(Media.Format.IMAGE_PNG).data(address).build();
            assertRefused(model, new Document("id", media, Map.of()), "not fetched from addresses", address);
        }
    }

    @Test
    void mediaOfOtherKindsAndDamagedImagesAreRefused() {
        Media sound = Media.builder().mimeType(MimeType.valueOf("audio/mpeg")).data(new byte[4]).build();
        assertRefused(model, new Document("id", sound, Map.of()), "audio/mpeg");
        Media damaged = MiniEngine.mediaOf(new byte[] {1, 2, 3});
        assertThatThrownBy(() -> documents.call(new DocumentEmbeddingRequest(new Document("good"), new Document("bad", damaged, Map.of()))))
                .isInstanceOf(UnusableDocumentException.class).hasMessageStartingWith("document bad: ")
                .hasCauseInstanceOf(InputException.class);
    }
}
