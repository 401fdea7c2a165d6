package dev.mme5.server.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/** The keys that clients may show. Only their digests are kept, and comparing takes the same time for every key. */
public final class ApiKeys {
    /** Nobody needs a key. */
    public static final ApiKeys NONE = new ApiKeys(List.of());

    private static final int MIN_LENGTH = 16;

    private final List<byte[]> digests;

    private ApiKeys(List<byte[]> digests) {
        this.digests = digests;
    }

    /**
     * Reads keys, one a line. Empty lines and lines that begin with {@code #} do not count.
     *
     * @throws IOException when the file cannot be read
     * @throws IllegalArgumentException when it has no key, or one that is too short to be a secret
     */
    public static ApiKeys read(Path file) throws IOException {
        List<byte[]> digests = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            String key = line.strip();
            if (key.isEmpty() || key.startsWith("#")) continue;
            if (key.length() < MIN_LENGTH) {
                throw new IllegalArgumentException("%s: expected keys of at least %d characters, found one of %d"
                        .formatted(file, MIN_LENGTH, key.length()));
            }
            digests.add(digest(key));
        }
        if (digests.isEmpty()) throw new IllegalArgumentException(file + ": has no key; expected one a line");
        return new ApiKeys(List.copyOf(digests));
    }

    /** Whether there are keys. */
    public boolean areNeeded() {
        return !digests.isEmpty();
    }

    /** Whether the value of an {@code Authorization} header shows one of the keys; null when there is no header. */
    public boolean admit(String authorization) {
        if (digests.isEmpty()) return true;
        if (authorization == null || !authorization.regionMatches(true, 0, "Bearer ", 0, 7)) return false;
        byte[] shown = digest(authorization.substring(7).strip());
        boolean found = false;
        for (byte[] digest : digests) found |= MessageDigest.isEqual(digest, shown);
        return found;
    }

    private static byte[] digest(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e); // every JDK has it
        }
    }
}
