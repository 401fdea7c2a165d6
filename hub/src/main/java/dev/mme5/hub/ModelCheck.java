package dev.mme5.hub;

import java.nio.file.Path;
import java.util.Optional;

/** Tells whether a model can be used, before its weights are fetched or for a list: the hub itself does not know. */
@FunctionalInterface
public interface ModelCheck {

    /**
     * @param folder has at least {@code config.json}
     * @return why the model cannot be used, in one line; empty when it can
     */
    Optional<String> problem(Path folder);

    /** Every model is fine. */
    static ModelCheck none() {
        return folder -> Optional.empty();
    }
}
