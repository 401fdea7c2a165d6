package dev.mme5.search;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/** SHA-256 as 64 lower-case hexadecimal digits. */
final class Sha256 {
    private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{64}");

    private Sha256() {}

    static String of(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    /** Of several texts; where one ends and the next begins counts. */
    static String of(List<String> texts) {
        MessageDigest digest = digest();
        for (String text : texts) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            digest.update((utf8.length + ":").getBytes(StandardCharsets.UTF_8));
            digest.update(utf8);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static boolean isDigits(String text) {
        return DIGITS.matcher(text).matches();
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e); // every Java has it
        }
    }
}
