package dev.mme5.server.api;

import dev.mme5.engine.ImageSource;
import dev.mme5.server.http.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;

/** An image in a request: a data URI (RFC 2397) in base64, or the base64 alone. Nothing that only says where an image is. */
public final class ImageData {
    private static final Pattern ADDRESS = Pattern.compile("(?s)[A-Za-z][A-Za-z0-9+.-]{0,20}:.*");
    private static final String BASE64 = ";base64";
    private static final int MAX_HEADER = 200;

    private ImageData() {}

    /**
     * The image.
     *
     * @param place where it stands in the request
     * @throws Problem when it is an address, or no base64
     */
    public static ImageSource parse(String value, String place) {
        int start = 0;
        if (value.regionMatches(true, 0, "data:", 0, 5)) {
            int comma = value.indexOf(',');
            if (comma < 0 || comma > MAX_HEADER) throw Problem.wrong(place, place + ": a data URI has a comma before its data");
            if (!value.regionMatches(true, comma - BASE64.length(), BASE64, 0, BASE64.length())) {
                throw Problem.wrong(place, place + ": expected a data URI in base64, such as data:image/png;base64,...");
            }
            start = comma + 1;
        } else if (ADDRESS.matcher(value.substring(0, Math.min(value.length(), MAX_HEADER))).matches() || value.startsWith("//")) {
            throw Problem.wrong(place, place + ": this server fetches nothing and reads no file: send the image as a data URI or base64");
        }
        return new ImageSource.Bytes(decode(value, start, place), place);
    }

    private static byte[] decode(String value, int start, String place) {
        byte[] base64 = value.getBytes(StandardCharsets.ISO_8859_1);
        if (start > 0) base64 = Arrays.copyOfRange(base64, start, base64.length);
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            if (bytes.length == 0) throw Problem.wrong(place, place + ": the image is empty");
            return bytes;
        } catch (IllegalArgumentException e) {
            throw Problem.wrong(place, place + ": is not base64: " + e.getMessage());
        }
    }
}
