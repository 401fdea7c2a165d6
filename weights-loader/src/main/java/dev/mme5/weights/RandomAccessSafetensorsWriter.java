package dev.mme5.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes a safetensors file in pieces, in any order and from any thread; {@link SafetensorsWriter} writes tensor after tensor. The
 * file has its final name from the beginning. Callers that must not leave an incomplete file write it in a temporary folder.
 */
public final class RandomAccessSafetensorsWriter implements AutoCloseable {
    private final FileChannel channel;
    private final Map<String, Slot> slots = new LinkedHashMap<>();

    /** The byte range of a tensor, and how much of it is written. */
    private static final class Slot {
        private final long offset;
        private final long bytes;
        private long written;

        Slot(long offset, long bytes) {
            this.offset = offset;
            this.bytes = bytes;
        }
    }

    private RandomAccessSafetensorsWriter(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Creates the file and writes its header.
     *
     * @param content names, types, shapes and metadata; its data is not used
     */
    public static RandomAccessSafetensorsWriter create(Path file, SafetensorsWriter content) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        RandomAccessSafetensorsWriter created = new RandomAccessSafetensorsWriter(channel);
        try {
            ByteBuffer header = ByteBuffer.wrap(content.header());
            long offset = header.remaining();
            for (Map.Entry<String, Long> tensor : content.sizes().entrySet()) {
                created.slots.put(tensor.getKey(), new Slot(offset, tensor.getValue()));
                offset += tensor.getValue();
            }
            while (header.hasRemaining()) channel.write(header);
            return created;
        } catch (Throwable e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Writes a part of a tensor. Every byte must be written exactly once.
     *
     * @param offset of the first byte, from the beginning of the tensor
     */
    public void write(String tensor, long offset, ByteBuffer bytes) throws IOException {
        Slot slot = slots.get(tensor);
        int count = bytes.remaining();
        if (slot == null) throw new IllegalArgumentException("the file has no tensor " + tensor);
        if (offset < 0 || offset + count > slot.bytes) {
            throw new IllegalArgumentException("%s has %d bytes: no room for %d at %d".formatted(tensor, slot.bytes, count, offset));
        }
        long position = slot.offset + offset;
        while (bytes.hasRemaining()) position += channel.write(bytes, position);
        synchronized (slot) {
            slot.written += count;
        }
    }

    /**
     * Forces all bytes to the disk.
     *
     * @throws IllegalStateException if a tensor is incomplete
     */
    public void finish() throws IOException {
        slots.forEach((name, slot) -> {
            if (slot.written != slot.bytes) {
                throw new IllegalStateException(name + ": " + slot.written + " of its " + slot.bytes + " bytes were written");
            }
        });
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
