package dev.mme5.search.index;

import dev.mme5.weights.file.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The key of a document's content: equal keys mean equal content. */
public final class ContentKey {
    private ContentKey() {}

    /** SHA-256 of several texts in order. Each is preceded by its length, so that no two lists have the same bytes. */
    public static String of(List<String> parts) {
        Sha256 sha = new Sha256();
        for (String part : parts) {
            byte[] utf8 = part.getBytes(StandardCharsets.UTF_8);
            sha.update((utf8.length + ":").getBytes(StandardCharsets.UTF_8)).update(utf8);
        }
        return sha.hex();
    }
}
