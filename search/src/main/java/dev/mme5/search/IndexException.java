package dev.mme5.search;

import dev.mme5.json.Mme5Exception;
import dev.mme5.search.index.IndexFileException;
import java.util.Objects;

/** An index file cannot be used or written. The message is one line that names the file and the problem. */
public final class IndexException extends Mme5Exception {
    private static final long serialVersionUID = 1;

    private final Remedy remedy;

    /** What a caller can offer its user. */
    public enum Remedy {
        /** Build the index again, see {@link IndexUpdate#IndexUpdate(dev.mme5.engine.EmbeddingModel, java.nio.file.Path, boolean)}. */
        REBUILD,

        /** Keep the index in another file. This one belongs to someone else, or cannot be read or written. */
        OTHER_FILE,

        /** Try again. */
        RETRY
    }

    public IndexException(String message, Remedy remedy, Throwable cause) {
        super(message, cause);
        this.remedy = Objects.requireNonNull(remedy, "remedy");
    }

    static IndexException of(IndexFileException e) {
        Remedy remedy = switch (e.problem()) {
            case DAMAGED, OTHER_VERSION, OTHER_MODEL, OTHER_OPTIONS -> Remedy.REBUILD;
            case NOT_OURS, NOT_READABLE, NOT_WRITABLE -> Remedy.OTHER_FILE;
            case INTERRUPTED -> Remedy.RETRY;
        };
        return new IndexException(e.getMessage(), remedy, e);
    }

    /** What helps. */
    public Remedy remedy() {
        return remedy;
    }
}
