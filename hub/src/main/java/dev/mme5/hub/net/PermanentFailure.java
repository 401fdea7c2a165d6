package dev.mme5.hub.net;

import java.io.IOException;

/** A failure that asking again cannot mend: a refusal, a wrong answer, or an answer that breaks the protocol. */
public class PermanentFailure extends IOException {
    private static final long serialVersionUID = 1;

    private final Problem problem;

    /** What is in the way. */
    public enum Problem {
        /** The repository has no such branch, tag or commit, or does not say which commit it is. */
        UNKNOWN_REVISION,

        /** The output folder has a file of that name that no download wrote. */
        FILE_EXISTS,

        /** The output folder has a file that the model has not, and that would change its vectors. */
        EXTRA_FILE,

        /** The disk is too small. */
        NO_SPACE,

        /** Anything else. */
        OTHER
    }

    public PermanentFailure(String message) {
        this(Problem.OTHER, message, null);
    }

    public PermanentFailure(String message, Throwable cause) {
        this(Problem.OTHER, message, cause);
    }

    public PermanentFailure(Problem problem, String message) {
        this(problem, message, null);
    }

    private PermanentFailure(Problem problem, String message, Throwable cause) {
        super(message, cause);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
