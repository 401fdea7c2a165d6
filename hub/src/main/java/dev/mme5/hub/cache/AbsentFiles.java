package dev.mme5.hub.cache;

import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The files that a commit is known not to have: those with a mark in {@code .no_exist}, and those that are not in the list of all its
 * files, if there is one.
 */
final class AbsentFiles implements Predicate<String> {
    /** A list of twenty thousand files has 3 MB. */
    private static final long MAX_TREE_BYTES = 4_000_000;

    private final Path marks;
    private final Path tree;
    private Optional<JsonObject> files;

    AbsentFiles(Path repository, String commit) {
        this.marks = repository.resolve(".no_exist").resolve(commit);
        this.tree = repository.resolve("trees").resolve(commit + ".json");
    }

    @Override
    public boolean test(String name) {
        if (Files.exists(marks.resolve(name), LinkOption.NOFOLLOW_LINKS)) return true;
        if (files == null) files = read();
        return files.isPresent() && !files.get().has(name);
    }

    /** The list; empty when there is none, or one that cannot be read. */
    private Optional<JsonObject> read() {
        try {
            if (!Files.isRegularFile(tree) || Files.size(tree) > MAX_TREE_BYTES) return Optional.empty();
            JsonObject root = JsonReader.readObject(tree);
            return root.integer("format_version") == 1 ? Optional.of(root.object("files")) : Optional.empty();
        } catch (IOException | ModelFormatException e) {
            return Optional.empty();
        }
    }
}
