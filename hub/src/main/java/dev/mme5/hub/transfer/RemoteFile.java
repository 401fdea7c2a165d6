package dev.mme5.hub.transfer;

import java.io.IOException;
import java.net.URI;

/**
 * A file to fetch.
 *
 * @param name for messages
 * @param location where its bytes are now
 * @param locator asks the hub for a new location, since signed links expire
 */
public record RemoteFile(String name, long size, ContentDigest digest, URI location, Locator locator) {

    /** Asks where the bytes are. */
    @FunctionalInterface
    public interface Locator {
        URI locate() throws IOException, InterruptedException;
    }
}
