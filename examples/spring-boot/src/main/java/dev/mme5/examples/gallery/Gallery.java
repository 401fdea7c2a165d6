package dev.mme5.examples.gallery;

import dev.mme5.spring.ai.ImageQuery;
import dev.mme5.spring.ai.Mme5EmbeddingModel;
import dev.mme5.spring.ai.Mme5Metadata;
import dev.mme5.spring.ai.UnusableDocumentException;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.ai.content.Media;
import org.springframework.ai.document.Document;
import org.springframework.ai.vectorstore.SearchRequest;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Service;

/**
 * The images of a folder and their vectors. A vector store takes text documents only, so each document here names its image in its
 * metadata.
 */
@Service
class Gallery {
    /** How alike an image is to what was asked for, up to 1. */
    record Match(String id, double score) {}

    private static final Logger LOG = LoggerFactory.getLogger(Gallery.class);
    private static final String INDEX = "index.json";
    private static final String UNSAFE = "[^A-Za-z0-9._-]";
    private static final int MAX_NAME = 80;

    private final Path folder;
    private final Mme5EmbeddingModel model;
    private final GalleryStore store;

    Gallery(@Value("${gallery.folder}") Path folder, Mme5EmbeddingModel model) {
        this.folder = folder;
        this.model = model;
        store = new GalleryStore(model);
    }

    /** Loads the vectors of the last run, and embeds images that it did not save. */
    @PostConstruct
    void open() throws IOException {
        Files.createDirectories(folder);
        Path index = folder.resolve(INDEX);
        if (Files.exists(index)) store.load(index.toFile());
        try (Stream<Path> files = Files.list(folder)) {
            List<String> unknown = files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith(INDEX) && !store.contains(name)).toList();
            for (String id : unknown) {
                try {
                    embed(id);
                } catch (UnusableDocumentException e) {
                    LOG.warn("left out: {}", e.getMessage());   // half an upload, for example
                }
            }
        }
    }

    /** Saves the vectors; written beside and moved, so that the old file stays whole until then. */
    @PreDestroy
    void close() throws IOException {
        Path written = folder.resolve(INDEX + ".new");
        store.save(written.toFile());
        Files.move(written, folder.resolve(INDEX), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Adds an image, and returns its id. */
    String add(String name, InputStream content) throws IOException {
        String safe = name.replaceAll(UNSAFE, "_");
        String id = UUID.randomUUID() + "-" + safe.substring(Math.max(0, safe.length() - MAX_NAME));
        Path file = folder.resolve(id);
        Files.copy(content, file);
        try {
            embed(id);
        } catch (RuntimeException e) {
            Files.delete(file);
            throw e;
        }
        return id;
    }

    private void embed(String id) {
        // The id is what the store shows as text; it is not embedded.
        store.add(List.of(new Document(id, id, Map.of(Mme5Metadata.IMAGE, id, Mme5Metadata.TEXT, ""))));
    }

    /** The file of an image. */
    Optional<Path> file(String id) {
        return store.contains(id) ? Optional.of(folder.resolve(id)) : Optional.empty();
    }

    List<Match> findByWords(String words, int top) {
        SearchRequest request = SearchRequest.builder().query(words).topK(top).build();
        return store.similaritySearch(request).stream().map(found -> new Match(found.getId(), found.getScore())).toList();
    }

    List<Match> findByImage(byte[] image, int top) {
        Media media = Media.builder().mimeType(Media.Format.IMAGE_PNG).data(image).build();   // the kind is told from the bytes
        try (ImageQuery query = model.imageQuery(media)) {
            return findByWords(query.text(), top);
        }
    }
}
