package dev.mme5.weights;

import dev.mme5.json.JsonWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Writes one safetensors file as the reference implementation does: tensors by descending alignment of their type, then by name;
 * the header padded with spaces to 8 bytes. Data is streamed. The file gets its name only once it is complete and on the disk.
 *
 * {@snippet :
 * new SafetensorsWriter().metadata("format", "pt").add("norm.weight", values, 4096).write(file);
 * }
 */
public final class SafetensorsWriter {
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final List<Entry> entries = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    private record Entry(String name, DType dtype, Shape shape, TensorData data) {
        long bytes() {
            return dtype.bytes(shape);
        }

        byte[] utf8Name() {
            return name.getBytes(StandardCharsets.UTF_8);
        }
    }

    /** A writer without tensors, which would write a valid file. */
    public SafetensorsWriter() {}

    /** Adds a metadata entry, under {@code __metadata__}; if a key is repeated, the last value counts. */
    public SafetensorsWriter metadata(String key, String value) {
        metadata.put(checkedText(key), checkedText(value));
        return this;
    }

    /**
     * Adds a tensor.
     *
     * @throws IllegalArgumentException if the name is taken or reserved, or the tensor is not whole bytes
     */
    public SafetensorsWriter add(String name, DType dtype, Shape shape, TensorData data) {
        if (name.equals(SafetensorsHeader.METADATA)) throw new IllegalArgumentException("a tensor cannot be named " + name);
        if (!names.add(checkedText(name))) throw new IllegalArgumentException(name + ": there is a tensor of that name already");
        dtype.bytes(shape);
        entries.add(new Entry(name, dtype, shape, data));
        return this;
    }

    /** Adds a mapped tensor under its own name. Its checkpoint must stay open until the file is written. */
    public SafetensorsWriter add(MappedTensor tensor) {
        return add(tensor.name(), tensor.dtype(), tensor.shape(), TensorData.of(tensor.bytes()));
    }

    /** Adds an F32 tensor. The values must not change until the file is written. */
    public SafetensorsWriter add(String name, float[] values, long... dims) {
        return add(name, DType.F32, values, dims);
    }

    /** Adds floats, rounded to BF16, F16 or F32. The values must not change until the file is written. */
    public SafetensorsWriter add(String name, DType dtype, float[] values, long... dims) {
        Shape shape = new Shape(dims);
        if (shape.elements() != values.length) {
            throw new IllegalArgumentException(name + ": shape " + shape + " does not fit " + values.length + " values");
        }
        return add(name, dtype, shape, TensorData.of(dtype, values));
    }

    /** Adds a tensor without data, for {@link RandomAccessSafetensorsWriter#create}. */
    public SafetensorsWriter declare(String name, DType dtype, Shape shape) {
        return add(name, dtype, shape, out -> {
            throw new IllegalStateException(name + " was declared without data");
        });
    }

    /** The bytes of every tensor, by name, in file order. */
    Map<String, Long> sizes() {
        Map<String, Long> sizes = new LinkedHashMap<>();
        for (Entry entry : sorted()) sizes.put(entry.name(), entry.bytes());
        return sizes;
    }

    /** Size in bytes of the file that {@link #write} writes. */
    public long fileBytes() {
        long total = header().length;
        for (Entry entry : entries) total = Math.addExact(total, entry.bytes());
        return total;
    }

    /**
     * Writes the file. An existing file is replaced; a program that has mapped it keeps the old content.
     *
     * @throws IOException if the file cannot be written or a source of data fails; no partial file remains
     * @throws IllegalStateException if a source writes more or fewer bytes than its tensor has; no partial file remains
     */
    public void write(Path target) throws IOException {
        Path absolute = target.toAbsolutePath();
        if (Files.isDirectory(absolute)) throw new FileSystemException(target.toString(), null, "is a directory");
        byte[] header = header();
        // Not createTempFile, whose files only their owner may read, even after the rename.
        Path unfinished = absolute.resolveSibling("." + absolute.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer buffer = ByteBuffer.wrap(header);
                while (buffer.hasRemaining()) channel.write(buffer);
                for (Entry entry : sorted()) writeData(entry, channel);
                channel.force(true);
            }
            Files.move(unfinished, absolute, StandardCopyOption.ATOMIC_MOVE);
        } catch (Throwable e) {
            Files.deleteIfExists(unfinished);
            throw e;
        }
        syncFolder(absolute.getParent());
    }

    private static void writeData(Entry entry, FileChannel channel) throws IOException {
        TensorChannel out = new TensorChannel(entry.name(), channel, entry.bytes());
        entry.data().writeTo(out);
        out.checkComplete();
    }

    /** Forces the new name to the disk, on systems where a folder can be opened. */
    private static void syncFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException unsupported) {
            // Windows cannot open a folder. The file itself is complete and on the disk.
        }
    }

    private List<Entry> sorted() {
        Comparator<Entry> byAlignment = Comparator.comparing(Entry::dtype);
        return entries.stream()
                .sorted(byAlignment.reversed().thenComparing(Entry::utf8Name, Arrays::compareUnsigned))
                .toList();
    }

    /** All bytes in front of the data: the length and the padded JSON. */
    byte[] header() {
        JsonWriter json = new JsonWriter().beginObject();
        if (!metadata.isEmpty()) {
            json.name(SafetensorsHeader.METADATA).beginObject();
            metadata.forEach(json::member);
            json.endObject();
        }
        long offset = 0;
        for (Entry entry : sorted()) {
            long end = Math.addExact(offset, entry.bytes());
            json.name(entry.name()).beginObject()
                    .member("dtype", entry.dtype().name())
                    .name("shape").value(entry.shape().dims())
                    .name("data_offsets").value(new long[] {offset, end})
                    .endObject();
            offset = end;
        }
        byte[] text = json.endObject().toString().getBytes(StandardCharsets.UTF_8);
        int padded = Math.ceilDiv(text.length, Long.BYTES) * Long.BYTES;
        if (padded > SafetensorsHeader.MAX_BYTES) {
            throw new IllegalStateException(
                    "the header would have " + padded + " bytes, at most " + SafetensorsHeader.MAX_BYTES + " are allowed");
        }
        ByteBuffer header = ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(padded).put(text);
        Arrays.fill(header.array(), header.position(), header.limit(), (byte) ' ');
        return header.array();
    }

    private static String checkedText(String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException(JsonWriter.quote(text) + " has a lone surrogate and no form in UTF-8");
        }
        return text;
    }

    /** A channel that accepts exactly the bytes of one tensor. */
    private static final class TensorChannel implements WritableByteChannel {
        private final String name;
        private final WritableByteChannel out;
        private final long expected;
        private long written;

        TensorChannel(String name, WritableByteChannel out, long expected) {
            this.name = name;
            this.out = out;
            this.expected = expected;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            if (bytes.remaining() > expected - written) {
                throw new IllegalStateException(name + ": its source wrote more than its " + expected + " bytes");
            }
            int count = out.write(bytes);
            written += count;
            return count;
        }

        void checkComplete() {
            if (written != expected) {
                throw new IllegalStateException(name + ": its source wrote " + written + " of its " + expected + " bytes");
            }
        }

        @Override
        public boolean isOpen() {
            return out.isOpen();
        }

        @Override
        public void close() {
            // The writer owns the file: a source that closes its channel must not close it.
        }
    }
}
