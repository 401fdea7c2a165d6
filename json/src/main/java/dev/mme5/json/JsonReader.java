package dev.mme5.json;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Reads JSON strictly, by RFC 8259 and no more: UTF-8 without byte order mark, no trailing commas, comments or text behind
 * the value, no duplicate names, no lone surrogates. What could exhaust the machine is refused too: nesting, size and number
 * of values have limits far above those of any model's files. All refusals are a {@link ModelFormatException}; one about syntax
 * names the byte.
 */
public final class JsonReader {
    /** Largest file; the tokenizers of 2025 have up to 35 MB. The same as the largest safetensors header. */
    static final int MAX_BYTES = 100_000_000;

    private JsonReader() {}

    /** Reads a file whose value is an object. */
    public static JsonObject readObject(Path file) {
        return root(parse(bytes(file), file.toString()), file.toString());
    }

    /**
     * @param source the file's name, for messages
     */
    public static JsonObject parseObject(byte[] utf8, String source) {
        return root(parse(utf8, source), source);
    }

    /**
     * Parses a part of the bytes. Messages count bytes from the beginning of the array, so a header read together with what
     * stands before it is reported by its place in the file.
     *
     * @param from first byte of the text
     * @param to one past its last byte
     * @param source the file's name, for messages
     */
    public static JsonObject parseObject(byte[] utf8, int from, int to, String source) {
        return root(new JsonParser(utf8, from, to, source).parse(), source);
    }

    /**
     * @param source the file's name, for messages
     */
    public static Json parse(byte[] utf8, String source) {
        return new JsonParser(utf8, 0, utf8.length, source).parse();
    }

    private static JsonObject root(Json value, String source) {
        return Expect.object(value, problem -> new ModelFormatException(source, "", problem));
    }

    private static byte[] bytes(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (attributes.isDirectory()) throw unusable(file, "expected a file, found a directory", null);
            // Opening a pipe would wait for a writer that never comes.
            if (!attributes.isRegularFile()) throw unusable(file, "expected a regular file, found a pipe or device", null);
            if (attributes.size() > MAX_BYTES) throw unusable(file, tooLarge(attributes.size()), null);

            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(MAX_BYTES + 1);   // the file may have grown since
                if (bytes.length > MAX_BYTES) throw unusable(file, tooLarge(bytes.length), null);
                return bytes;
            }
        } catch (NoSuchFileException e) {
            throw unusable(file, "not found", e);
        } catch (AccessDeniedException e) {
            throw unusable(file, "cannot be read: access denied", e);
        } catch (IOException e) {
            throw unusable(file, "cannot be read: " + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()), e);
        }
    }

    private static String tooLarge(long bytes) {
        return "expected at most " + MAX_BYTES + " bytes, found " + bytes;
    }

    private static ModelFormatException unusable(Path file, String problem, IOException cause) {
        return new ModelFormatException(file.toString(), "", problem, cause);
    }
}
