package dev.mme5.cli;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of bytes that keep coming. */
final class Sha256Sum {
    private final MessageDigest sum;

    Sha256Sum() {
        try {
            sum = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e); // every Java has it
        }
    }

    void add(byte[] bytes, int from, int count) {
        sum.update(bytes, from, count);
    }

    void add(ByteBuffer bytes) {
        sum.update(bytes);
    }

    /** Of all so far, as 64 hexadecimal digits; more may come. */
    String digits() {
        try {
            return HexFormat.of().formatHex(((MessageDigest) sum.clone()).digest()); // digest() would end the sum
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e); // the JDK's own can be cloned
        }
    }
}
