package dev.mme5.tokenizer.common;

import dev.mme5.json.JsonReader;
import dev.mme5.json.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Checks the files of a model folder that may come from anywhere: no symbolic link may lead out of the folder. The rule is that of
 * the module {@code dev.mme5.weights}, which the tokenizer does not depend on; see docs/decisions/0008. A test of the engine
 * compares the two.
 */
public final class TokenizerFiles {
    private TokenizerFiles() {}

    /**
     * Checks that a file of a folder can be opened. A link must lead into the folder or, if the folder belongs to a Hugging Face
     * cache, into its store: snapshots/REVISION/x -> ../../blobs/HASH. Such a blob may be a link in turn, to the store that all
     * repositories of the cache share: CACHE/blobs/xx/HASH.
     *
     * @return the file to open, without symbolic links
     * @throws ModelFormatException if it cannot be opened
     */
    public static Path checked(Path folder, Path file) {
        Path target = JsonReader.regularFile(file);
        Path realFolder = real(folder);
        if (target.startsWith(realFolder) || isInCacheStore(file, target, realFolder)) return target;
        throw new ModelFormatException(file.toString(), "", "expected a file in the model folder, found a link to " + target);
    }

    /**
     * Whether there is a file or link of that name.
     *
     * @throws ModelFormatException if it cannot be told
     */
    public static boolean isPresent(Path file) {
        try {
            Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw ModelFormatException.unreadable(file, e);
        }
    }

    private static Path real(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            throw ModelFormatException.unreadable(folder, e);
        }
    }

    private static boolean isInCacheStore(Path file, Path target, Path realFolder) {
        for (Path parent = realFolder.getParent(); parent != null; parent = parent.getParent()) {
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
