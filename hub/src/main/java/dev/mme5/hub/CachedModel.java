package dev.mme5.hub;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A snapshot in the cache.
 *
 * @param name {@code ORG/NAME}
 * @param commit 40 hex digits
 * @param revisions branches and tags that had this commit when they were downloaded last
 * @param folder the snapshot
 * @param bytes of its files, unfinished ones included
 * @param missing the first file that was not fetched and is not known to be absent; empty when it is complete
 * @param problem why it cannot be used, by the caller's {@link ModelCheck}; empty when it can, or is not complete
 */
public record CachedModel(String name, String commit, List<String> revisions, Path folder, long bytes, Optional<String> missing,
        Optional<String> problem) {

    public CachedModel {
        revisions = List.copyOf(revisions);
    }

    public boolean isComplete() {
        return missing.isEmpty();
    }

    public boolean isUsable() {
        return isComplete() && problem.isEmpty();
    }
}
