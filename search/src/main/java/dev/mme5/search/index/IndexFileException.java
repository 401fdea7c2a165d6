package dev.mme5.search.index;

/** An index file or its journal cannot be used or written. The message is one line that names the file. */
public final class IndexFileException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Problem problem;

    /** Why the file cannot be used. */
    public enum Problem {
        /** The file is an index whose content is wrong. */
        DAMAGED,

        /** The file is an index in another version of the format. */
        OTHER_VERSION,

        /** The vectors come from another model or from other options. */
        OTHER_MODEL,

        /** The vectors come from a model of this name with other options. */
        OTHER_OPTIONS,

        /** The file is no index or no journal, so it must not be replaced. */
        NOT_OURS,

        /** The system refuses to show the file. */
        NOT_READABLE,

        /** The system refuses to write the file. */
        NOT_WRITABLE,

        /** The thread was interrupted while it waited for another run. */
        INTERRUPTED
    }

    public IndexFileException(Problem problem, String message, Throwable cause) {
        super(message, cause);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
