package dev.mme5.hub;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a caller wants of one download.
 *
 * @param output a plain folder instead of the cache
 * @param force whether files that are here are fetched again
 * @param connections at once
 * @param filter which files besides the weights
 * @param check asked when config.json is here, before anything large is fetched
 * @param listener follows the download
 */
public record DownloadOptions(Optional<Path> output, boolean force, int connections, RepositoryFilter filter, ModelCheck check,
        DownloadListener listener) {
    public static final int DEFAULT_CONNECTIONS = 4;
    public static final int MAX_CONNECTIONS = 64;

    public DownloadOptions {
        if (connections < 1 || connections > MAX_CONNECTIONS) {
            throw new IllegalArgumentException("expected 1 to " + MAX_CONNECTIONS + " connections, found " + connections);
        }
    }

    public static DownloadOptions defaults() {
        return new DownloadOptions(Optional.empty(), false, DEFAULT_CONNECTIONS, RepositoryFilter.defaults(), ModelCheck.none(),
                DownloadListener.none());
    }

    public DownloadOptions withOutput(Path folder) {
        return new DownloadOptions(Optional.of(folder), force, connections, filter, check, listener);
    }

    public DownloadOptions withForce(boolean isForced) {
        return new DownloadOptions(output, isForced, connections, filter, check, listener);
    }

    public DownloadOptions withConnections(int count) {
        return new DownloadOptions(output, force, count, filter, check, listener);
    }

    public DownloadOptions withFilter(RepositoryFilter other) {
        return new DownloadOptions(output, force, connections, other, check, listener);
    }

    public DownloadOptions withCheck(ModelCheck other) {
        return new DownloadOptions(output, force, connections, filter, other, listener);
    }

    public DownloadOptions withListener(DownloadListener other) {
        return new DownloadOptions(output, force, connections, filter, check, other);
    }
}
