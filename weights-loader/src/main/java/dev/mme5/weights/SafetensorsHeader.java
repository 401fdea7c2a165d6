package dev.mme5.weights;

import dev.mme5.json.Json;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file. In: the first bytes and the size of the file. Out: names, types, shapes and byte ranges,
 * which cover every byte of the data exactly once.
 *
 * <p>A file consists of a u64 with the length of the header, the header in JSON, and the data; all little-endian. Everything that
 * the reference implementation (the Rust crate safetensors 0.8) refuses is refused, and also some faults that it accepts: unknown
 * keys in an entry, integers written as 3.0, a duplicate name.
 *
 * @param metadata the member {@code __metadata__}, in file order; empty if there is none
 * @param tensors in the order of their data
 */
record SafetensorsHeader(Map<String, String> metadata, List<Entry> tensors) {
    /** Maximum size of a header; that of the reference implementation. */
    static final int MAX_BYTES = 100_000_000;

    /** The length that the first bytes of a git-lfs pointer would be, far beyond the maximum. */
    private static final long LFS_LENGTH = ByteBuffer.wrap(JsonReader.LFS_START.getBytes(StandardCharsets.US_ASCII))
            .order(ByteOrder.LITTLE_ENDIAN)
            .getLong();

    static final String METADATA = "__metadata__";

    private static final int PIECE_BYTES = 1 << 20;

    SafetensorsHeader {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        tensors = List.copyOf(tensors);
    }

    /**
     * One tensor.
     *
     * @param begin first byte of its data, counted from the beginning of the file
     * @param end one past its last byte
     */
    record Entry(String name, DType dtype, Shape shape, long begin, long end) {}

    /** Reads the header of an open file. */
    static SafetensorsHeader read(FileChannel channel, long fileBytes, String file) throws IOException {
        ByteBuffer length = read(channel, 0, (int) Math.min(Long.BYTES, fileBytes));
        int headerBytes = headerBytes(length, fileBytes, file);
        return parse(read(channel, 0, Long.BYTES + headerBytes).array(), fileBytes, file);
    }

    private static ByteBuffer read(FileChannel channel, long offset, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        int read = 0;
        while (bytes.position() < count && read >= 0) {
            // In pieces, because a channel copies each read through a buffer outside the heap.
            read = channel.read(bytes.limit(Math.min(count, bytes.position() + PIECE_BYTES)), offset + bytes.position());
        }
        bytes.limit(count);
        if (bytes.hasRemaining()) throw new IOException("it was cut short while it was read");
        return bytes.flip();
    }

    /** Length of the JSON, checked against the size of the file. */
    private static int headerBytes(ByteBuffer start, long fileBytes, String file) {
        if (start.remaining() < Long.BYTES) {
            throw new ModelFormatException(file, "", "expected at least 8 bytes, found " + fileBytes);
        }
        long length = start.getLong(0);
        if (length == LFS_LENGTH) throw new ModelFormatException(file, "", JsonReader.LFS_PROBLEM);
        if (length < 0 || length > MAX_BYTES) {
            throw new ModelFormatException(file, "header length",
                    "expected at most " + MAX_BYTES + ", found " + Long.toUnsignedString(length));
        }
        if (length > fileBytes - Long.BYTES) {
            throw new ModelFormatException(file, "header length",
                    "expected at most the " + (fileBytes - Long.BYTES) + " bytes that follow it, found " + length);
        }
        return (int) length;
    }

