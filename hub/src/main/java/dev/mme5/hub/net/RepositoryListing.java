package dev.mme5.hub.net;

import dev.mme5.json.Json;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.ModelFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A revision of a repository: its commit and its files.
 *
 * @param commit 40 hex digits; empty when a mirror leaves it out
 */
public record RepositoryListing(Optional<String> commit, List<ListedFile> files) {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    /**
     * A file of the listing.
     *
     * @param name with {@code /} between folders, exactly as the server sent it
     * @param size in bytes; -1 when the listing does not say
     * @param digest SHA-256 of a large file, else the git blob's SHA-1; empty when the listing does not say
     */
    public record ListedFile(String name, long size, Optional<String> digest) {}

    public static boolean isCommit(String revision) {
        return COMMIT.matcher(revision).matches();
    }

    /**
     * Reads the answer of {@code /api/models/REPO/revision/REV}.
     *
     * @param source the address, for messages
     */
    static RepositoryListing parse(byte[] body, String source) throws PermanentFailure {
        try {
            JsonObject root = JsonReader.parseObject(body, source);
            Optional<String> commit = root.has("sha") ? Optional.of(root.text("sha")) : Optional.empty();
            if (commit.isPresent() && !isCommit(commit.get())) throw root.error("sha", "expected 40 hex digits, found " + root.get("sha"));
            JsonArray siblings = root.array("siblings");
            List<ListedFile> files = new ArrayList<>(siblings.size());
            for (int i = 0; i < siblings.size(); i++) files.add(file(siblings.object(i)));
            return new RepositoryListing(commit, List.copyOf(files));
        } catch (ModelFormatException e) {
            throw new PermanentFailure(e.getMessage(), e);
        }
    }

    private static ListedFile file(JsonObject sibling) {
        Optional<String> digest = Optional.empty();
        if (sibling.get("blobId") instanceof Json.Text id && id.value().matches("[0-9a-f]{40}")) digest = Optional.of(id.value());
        if (sibling.has("lfs")) {
            String sha256 = sibling.object("lfs").text("sha256", "");
            digest = sha256.matches("[0-9a-f]{64}") ? Optional.of(sha256) : Optional.empty();
        }
        long size = sibling.longInteger("size", -1);
        return new ListedFile(sibling.text("rfilename"), size, digest);
    }
}
