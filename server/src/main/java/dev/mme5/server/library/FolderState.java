package dev.mme5.server.library;

import java.time.Instant;
import java.util.List;

/**
 * What is to be known about a folder now.
 *
 * @param phase what happens to it
 * @param done documents of this update that have been read
 * @param total documents that this update has to read
 * @param failures documents that could not be read or embedded, by name
 * @param skipped number of files that were passed over
 * @param error why the folder cannot be searched; null if it can
 * @param updated when the last update ended; null before
 */
record FolderState(Phase phase, int done, int total, List<String> failures, int skipped, String error, Instant updated) {
    /** What happens to a folder. */
    enum Phase { WAITING, SCANNING, INDEXING, READY, FAILED }

    static final FolderState NEW = new FolderState(Phase.WAITING, 0, 0, List.of(), 0, null, null);

    FolderState {
        failures = List.copyOf(failures);
    }

    FolderState scanning() {
        return new FolderState(Phase.SCANNING, 0, 0, failures, skipped, error, updated);
    }

    FolderState indexing(int finished, int all) {
        return new FolderState(Phase.INDEXING, finished, all, failures, skipped, error, updated);
    }

    FolderState failed(String reason) {
        return new FolderState(Phase.FAILED, 0, 0, failures, skipped, reason, updated);
    }
}
