package dev.mme5.lucene;

/** An index cannot be opened, read or written: it is in use, damaged, of another model, or the disk is full. The message is one line. */
public final class LuceneIndexException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean isInUse;

    public LuceneIndexException(String message) {
        this(message, null);
    }

    public LuceneIndexException(String message, Throwable cause) {
        this(message, cause, false);
    }

    LuceneIndexException(String message, Throwable cause, boolean isInUse) {
        super(message, cause);
        this.isInUse = isInUse;
    }

    /** Whether the only reason is that the index is open elsewhere, so that trying again later may help. */
    public boolean isInUse() {
        return isInUse;
    }
}
