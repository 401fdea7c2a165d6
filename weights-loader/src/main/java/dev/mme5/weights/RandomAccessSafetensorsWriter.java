package dev.mme5.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A safetensors file that is written in pieces, in any order and by any thread, where {@link SafetensorsWriter} writes tensor
 * after tensor. It stands under its name from the beginning: whoever needs it complete or not at all writes it in a folder of its
 * own.
 */
public final class RandomAccessSafetensorsWriter implements AutoCloseable {
    private final FileChannel channel;
    private final Map<String, Slot> slots = new LinkedHashMap<>();

    /** Where a tensor's bytes go, and how many have come. */
    private static final class Slot {
        private final long at;
        private final long bytes;
        private long written;

        Slot(long at, long bytes) {
            this.at = at;
            this.bytes = bytes;
        }
    }

    private RandomAccessSafetensorsWriter(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Creates the file and writes its header.
     *
     * @param content names, types, shapes and remarks; its data is not asked for
     */
    public static RandomAccessSafetensorsWriter create(Path file, SafetensorsWriter content) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        RandomAccessSafetensorsWriter created = new RandomAccessSafetensorsWriter(channel);
        try {
            ByteBuffer header = ByteBuffer.wrap(content.header());
            long at = header.remaining();
            for (Map.Entry<String, Long> tensor : content.sizes().entrySet()) {
                created.slots.put(tensor.getKey(), new Slot(at, tensor.getValue()));
                at += tensor.getValue();
            }
            while (header.hasRemaining()) channel.write(header);
            return created;
        } catch (Throwable e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Writes some bytes of a tensor, each of them once.
     *
     * @param at the first byte, counted from the beginning of the tensor
     */
    public void write(String tensor, long at, ByteBuffer bytes) throws IOException {
        Slot slot = slots.get(tensor);
        int count = bytes.remaining();
        if (slot == null) throw new IllegalArgumentException("the file has no tensor " + tensor);
        if (at < 0 || at + count > slot.bytes) {
            throw new IllegalArgumentException("%s has %d bytes: no room for %d at %d".formatted(tensor, slot.bytes, count, at));
        }
        long position = slot.at + at;
        while (bytes.hasRemaining()) position += channel.write(bytes, position);
        synchronized (slot) {
            slot.written += count;
        }
    }

    /**
     * Waits until all is on the disk.
     *
     * @throws IllegalStateException when a tensor is not complete
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
