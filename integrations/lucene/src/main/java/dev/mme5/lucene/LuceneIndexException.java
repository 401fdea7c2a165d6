package dev.mme5.lucene;

/** An index cannot be opened, read or written: it is in use, damaged, of another model, or the disk is full. The message is one line. */
public final class LuceneIndexException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public LuceneIndexException(String message) {
        super(message);
    }

    public LuceneIndexException(String message, Throwable cause) {
        super(message, cause);
    }
}
