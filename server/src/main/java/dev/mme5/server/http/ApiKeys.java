package dev.mme5.server.http;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The keys that clients may show. Only their digests are kept, and comparing takes the same time for every key. */
public final class ApiKeys {
    /** Nobody needs a key. */
    public static final ApiKeys NONE = new ApiKeys(List.of(), Integer.MAX_VALUE);

    private static final int STRONG_LENGTH = 16;

    private final List<byte[]> digests;
    private final int shortest;

    private ApiKeys(List<byte[]> digests, int shortest) {
        this.digests = digests;
        this.shortest = shortest;
    }

    /**
     * Reads keys, one a line. Empty lines and lines that begin with {@code #} do not count.
     *
     * @throws IOException when the file cannot be read
     * @throws IllegalArgumentException when it has no key, or is no text in UTF-8
     */
    public static ApiKeys read(Path file) throws IOException {
        List<byte[]> digests = new ArrayList<>();
        int shortest = Integer.MAX_VALUE;
        for (String line : lines(file)) {
            String key = line.strip();
            if (key.isEmpty() || key.startsWith("#")) continue;
            if (!key.chars().allMatch(c -> c > ' ' && c < 0x7f)) { // no header brings others as they are
                throw new IllegalArgumentException(file + ": expected keys of ASCII characters without spaces");
            }
            shortest = Math.min(shortest, key.length());
            digests.add(digest(key));
        }
        if (digests.isEmpty()) throw new IllegalArgumentException(file + ": has no key; expected one a line");
        return new ApiKeys(List.copyOf(digests), shortest);
    }

    private static List<String> lines(Path file) throws IOException {
        if (Files.isDirectory(file)) throw new IllegalArgumentException(file + ": expected a file of keys, found a folder");
        try {
            String text = Files.readString(file);
            return (text.startsWith("\uFEFF") ? text.substring(1) : text).lines().toList();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(file + ": expected keys in UTF-8, one a line, found other bytes", e);
        }
    }

    /** What is wrong when one of the keys is too short to be a secret. */
    public Optional<String> weakness() {
        return shortest >= STRONG_LENGTH
                ? Optional.empty()
                : Optional.of("expected keys of at least %d characters, found one of %d, which can be guessed"
                        .formatted(STRONG_LENGTH, shortest));
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
