package dev.mme5.server;

import java.util.Objects;

/**
 * What comes before the texts of the page, as encoders such as E5 were trained with.
 *
 * @param query put in front of every text that is looked for without an image; empty for nothing
 * @param document put in front of every document without images; empty for nothing
 */
public record LibraryPrompts(String query, String document) {
    /** Texts as they are. */
    public static final LibraryPrompts NONE = new LibraryPrompts("", "");

    public LibraryPrompts {
        Objects.requireNonNull(query, "query");
        Objects.requireNonNull(document, "document");
    }
}
