package dev.mme5.search.folder;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Types and ids of files, from their names. */
final class FileNames {
    /** Files with these extensions are meant to be images that are read. All others are images if their first bytes say so. */
    private static final Set<String> IMAGES = Set.of(
            "apng", "bmp", "dib", "gif", "ico", "jfif", "jpe", "jpeg", "jpg", "mpo", "pbm", "pcx", "pgm", "png", "pnm", "ppm", "qoi", "tga",
            "tif", "tiff", "webp");

    private static final String TEXT = "txt";

    /** What an id has in place of a byte that is no UTF-8. */
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?=x[0-9A-F]{2})");

    /** Whether Java decodes names as UTF-8. */
    private static final boolean LOCALE_IS_UTF8 = "UTF-8".equals(System.getProperty("sun.jnu.encoding"));

    private FileNames() {}

    static boolean isText(Path file) {
        return TEXT.equals(extension(file));
    }

    static boolean isImage(Path file) {
        return IMAGES.contains(extension(file));
    }

    /** In lower case, without the dot. */
    static String extension(Path file) {
        String name = file.getFileName().toString();
        return name.contains(".") ? name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT) : "";
    }

    /**
     * A relative path with / as separator, its names read as UTF-8. A byte that is not part of UTF-8 is written <code>&#92;xHH</code>, and
     * the backslash of a name that has such an escape itself is written <code>&#92;x5C</code>, so different names have different ids.
     */
    static String id(Path relative) {
        StringBuilder id = new StringBuilder();
        for (Path name : relative) id.append(id.isEmpty() ? "" : "/").append(utf8(name));
        return id.toString();
    }

    /** {@code toString} decodes by the locale and may lose letters, or take them for others. */
    private static String utf8(Path name) {
        String decoded = name.toString();
        boolean isLost = decoded.indexOf('?') >= 0 || decoded.indexOf('\uFFFD') >= 0;
        if (!isLost && (LOCALE_IS_UTF8 || decoded.chars().allMatch(c -> c < 0x80))) return ESCAPE.matcher(decoded).replaceAll("\\\\x5C");

        String escaped = URI.create(name.toUri().toString()).getRawPath();
        if (escaped.endsWith("/")) escaped = escaped.substring(0, escaped.length() - 1); // of a folder
        escaped = escaped.substring(escaped.lastIndexOf('/') + 1);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < escaped.length(); i++) {
            if (escaped.charAt(i) == '%') {
                bytes.write(Integer.parseInt(escaped, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(escaped.charAt(i));
            }
        }
        return decode(bytes.toByteArray());
    }

    /** The bytes of a name as UTF-8, all others escaped. */
    static String decode(byte[] name) {
        StringBuilder text = new StringBuilder();
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(name);
        CharBuffer out = CharBuffer.allocate(name.length);
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            text.append(ESCAPE.matcher(out.flip()).replaceAll("\\\\x5C"));
            out.clear();
            if (!result.isError()) return text.toString();
            for (int i = 0; i < result.length(); i++) text.append(String.format(Locale.ROOT, "\\x%02X", in.get()));
            decoder.reset();
        }
    }
}
