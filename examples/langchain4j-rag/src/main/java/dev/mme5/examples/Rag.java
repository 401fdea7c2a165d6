package dev.mme5.examples;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.content.retriever.EmbeddingStoreContentRetriever;
import dev.langchain4j.rag.query.Query;
import dev.mme5.langchain4j.LuceneEmbeddingStore;
import dev.mme5.langchain4j.Mme5EmbeddingModel;
import dev.mme5.model.mini.MiniModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Retrieval over images and texts in one store: a question finds both. An image is a segment whose text says its file, so that whatever
 * answers the question can load it. Argument: FOLDER with images.
 */
final class Rag {
    /** Texts in several languages; the mini model knows the names of emoji in some 130. */
    private static final List<String> NOTES = List.of("Fahrrad", "manzana roja", "самолёт", "guitare", "月", "snowman");

    public static void main(String[] args) throws IOException {
        Path images = Path.of(args[0]).toRealPath();
        Path folder = Files.createTempDirectory("mme5-store");   // a store that is kept needs a folder of its own

        // For mmE5 itself: .model("intfloat/mmE5-mllama-11b-instruct") after mme5 download, and its instructions.
        try (Mme5EmbeddingModel model = Mme5EmbeddingModel.builder().modelFolder(MiniModel.folder()).allowFilesBelow(images).build();
                LuceneEmbeddingStore store = LuceneEmbeddingStore.open(folder)) {
            addTexts(model, store);
            addImages(model, store, images);

            ContentRetriever retriever = EmbeddingStoreContentRetriever.builder()
                    .embeddingModel(model).embeddingStore(store).maxResults(3).build();
            for (String question : List.of("bicycle", "red apple", "airplane")) {
                System.out.println(question);
                for (Content content : retriever.retrieve(Query.from(question))) {
                    TextSegment segment = content.textSegment();
                    System.out.println("  " + segment.metadata().getString("kind") + "  " + segment.text());
                }
            }
            // From here on it is RAG as always: give the retriever to AiServices.builder(...).contentRetriever(retriever).
        }
    }

    private static void addTexts(Mme5EmbeddingModel model, LuceneEmbeddingStore store) {
        List<TextSegment> segments = NOTES.stream().map(note -> TextSegment.from(note, Metadata.from("kind", "text"))).toList();
        store.addAll(model.embedAll(segments).content(), segments);
    }

    private static void addImages(Mme5EmbeddingModel model, LuceneEmbeddingStore store, Path images) throws IOException {
        List<Path> files;
        try (Stream<Path> list = Files.list(images)) {
            files = list.filter(file -> file.toString().endsWith(".png")).sorted().toList();
        }
        EmbeddingRequest request = EmbeddingRequest.builder()
                .inputs(files.stream().map(file -> EmbeddingInput.from(ImageContent.from(file.toUri()))).toList())
                .build();
        List<Embedding> embeddings = model.embed(request).embeddings();
        store.addAll(embeddings, files.stream()
                .map(file -> TextSegment.from(file.getFileName().toString(), Metadata.from("kind", "image")))
                .toList());
    }
}
