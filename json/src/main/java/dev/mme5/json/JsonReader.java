package dev.mme5.json;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;

/**
 * Reads JSON strictly by RFC 8259: UTF-8 without byte order mark, no trailing commas, no comments, no text after the value, no
 * duplicate names, no unpaired surrogates. Because a file can be hostile, nesting, file size and the memory of the values are
 * limited, far above what the files of models need. Every refusal is a {@link ModelFormatException}; a syntax error names the
 * byte offset.
 */
public final class JsonReader {
    /** Maximum size of a file; the tokenizers of 2025 have up to 35 MB. The same as that of a safetensors header. */
    public static final int MAX_BYTES = 100_000_000;

    /** What git leaves in place of a large file when git-lfs did not fetch it begins so. */
    public static final String LFS_START = "version https://git-lfs.github.com/spec/";

    /** The refusal of such a file. */
    public static final String LFS_PROBLEM = "is a git-lfs pointer and not the file itself: run git lfs pull in its folder";

    private JsonReader() {}

    /** Reads a file whose value is an object. Symbolic links are followed wherever they lead. */
    public static JsonObject readObject(Path file) {
        return readObject(file, RawMemberReader.NONE);
    }

    /**
     * Reads a file whose value is an object. Symbolic links are followed wherever they lead.
     *
     * @param rawReader reads members that may be too large for a tree
     */
    public static JsonObject readObject(Path file, RawMemberReader rawReader) {
        return readObject(file, regularFile(file), rawReader);
    }

    /**
     * Reads a file whose path was checked by the caller, and whose value is an object.
     *
     * @param file the file as the user named it, for messages
     * @param target the path that is opened, as {@link #regularFile} returned it
     * @param rawReader reads members that may be too large for a tree
     */
    public static JsonObject readObject(Path file, Path target, RawMemberReader rawReader) {
        return parseObject(bytes(file, target), file.toString(), rawReader);
    }

    /**
     * Resolves symbolic links and checks that the target can be opened. Because opening a pipe can block, this happens before
     * every read of a file. Callers that restrict where links may lead check the result.
     *
     * @return the file without symbolic links
     * @throws ModelFormatException if the file does not exist, or is a directory, pipe or device
     */
    public static Path regularFile(Path file) {
        try {
            Path target = file.toRealPath();
            BasicFileAttributes attributes = Files.readAttributes(target, BasicFileAttributes.class);
            if (attributes.isDirectory()) throw unusable(file, "expected a file, found a directory", null);
            if (!attributes.isRegularFile()) throw unusable(file, "expected a regular file, found a pipe or device", null);
            return target;
        } catch (NoSuchFileException e) {
            throw unusable(file, Files.isSymbolicLink(file) ? "a link to a file that does not exist" : "not found", e);
        } catch (IOException e) {
            throw ModelFormatException.unreadable(file, e);
        }
    }

    /**
     * Parses a text whose value is an object.
     *
     * @param source name of the file, for messages
     */
    public static JsonObject parseObject(byte[] utf8, String source) {
        return parseObject(utf8, source, RawMemberReader.NONE);
    }

    /**
     * Parses a text whose value is an object.
     *
     * @param source name of the file, for messages
     * @param rawReader reads members that may be too large for a tree
     */
    public static JsonObject parseObject(byte[] utf8, String source, RawMemberReader rawReader) {
        return root(new JsonParser(utf8, 0, utf8.length, source, rawReader).parse(), source);
    }

    /**
     * Parses a text from an untrusted source whose value is an object.
     *
     * @param source name of the text, for messages
     * @param maxTreeBytes maximum memory of all values; one that is larger than that of other texts changes nothing
     */
    public static JsonObject parseObject(byte[] utf8, String source, long maxTreeBytes) {
        return root(new JsonParser(utf8, 0, utf8.length, source, RawMemberReader.NONE).withMaxTreeBytes(maxTreeBytes).parse(), source);
    }

    /**
     * Parses the bytes {@code from} to {@code to} of an array. Byte offsets in messages count from the beginning of the array,
     * so a safetensors header that was read together with its length is reported by its offset in the file.
     *
     * @param source name of the file, for messages
     */
    public static JsonObject parseObject(byte[] utf8, int from, int to, String source) {
        return root(new JsonParser(utf8, from, to, source, RawMemberReader.NONE).parse(), source);
    }

    /**
     * Parses a text whose value may be of any type.
     *
     * @param source name of the file, for messages
     */
    public static Json parse(byte[] utf8, String source) {
        if (isLfsPointer(utf8)) throw new ModelFormatException(source, "", LFS_PROBLEM);
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
            if (isLfsPointer(bytes)) throw unusable(file, LFS_PROBLEM, null);
            return bytes;
        } catch (IOException e) {
            throw ModelFormatException.unreadable(file, e);
        }
    }

    private static boolean isLfsPointer(byte[] bytes) {
        byte[] start = LFS_START.getBytes(StandardCharsets.US_ASCII);
        return bytes.length >= start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    private static ModelFormatException tooLarge(Path file, long bytes) {
        return unusable(file, "expected at most " + MAX_BYTES + " bytes, found " + bytes, null);
    }

    private static ModelFormatException unusable(Path file, String problem, IOException cause) {
        return new ModelFormatException(file.toString(), "", problem, cause);
    }
}
