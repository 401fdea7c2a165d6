package dev.mme5.search;

import dev.mme5.engine.Input;
import dev.mme5.engine.InputException;
import dev.mme5.search.index.IndexEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A document to be indexed. It becomes one vector. No file is read before the index is updated. */
public sealed interface Document permits ImageFile, TextFile, InputDocument {
    /** The name that matches show. It need not be unique. */
    String id();

    /** What the document consists of. */
    Kind kind();

    /** The files whose content the vector depends on. */
    List<Source> files();

    /**
     * Identifies everything that the vector depends on: documents with the same key have the same vector.
     *
     * @param hashes SHA-256 of each file, in hexadecimal
     */
    String contentKey(List<String> hashes);

    /**
     * The input to embed.
     *
     * @param contents the bytes of each file
     * @throws InputException if the bytes cannot be used, for example because a text is not UTF-8
     */
    Input input(List<byte[]> contents);

    /**
     * The beginning of the text on one line, which matches show.
     *
     * @param input what {@link #input} gave
     */
    default String title(Input input) {
        return IndexEntry.titleOf(input, "");
    }

    /**
     * Why the document is passed over, or empty if it is to be embedded. See {@link IndexReport.Skipped#reason}.
     *
     * @param contents the bytes of each file
     */
    default Optional<String> reasonToSkip(List<byte[]> contents) {
        return Optional.empty();
    }

    /** What a document consists of. */
    enum Kind {
        IMAGE,
        TEXT,
        MIXED;

        /** The name in index files and results: {@code image}, {@code text} or {@code mixed}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The kind with this label. */
        static Kind labelled(String label) {
            return valueOf(label.toUpperCase(Locale.ROOT));
        }
    }

    /**
     * A file of a document.
     *
     * @param name the name that the index stores: for files next to the index a relative path, so that they can be moved together
     * @param path the current location
     */
    record Source(String name, Path path) {}
}
