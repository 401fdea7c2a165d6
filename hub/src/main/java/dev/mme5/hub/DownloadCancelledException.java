package dev.mme5.hub;

import dev.mme5.json.Mme5Exception;

/** A download ended because its thread was interrupted, which the thread stays. What has come stays for the next time. */
public final class DownloadCancelledException extends Mme5Exception {
    private static final long serialVersionUID = 1;

    public DownloadCancelledException(String message, Throwable cause) {
        super(message, cause);
    }
}
