package dev.mme5.tokenizer;

import dev.mme5.json.JsonReader;
import dev.mme5.json.ModelFormatException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Checks the files of a model folder that may come from anywhere: no symbolic link may lead out of the folder. The rule is that of
 * the module {@code dev.mme5.weights}, which the tokenizer does not depend on; see docs/decisions/0008. A test of the engine
 * compares the two.
 */
final class TokenizerFiles {
    private TokenizerFiles() {}

    /**
     * Checks that a file of a folder can be opened. A link must lead into the folder or, if the folder belongs to a Hugging Face
     * cache, into its store (snapshots/REVISION/x -> ../../blobs/HASH).
     *
     * @return the file to open, without symbolic links
     * @throws ModelFormatException if it cannot be opened
     */
    static Path checked(Path folder, Path file) {
        Path target = JsonReader.regularFile(file);
        Path realFolder = real(folder);
        if (target.startsWith(realFolder) || isInCacheStore(target, realFolder)) return target;
        throw new ModelFormatException(file.toString(), "", "expected a file in the model folder, found a link to " + target);
    }

    private static Path real(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            throw ModelFormatException.unreadable(folder, e);
        }
    }

    private static boolean isInCacheStore(Path target, Path realFolder) {
        for (Path parent = realFolder.getParent(); parent != null; parent = parent.getParent()) {
            boolean isSnapshot = parent.getFileName() != null && parent.getFileName().toString().equals("snapshots");
            if (isSnapshot && target.startsWith(parent.resolveSibling("blobs"))) return true;
        }
        return false;
    }
}
