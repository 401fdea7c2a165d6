package dev.mme5.server.library;

import dev.mme5.search.Document;
import dev.mme5.search.IndexedDocument;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A document that may be shown.
 *
 * @param key names it in addresses; says nothing about where it is
 * @param row its row in the index
 * @param document what the index knows
 * @param file its file, without symbolic links
 */
record LibraryDocument(String key, int row, IndexedDocument document, Path file) {
    private static final int KEY_BYTES = 12;

    static LibraryDocument of(Path folder, int row, IndexedDocument document, Path file) {
        return new LibraryDocument(key(folder, document.id()), row, document, file);
    }

    boolean isText() {
        return document.kind() == Document.Kind.TEXT;
    }

    private static String key(Path folder, String id) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(folder.toString().getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            digest.update(id.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(), 0, KEY_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e); // every JDK has it
        }
    }
}
