package dev.mme5.json;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The door to a model folder's files. A folder may come from anywhere, so neither a name in its index nor a symbolic link in it
 * may lead to a file elsewhere.
 *
 * @param path the folder, as the user named it
 * @param real the same without symbolic links
 */
public record ModelFolder(Path path, Path real) {

    /** @throws ModelFormatException when it is no folder */
    public static ModelFolder of(Path path) {
        try {
            Path real = path.toRealPath();
            if (!Files.isDirectory(real)) throw new ModelFormatException(path.toString(), "", "expected a folder, found a file");
            return new ModelFolder(path, real);
        } catch (NoSuchFileException e) {
            throw new ModelFormatException(path.toString(), "", "not found", e);
        } catch (IOException e) {
            throw RegularFile.unreadable(path, e);
        }
    }

    /** Whether the folder lists that name, be it a link to nothing: that is worth its own refusal. */
    public boolean lists(String name) {
        return Files.exists(path.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Path of a file that lies directly in this folder, by a name that the index gives.
     *
     * @param index the index file, for messages
     * @param place where in the index the name stands
     * @throws ModelFormatException when the name is a path
     */
    public Path file(String name, Path index, String place) {
        boolean isPlain = !name.isEmpty() && !name.equals(".") && !name.equals("..")
                && name.indexOf('/') < 0 && name.indexOf('\\') < 0 && name.indexOf('\0') < 0;
        try {
            if (isPlain && !Path.of(name).isAbsolute() && Path.of(name).getNameCount() == 1) return path.resolve(name);
        } catch (InvalidPathException notAName) {
            // falls through: the platform has no file of that name
        }
        throw new ModelFormatException(index.toString(), place, "expected a plain file name, found " + new Json.Text(name));
    }

    /**
     * Checks that a file of this folder can be opened: it exists, is a regular file (opening a pipe would block), and if it is
     * a symbolic link, then into this folder or into the store of the Hugging Face cache that the folder belongs to
     * (snapshots/REVISION/x -> ../../blobs/HASH).
     *
     * @return the file to open, without symbolic links
     * @throws ModelFormatException when it cannot
     */
    public Path checked(Path file) {
        Path target = RegularFile.real(file);
        if (!target.startsWith(real) && !isInCacheStore(target)) {
            throw new ModelFormatException(file.toString(), "", "expected a file in the model folder, found a link to " + target);
        }
        return target;
    }

    /**
     * Reads a JSON file that lies in a model folder, if it can be opened by the rules of {@link #checked}.
     *
     * @throws ModelFormatException when it cannot, or its value is no object
     */
    public static JsonObject readObject(Path file) {
        return readObject(file, RawMemberReader.NONE);
    }

    /**
     * The same.
     *
     * @param bulk offered what may be too large for a tree
     */
    public static JsonObject readObject(Path file, RawMemberReader bulk) {
        return JsonReader.readObject(file, checkedInItsFolder(file), bulk);
    }

    /**
     * The same for a file of any kind.
     *
     * @return the file to open, without symbolic links
     */
    public static Path checkedInItsFolder(Path file) {
        RegularFile.real(file);   // a missing file is to be named, not its missing folder
        Path folder = file.getParent();
        return of(folder == null ? Path.of("") : folder).checked(file);
    }

    private boolean isInCacheStore(Path target) {
        for (Path part = real; part.getParent() != null; part = part.getParent()) {
            Path parent = part.getParent();
            boolean isSnapshot = parent.getFileName() != null && parent.getFileName().toString().equals("snapshots");
            if (isSnapshot && target.startsWith(parent.resolveSibling("blobs"))) return true;
        }
        return false;
    }
}
