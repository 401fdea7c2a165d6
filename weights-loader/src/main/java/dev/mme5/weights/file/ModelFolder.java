package dev.mme5.weights.file;

import dev.mme5.json.Json;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.ModelFormatException;
import dev.mme5.json.RawMemberReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Opens the files of a model folder safely. Because a folder can come from anywhere, neither a name in its index nor a symbolic
 * link in it may lead to a file elsewhere, and because opening a pipe can block, only regular files are opened.
 *
 * @param path the folder, as the user named it
 * @param real the folder without symbolic links
 */
public record ModelFolder(Path path, Path real) {

    /** @throws ModelFormatException if there is no such folder */
    public static ModelFolder of(Path path) {
        try {
            Path real = path.toRealPath();
            if (!Files.isDirectory(real)) throw new ModelFormatException(path.toString(), "", "expected a folder, found a file");
            return new ModelFolder(path, real);
        } catch (NoSuchFileException e) {
            throw new ModelFormatException(path.toString(), "", "not found", e);
        } catch (IOException e) {
            throw ModelFormatException.unreadable(path, e);
        }
    }

    /**
     * Whether the folder has an entry of that name. A link to a missing file counts, because it needs its own refusal.
     *
     * @throws ModelFormatException if the system does not tell
     */
    public boolean lists(String name) {
        Path file = path.resolve(name);
        try {
            Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw ModelFormatException.unreadable(file, e);
        }
    }

    /**
     * Returns the path of a file directly in this folder whose name stands in an index.
     *
     * @param index the index file, for messages
     * @param location where in the index the name stands, for messages
     * @throws ModelFormatException if the name is a path
     */
    public Path file(String name, Path index, String location) {
        boolean isPlain = !name.isEmpty() && !name.equals(".") && !name.equals("..")
                && name.indexOf('/') < 0 && name.indexOf('\\') < 0 && name.indexOf('\0') < 0;
        try {
            if (isPlain && !Path.of(name).isAbsolute() && Path.of(name).getNameCount() == 1) return path.resolve(name);
        } catch (InvalidPathException notAName) {
            // falls through: the platform has no file of that name
        }
        throw new ModelFormatException(index.toString(), location, "expected a plain file name, found " + new Json.Text(name));
    }

    /**
     * Checks that a file of this folder can be opened: it exists and is a regular file. A symbolic link must lead into this
     * folder or, if the folder belongs to a Hugging Face cache, into its store: snapshots/REVISION/x -> ../../blobs/HASH. Such a
     * blob may be a link in turn, to the store that all repositories of the cache share: CACHE/blobs/xx/HASH.
     *
     * @return the file to open, without symbolic links
     * @throws ModelFormatException if it cannot be opened
     */
    public Path checked(Path file) {
        Path target = JsonReader.regularFile(file);
        if (!target.startsWith(real) && !isInCacheStore(file, target)) {
            throw new ModelFormatException(file.toString(), "", "expected a file in the model folder, found a link to " + target);
        }
        return target;
    }

    /**
     * Reads a JSON file of a model folder, if {@link #checked} allows it.
     *
     * @throws ModelFormatException if the file cannot be opened or its value is not an object
     */
    public static JsonObject readObject(Path file) {
        return JsonReader.readObject(file, checkedInItsFolder(file), RawMemberReader.NONE);
    }

    /**
     * Checks a file against the folder that it lies in, as {@link #checked} does.
     *
     * @return the file to open, without symbolic links
     * @throws ModelFormatException if it cannot be opened
     */
    public static Path checkedInItsFolder(Path file) {
        JsonReader.regularFile(file);   // first, so that a missing file is reported and not its missing folder
        Path folder = file.getParent();
        return of(folder == null ? Path.of("") : folder).checked(file);
    }

    private boolean isInCacheStore(Path file, Path target) {
        for (Path parent = real.getParent(); parent != null; parent = parent.getParent()) {
            Path blobs = parent.resolveSibling("blobs");
            if (isNamed(parent, "snapshots") && (target.startsWith(blobs) || isInSharedStore(file, blobs, target))) return true;
        }
        return false;
    }

    /** Whether the file is a link to a blob of its repository, and that blob one to the store beside all repositories. */
    private static boolean isInSharedStore(Path file, Path blobs, Path target) {
        Path repository = blobs.getParent();
        boolean isInCache = repository != null && repository.getFileName() != null
                && repository.getFileName().toString().startsWith("models--");
        if (!isInCache || !target.startsWith(repository.resolveSibling("blobs"))) return false;
        try {
            Path folder = file.toAbsolutePath().getParent().toRealPath();
            return folder.resolve(Files.readSymbolicLink(file)).normalize().getParent().equals(blobs);
        } catch (IOException | UnsupportedOperationException e) {
            return false;   // no link, so the folder that it lies in is one
        }
    }

    private static boolean isNamed(Path folder, String name) {
        return folder.getFileName() != null && folder.getFileName().toString().equals(name);
    }
}
