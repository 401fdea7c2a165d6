package dev.mme5.model.mini;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file of the jar.
 *
 * @param name its name in the folder
 * @param sha256 64 hexadecimal digits
 */
record PackedFile(String name, String sha256) {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int HEX_DIGITS = 64;

    /** A line as {@code sha256sum} writes it. */
    static PackedFile parse(String line) {
        return new PackedFile(line.substring(HEX_DIGITS + 2), line.substring(0, HEX_DIGITS));
    }

    /** Copies it out of the jar and checks what was written against its digest. */
    void writeTo(Path folder) throws IOException {
        Path target = folder.resolve(name);
        try (InputStream in = MiniModel.open(name)) {
            Files.copy(in, target);
        }
        if (!isIntact(folder)) throw new IOException(name + " was not written as it is in the jar");
    }

    boolean isIntact(Path folder) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file)) return false;
        MessageDigest digest = newSha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (DigestInputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            while (in.read(buffer) >= 0) {
                // reading is all
            }
        }
        return HexFormat.of().formatHex(digest.digest()).equals(sha256);
    }

    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(newSha256().digest(bytes));
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);   // every Java has it
        }
    }
}
