package dev.mme5.hub;

import dev.mme5.hub.net.LocalFailure;
import dev.mme5.hub.net.PermanentFailure;
import dev.mme5.json.Mme5Exception;
import dev.mme5.json.SafeText;
import java.io.IOException;

/**
 * A model cannot be downloaded or found. The message is one line, safe to print on a terminal, and never has the token.
 */
public final class HubException extends Mme5Exception {
    private static final long serialVersionUID = 1;

    private final Remedy remedy;

    /** What a caller can offer its user. */
    public enum Remedy {
        /** Replace the file, see {@link DownloadOptions#withForce}. */
        FORCE,

        /** Remove the file that the message names, or choose another folder, see {@link DownloadOptions#withOutput}. */
        OTHER_FOLDER,

        /** Choose a folder on another disk, see {@link DownloadOptions#withOutput}, or another cache. */
        OTHER_DISK,

        /** Ask for another branch, tag or commit, see {@link ModelReference#withRevision}. */
        OTHER_REVISION,

        /** None but what the message says. */
        NONE
    }

    public HubException(String message) {
        this(message, Remedy.NONE, null);
    }

    public HubException(String message, Throwable cause) {
        this(message, Remedy.NONE, cause);
    }

    private HubException(String message, Remedy remedy, Throwable cause) {
        super(SafeText.line(message), cause);
        this.remedy = remedy;
    }

    /** A download that failed. */
    static HubException of(IOException e) {
        Remedy remedy = !(e instanceof PermanentFailure failure) ? Remedy.NONE : switch (failure.problem()) {
            case FILE_EXISTS -> Remedy.FORCE;
            case EXTRA_FILE -> Remedy.OTHER_FOLDER;
            case NO_SPACE -> Remedy.OTHER_DISK;
            case UNKNOWN_REVISION -> Remedy.OTHER_REVISION;
            case OTHER -> Remedy.NONE;
        };
        return new HubException(LocalFailure.describe(e), remedy, e);
    }

    /** What helps. */
    public Remedy remedy() {
        return remedy;
    }
}
