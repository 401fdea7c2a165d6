package dev.mme5.json;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads JSON strictly, by RFC 8259 and no more: UTF-8 without byte order mark, no trailing commas, comments or text behind
 * the value, no duplicate names, no lone surrogates. What could exhaust the machine is refused too: nesting, size and the memory
 * that the values take have limits far above those of any model's files. All refusals are a {@link ModelFormatException}; one
 * about syntax names the byte.
 */
public final class JsonReader {
    /** Largest file; the tokenizers of 2025 have up to 35 MB. The same as the largest safetensors header. */
    static final int MAX_BYTES = 100_000_000;

    private JsonReader() {}

    /** Reads a file whose value is an object, wherever links lead. A file of a model folder: {@link ModelFolder#readObject}. */
    public static JsonObject readObject(Path file) {
        return readObject(file, RawMemberReader.NONE);
    }

    /**
     * The same.
     *
     * @param bulk offered what may be too large for a tree
     */
    public static JsonObject readObject(Path file, RawMemberReader bulk) {
        return readObject(file, RegularFile.real(file), bulk);
    }

    /**
     * @param file as the user would find it, for messages
     * @param target the same without links
     */
    static JsonObject readObject(Path file, Path target, RawMemberReader bulk) {
        return parseObject(bytes(file, target), file.toString(), bulk);
    }

    /**
     * @param source the file's name, for messages
     */
    public static JsonObject parseObject(byte[] utf8, String source) {
        return parseObject(utf8, source, RawMemberReader.NONE);
    }

    /**
     * @param source the file's name, for messages
     * @param bulk offered what may be too large for a tree
     */
    public static JsonObject parseObject(byte[] utf8, String source, RawMemberReader bulk) {
        return root(new JsonParser(utf8, 0, utf8.length, source, bulk).parse(), source);
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
        return root(new JsonParser(utf8, from, to, source, RawMemberReader.NONE).parse(), source);
    }

    /**
     * @param source the file's name, for messages
     */
    public static Json parse(byte[] utf8, String source) {
        return new JsonParser(utf8, 0, utf8.length, source, RawMemberReader.NONE).parse();
    }

    private static JsonObject root(Json value, String source) {
        return JsonTypeChecks.object(value, problem -> new ModelFormatException(source, "", problem));
    }

    private static byte[] bytes(Path file, Path target) {
        try (InputStream in = Files.newInputStream(target)) {
            long size = Files.size(target);
            if (size > MAX_BYTES) throw tooLarge(file, size);
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);   // the file may have grown since
            if (bytes.length > MAX_BYTES) throw tooLarge(file, bytes.length);
            return bytes;
        } catch (IOException e) {
            throw RegularFile.unreadable(file, e);
        }
    }

    private static ModelFormatException tooLarge(Path file, long bytes) {
        return new ModelFormatException(file.toString(), "", "expected at most " + MAX_BYTES + " bytes, found " + bytes);
    }
}
