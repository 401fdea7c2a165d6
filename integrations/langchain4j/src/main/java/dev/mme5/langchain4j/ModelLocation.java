package dev.mme5.langchain4j;

import dev.mme5.hub.HubException;
import dev.mme5.hub.ModelHub;
import dev.mme5.hub.ModelReference;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a model is: a folder, or a snapshot in the Hugging Face cache. */
final class ModelLocation {
    private ModelLocation() {}

    static Path resolve(String folderOrName) {
        Path folder = Path.of(folderOrName);
        if (Files.isDirectory(folder)) return folder;
        ModelReference reference = ModelReference.tryParse(folderOrName)
                .orElseThrow(() -> new HubException(folderOrName + ": no such folder, and no ORG/NAME"));
        return ModelHub.defaults().require(reference);
    }
}
