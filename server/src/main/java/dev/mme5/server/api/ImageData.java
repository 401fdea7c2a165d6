package dev.mme5.server.api;

import dev.mme5.engine.ImageSource;
import dev.mme5.server.http.Problem;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;

/** An image in a request: a data URI (RFC 2397) in base64, or the base64 alone. Nothing that only says where an image is. */
public final class ImageData {
    private static final Pattern ADDRESS = Pattern.compile("(?s)[A-Za-z][A-Za-z0-9+.-]{0,20}:.*");
    private static final Pattern BASE64 = Pattern.compile("(?i); *base64 *$");
    private static final int MAX_HEADER = 200;

    private ImageData() {}

    /**
     * The image. White space is passed over, since many programs break base64 into lines.
     *
     * @param place where it stands in the request
     * @throws Problem when it is an address, or no base64
     */
    public static ImageSource parse(String value, String place) {
        int first = 0;
        while (first < value.length() && isSpace(value.charAt(first))) first++;
        int start = first;
        boolean isDataUri = value.regionMatches(true, first, "data:", 0, 5);
        if (isDataUri) {
            int comma = value.indexOf(',', first);
            if (comma < 0 || comma - first > MAX_HEADER) throw Problem.wrong(place, place + ": a data URI has a comma before its data");
            if (!BASE64.matcher(value.substring(first, comma)).find()) {
                throw Problem.wrong(place, place + ": expected a data URI in base64, such as data:image/png;base64,...");
            }
            start = comma + 1;
        } else if (isAddress(value, first)) {
            throw Problem.wrong(place, place + ": this server fetches nothing and reads no file: send the image as a data URI or base64");
        }
        return new ImageSource.Bytes(decode(value, start, isDataUri, place), place);
    }

    private static boolean isAddress(String value, int start) {
        return value.startsWith("//", start)
                || ADDRESS.matcher(value.substring(start, Math.min(value.length(), start + MAX_HEADER))).matches();
    }

    private static byte[] decode(String value, int start, boolean isDataUri, String place) {
        byte[] base64 = base64(value, start, isDataUri, place);
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            if (bytes.length == 0) throw Problem.wrong(place, place + ": the image is empty");
            return bytes;
        } catch (IllegalArgumentException e) {
            throw Problem.wrong(place, place + ": is not base64: " + e.getMessage());
        }
    }

    /** Without white space; what a data URI writes as %2B, %2F and %3D is read, as RFC 2397 has it. */
    private static byte[] base64(String value, int start, boolean isDataUri, String place) {
        byte[] base64 = new byte[value.length() - start];
        int length = 0;
        for (int i = start; i < value.length(); i++) {
            char c = value.charAt(i);
            if (isSpace(c)) continue;
            if (c == '%' && isDataUri && i + 2 < value.length()) {
                c = switch (value.substring(i + 1, i + 3).toUpperCase(Locale.ROOT)) {
                    case "2B" -> '+';
                    case "2F" -> '/';
                    case "3D" -> '=';
                    default -> c;
                };
                if (c != '%') i += 2;
            }
            if (c <= ' ' || c > '~') throw Problem.wrong(place, "%s: is not base64: it has U+%04X".formatted(place, (int) c));
            base64[length++] = (byte) c;
        }
        return length == base64.length ? base64 : Arrays.copyOf(base64, length);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }
}
