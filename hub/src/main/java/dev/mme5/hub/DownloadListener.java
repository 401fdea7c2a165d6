package dev.mme5.hub;

/** Follows a download. Calls come from one thread at a time; none after the download has returned. */
public interface DownloadListener {

    /** At most ten times a second while bytes come, and once at the end. */
    default void progress(DownloadProgress progress) {}

    /** One line, for example that a request is repeated, or that another process fetches the same file. */
    default void notice(String line) {}

    /** Hears nothing. */
    static DownloadListener none() {
        return new DownloadListener() {};
    }
}
