package dev.mme5.cli.resume;

import dev.mme5.cli.option.UsageException;
import dev.mme5.cli.output.PatchableOutput;
import dev.mme5.weights.file.Sha256;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * An output file that grows from run to run. It knows the SHA-256 of what it holds, but for a header in front, which may be
 * written over.
 */
final class ResumableFile implements PatchableOutput, AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;

    /** How much of a header is the same whatever it counts: magic and version. */
    private static final int HEADER_START = 8;

    private final Path path;
    private final int headerBytes;
    private final FileChannel channel;
    private final OutputStream stream;
    private Sha256 sum = new Sha256();
    private long size;

    /** Where what is only compared ends: what is written up to here must be there already. */
    private long comparedTo;

    /** @param headerBytes how many of the first bytes are no part of the sum; they are written at once */
    ResumableFile(Path path, int headerBytes) throws IOException {
        this.path = path;
        this.headerBytes = headerBytes;
        this.channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        this.stream = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
    }

    /**
     * Reads the first so many bytes, to go on after them.
     *
     * @param sha256 what their sum must be
     * @return whether it is
     */
    boolean startsWith(long bytes, String sha256) throws IOException {
        sum = new Sha256();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        for (long at = headerBytes; at < bytes;) {
            buffer.clear().limit((int) Math.min(BUFFER_BYTES, bytes - at));
            int count = channel.read(buffer, at);
            if (count < 0) return false;
            sum.update(buffer.flip());
            at += count;
        }
        size = bytes;
        return sha256().equals(sha256);
    }

    /** What stands behind the bytes that {@link #startsWith} has read goes; the next are written there. */
    void cutRest() throws IOException {
        channel.truncate(size).position(size);
    }

    /**
     * What stands behind the bytes that {@link #startsWith} has read stays, and the next that are written must be the same.
     * Until then {@link #isComparing}; {@link #requireCompared} asks that nothing is left.
     */
    void compareRest() throws IOException {
        comparedTo = channel.size();
        channel.position(size);
    }

    /** Whether the file has more than was written, all the same so far. */
    boolean isComparing() {
        return size < comparedTo;
    }

    /**
     * The file has nothing but what was written.
     *
     * @throws UsageException when it is longer
     */
    void requireCompared() {
        if (isComparing()) throw notOurs(size);
    }

    private void compare(byte[] bytes) throws IOException {
        int count = (int) Math.min(bytes.length, comparedTo - size);
        ByteBuffer there = ByteBuffer.allocate(count);
        while (there.hasRemaining() && channel.read(there, size + there.position()) >= 0) continue;
        for (int i = 0; i < count; i++) {
            boolean mayDiffer = size + i >= HEADER_START && size + i < headerBytes;
            if (there.get(i) != bytes[i] && !mayDiffer) throw notOurs(size + i);
        }
    }

    private UsageException notOurs(long at) {
        return new UsageException("%s: was begun, but what it has at byte %d is not what this run computes; remove it to begin anew"
                .formatted(path, at + 1));
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        if (isComparing()) compare(bytes);
        try {
            stream.write(bytes);
        } catch (IOException e) {
            throw told(e);
        }
        if (size >= headerBytes) sum.update(bytes, 0, bytes.length);
        size += bytes.length;
    }

    @Override
    public void patch(long position, byte[] bytes) throws IOException {
        if (isComparing()) return; // what it is patched with may not count yet what is there
        try {
            stream.flush();
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) channel.write(left, position + left.position());
        } catch (IOException e) {
            throw told(e);
        }
    }

    /** What is written so far is on the disk, even if the machine stops now. */
    void sync() throws IOException {
        try {
            stream.flush();
            channel.force(false);
        } catch (IOException e) {
            throw told(e);
        }
    }

    /** Bytes written, those of earlier runs among them. */
    long size() {
        return size;
    }

    /** Of everything written but the header, as hexadecimal digits. */
    String sha256() {
        return sum.hex();
    }

    private IOException told(IOException e) {
        return new IOException(path + " cannot be written: " + e.getMessage(), e);
    }

    /** Without what was not yet flushed: the next run computes it again. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
