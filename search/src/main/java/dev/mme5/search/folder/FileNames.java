package dev.mme5.search.folder;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/** Types and ids of files, from their names. */
final class FileNames {
    private static final Set<String> IMAGES = Set.of("png", "jpg", "jpeg", "gif", "bmp");
    private static final String TEXT = "txt";

    private FileNames() {}

    static boolean isText(Path file) {
        return TEXT.equals(extension(file));
    }

    static boolean isDocument(Path file) {
        return isText(file) || IMAGES.contains(extension(file));
    }

    private static String extension(Path file) {
        String name = file.getFileName().toString();
        return name.contains(".") ? name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT) : "";
    }

    /** A relative path with / as separator, its names read as UTF-8. */
    static String id(Path relative) {
        StringBuilder id = new StringBuilder();
        for (Path name : relative) id.append(id.isEmpty() ? "" : "/").append(utf8(name));
        return id.toString();
    }

    /** The bytes of a name as UTF-8. {@code toString} decodes by the locale and may lose letters. */
    private static String utf8(Path name) {
        String decoded = name.toString();
        if (decoded.indexOf('?') < 0 && decoded.indexOf('\uFFFD') < 0) return decoded;

        String escaped = URI.create(name.toUri().toString()).getRawPath();
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
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
