package dev.mme5.hub.destination;

import dev.mme5.hub.transfer.FileFetcher;
import java.io.IOException;
import java.nio.file.Path;

/** Where a download's files go. */
public sealed interface Destination permits CacheDestination, FolderDestination {

    /** The folder that is returned in the end. */
    Path folder();

    /** Makes the folders. */
    void prepare() throws IOException;

    /** Whether the file is complete in its place; what is here under another name is put there. */
    boolean has(PlannedFile file) throws IOException;

    /** Bytes of a file that need not come, because it is here, or a part of it. A guess for the disk's sake: nothing is hashed. */
    long bytesHere(String name, String etag, long size) throws IOException;

    /**
     * Fetches it, alone among all processes.
     *
     * @return false when that was not needed, because another one did meanwhile
     */
    boolean fetch(PlannedFile file, FileFetcher fetcher) throws IOException, InterruptedException;
}
