package dev.mme5.cli.context;

/** The exit statuses of the command. Other programs rely on them. */
public final class ExitStatus {
    /** Everything was done. */
    public static final int DONE = 0;

    /** Some inputs, documents or queries failed, or a verification found a difference. The results of the others are there. */
    public static final int SOME_FAILED = 1;

    /** The command was used wrongly, or the model, an input file or an output file cannot be used. There are no results. */
    public static final int UNUSABLE = 2;

    private ExitStatus() {}

    /** {@link #SOME_FAILED} or {@link #DONE}. */
    public static int failedIf(boolean anyFailed) {
        return anyFailed ? SOME_FAILED : DONE;
    }
}
