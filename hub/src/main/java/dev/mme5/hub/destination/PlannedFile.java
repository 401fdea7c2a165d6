package dev.mme5.hub.destination;

import dev.mme5.hub.transfer.RemoteFile;

/**
 * A file of the commit that belongs to the model.
 *
 * @param name as in the repository, checked
 * @param etag names its blob
 * @param remote how to get it
 */
public record PlannedFile(String name, String etag, RemoteFile remote) {

    public long size() {
        return remote.size();
    }
}