    /**
     * @param start the first bytes of the file, at least to the end of the header
     * @param fileBytes size of the whole file
     */
    static SafetensorsHeader parse(byte[] start, long fileBytes, String file) {
        ByteBuffer length = ByteBuffer.wrap(start, 0, Math.min(Long.BYTES, start.length)).order(ByteOrder.LITTLE_ENDIAN);
        int dataBegin = Long.BYTES + headerBytes(length, fileBytes, file);
        if (dataBegin == Long.BYTES || start[Long.BYTES] != '{') {
            throw new ModelFormatException(file, "byte 8", "expected the header to begin with '{'");
        }
        JsonObject json = JsonReader.parseObject(start, Long.BYTES, dataBegin, file);

        Map<String, String> metadata = new LinkedHashMap<>();
        List<Entry> tensors = new ArrayList<>();
        for (String name : json.keys()) {
            if (name.equals(METADATA)) {
                JsonObject members = json.object(METADATA);
                for (String key : members.keys()) metadata.put(key, members.text(key));
            } else {
                tensors.add(entry(json, name, dataBegin, fileBytes));
            }
        }
        tensors.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        checkCoverage(tensors, dataBegin, fileBytes, file);
        return new SafetensorsHeader(metadata, tensors);
    }

    private static Entry entry(JsonObject header, String name, long dataBegin, long fileBytes) {
        JsonObject json = header.object(name);
        for (String key : json.keys()) {
            if (!key.equals("dtype") && !key.equals("shape") && !key.equals("data_offsets")) throw json.error(key, "unknown key");
        }
        String typeName = json.text("dtype");
        DType dtype = DType.named(typeName).orElseThrow(
                () -> json.error("dtype", "expected one of " + DType.names() + ", found " + json.get("dtype")));
        Shape shape = shape(json);
        JsonArray offsets = json.array("data_offsets");
        if (offsets.size() != 2) throw json.error("data_offsets", "expected 2 offsets, found " + offsets.size());
        long begin = size(offsets, 0), end = size(offsets, 1);

        if (begin > end) throw json.error("data_offsets", "it begins at " + begin + " and ends before, at " + end);
        if (end > fileBytes - dataBegin) {
            throw json.error("data_offsets", "it ends at " + end + ", but the file has " + (fileBytes - dataBegin) + " bytes of data");
        }
        long needed;
        try {
            needed = dtype.bytes(shape);
        } catch (IllegalArgumentException e) {
            throw header.error(name, e.getMessage());
        }
        if (needed != end - begin) {
            throw header.error(name, "%s %s needs %d bytes, has %d".formatted(dtype, shape, needed, end - begin));
        }
        return new Entry(name, dtype, shape, dataBegin + begin, dataBegin + end);
    }

    private static Shape shape(JsonObject json) {
        JsonArray sizes = json.array("shape");
        long[] dims = new long[sizes.size()];
        for (int i = 0; i < dims.length; i++) dims[i] = size(sizes, i);
        try {
            return new Shape(dims);
        } catch (IllegalArgumentException overflow) {
            throw json.error("shape", "it has more elements than fit in 64 bits");
        }
    }

    /** A size or offset. Only digits are accepted, as in the reference implementation. */
    private static long size(JsonArray array, int i) {
        if (array.get(i) instanceof Json.Number(String literal) && literal.chars().allMatch(c -> c >= '0' && c <= '9')) {
            try {
                return Long.parseLong(literal);
            } catch (NumberFormatException tooLarge) {
                throw array.error(i, "expected an integer of 64 bits, found " + array.get(i));
            }
        }
        throw array.error(i, "expected digits only, found " + array.get(i));
    }

    /** Checks that every byte of data belongs to exactly one tensor. Tensors are sorted by their data. */
    private static void checkCoverage(List<Entry> tensors, long dataBegin, long fileBytes, String file) {
        long covered = dataBegin;
        String previous = "";
        for (Entry tensor : tensors) {
            if (tensor.begin() > covered) {
                throw new ModelFormatException(file, tensor.name(),
                        "the %d bytes before it belong to no tensor".formatted(tensor.begin() - covered));
            }
            if (tensor.begin() < covered) {
                throw new ModelFormatException(file, tensor.name(), "it overlaps " + new Json.Text(previous));
            }
            covered = tensor.end();
            previous = tensor.name();
        }
        if (covered < fileBytes) {
            throw new ModelFormatException(file, "", "the last %d bytes belong to no tensor".formatted(fileBytes - covered));
        }
    }
}
