package dev.mme5.search;

import dev.mme5.json.Mme5Exception;
import java.nio.file.Path;

/** A call came after the {@link SearchIndex} was closed. */
public final class IndexClosedException extends Mme5Exception {
    private static final long serialVersionUID = 1;

    IndexClosedException(Path file) {
        super(file + ": the index is closed");
    }
}
