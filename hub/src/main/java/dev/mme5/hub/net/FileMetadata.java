package dev.mme5.hub.net;

import java.net.URI;
import java.util.Optional;

/**
 * One file of a commit, as its response's header describes it.
 *
 * @param commit the commit that the server names; mirrors may leave it out
 * @param etag without quotes and {@code W/}: SHA-256 for large files, the git blob's SHA-1 for the others
 * @param size in bytes; -1 when the server does not say
 * @param location where the bytes are: the endpoint itself, or a storage host that never gets the token
 */
public record FileMetadata(Optional<String> commit, String etag, long size, URI location) {}
