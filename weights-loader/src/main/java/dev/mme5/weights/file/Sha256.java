package dev.mme5.weights.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** SHA-256 of bytes that arrive in pieces, of byte arrays and of files. Not thread-safe. */
public final class Sha256 {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");
    private static final int BUFFER_BYTES = 1 << 20;

    private final MessageDigest digest;

    /** Called while a file is hashed. */
    @FunctionalInterface
    public interface ProgressListener {
        /**
         * @param bytes how many bytes of the file have been hashed
         * @throws IOException to stop
         */
        void progress(long bytes) throws IOException;
    }

    /** A digest of no bytes yet. */
    public Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** The digest of an array, as 64 lower-case hexadecimal digits. */
    public static String hex(byte[] bytes) {
        return new Sha256().update(bytes).hex();
    }

    /**
     * The digest of a file of any size, as 64 lower-case hexadecimal digits.
     *
     * @param listener called after every megabyte; an exception that it throws ends the reading and reaches the caller
     * @throws IOException if the file cannot be read
     */
    public static String hex(Path file, ProgressListener listener) throws IOException {
        Sha256 sha = new Sha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        long bytes = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                sha.update(buffer, 0, count);
                bytes += count;
                listener.progress(bytes);
            }
        }
        return sha.hex();
    }

    /** Whether a text is a digest as {@link #hex()} writes it. */
    public static boolean isHex(String text) {
        return HEX.matcher(text).matches();
    }

    /** Adds an array. */
    public Sha256 update(byte[] bytes) {
        digest.update(bytes);
        return this;
    }

    /** Adds a part of an array. */
    public Sha256 update(byte[] bytes, int offset, int count) {
        digest.update(bytes, offset, count);
        return this;
    }

    /** Adds the remaining bytes of a buffer, which has none left afterwards. */
    public Sha256 update(ByteBuffer bytes) {
        digest.update(bytes);
        return this;
    }

    /** The digest of all bytes so far, [32]; more may be added afterwards. */
    public byte[] digest() {
        try {
            return ((MessageDigest) digest.clone()).digest();   // on a copy, because digest() resets
        } catch (CloneNotSupportedException e) {
            throw new AssertionError("the JDK's SHA-256 can be cloned", e);
        }
    }

    /** The digest of all bytes so far, as 64 lower-case hexadecimal digits; more may be added afterwards. */
    public String hex() {
        return HexFormat.of().formatHex(digest());
    }
}
