package dev.mme5.search;

import dev.mme5.search.index.IndexEntry;

/**
 * A document in an index.
 *
 * @param id its name, as {@link Document#id} gave it
 * @param kind what it consists of
 * @param title the beginning of its text on one line; empty for an image with the standard instruction
 */
public record IndexedDocument(String id, Document.Kind kind, String title) {
    static IndexedDocument of(IndexEntry entry) {
        return new IndexedDocument(entry.id(), Document.Kind.labelled(entry.kind()), entry.title());
    }
}
