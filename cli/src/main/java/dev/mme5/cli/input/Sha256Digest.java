package dev.mme5.cli.input;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of a growing sequence of bytes. */
public final class Sha256Digest {
    private final MessageDigest digest;

    public Sha256Digest() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e); // every Java has it
        }
    }

    /** SHA-256 of bytes, in hexadecimal. */
    public static String of(byte[] bytes) {
        Sha256Digest digest = new Sha256Digest();
        digest.add(bytes, 0, bytes.length);
        return digest.hex();
    }

    /** SHA-256 of a file of any size, in hexadecimal. */
    public static String of(Path path) throws IOException {
        Sha256Digest digest = new Sha256Digest();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(path)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) digest.add(buffer, 0, count);
        }
        return digest.hex();
    }

    public void add(byte[] bytes, int offset, int count) {
        digest.update(bytes, offset, count);
    }

    public void add(ByteBuffer bytes) {
        digest.update(bytes);
    }

    /** SHA-256 of all bytes so far, in hexadecimal. More bytes may follow. */
    public String hex() {
        try {
            return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest()); // digest() would reset it
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e); // the JDK's own can be cloned
        }
    }
}
