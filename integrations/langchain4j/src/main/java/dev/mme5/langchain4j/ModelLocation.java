package dev.mme5.langchain4j;

import dev.mme5.hub.HubException;
import dev.mme5.hub.ModelHub;
import dev.mme5.hub.ModelReference;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Where a model is: a folder, or a snapshot in the Hugging Face cache.
 *
 * @param name {@code ORG/NAME} of a snapshot, whose folder is named by a commit; null for a folder
 */
record ModelLocation(Path folder, String name) {
    static ModelLocation resolve(String folderOrName) {
        if (isFolder(folderOrName)) return new ModelLocation(Path.of(folderOrName), null);
        ModelReference reference = ModelReference.tryParse(folderOrName)
                .orElseThrow(() -> new HubException(folderOrName + ": no such folder, and no ORG/NAME"));
        return new ModelLocation(ModelHub.defaults().require(reference), reference.name());
    }

    private static boolean isFolder(String name) {
        try {
            return Files.isDirectory(Path.of(name));
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
