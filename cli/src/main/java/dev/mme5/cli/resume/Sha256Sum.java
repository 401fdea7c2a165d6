package dev.mme5.cli.resume;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of bytes that keep coming. */
public final class Sha256Sum {
    private final MessageDigest sum;

    public Sha256Sum() {
        try {
            sum = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e); // every Java has it
        }
    }

    /** Of a file of any size. */
    public static String of(Path path) throws IOException {
        Sha256Sum sum = new Sha256Sum();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(path)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) sum.add(buffer, 0, count);
        }
        return sum.digits();
    }

    public void add(byte[] bytes, int from, int count) {
        sum.update(bytes, from, count);
    }

    public void add(ByteBuffer bytes) {
        sum.update(bytes);
    }

    /** Of all so far, as 64 hexadecimal digits; more may come. */
    public String digits() {
        try {
            return HexFormat.of().formatHex(((MessageDigest) sum.clone()).digest()); // digest() would end the sum
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e); // the JDK's own can be cloned
        }
    }
}
