package dev.mme5.cli.resume;

import dev.mme5.cli.context.UsageException;
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

/** An output file that grows from run to run. It maintains the SHA-256 of its content after the header, which may be overwritten. */
final class ResumableFile implements PatchableOutput, AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;

    /** Magic and version, the part of a header that never changes. */
    private static final int FIXED_HEADER_BYTES = 8;

    private final Path path;
    private final int headerBytes;
    private final FileChannel channel;
    private final OutputStream stream;
    private Sha256 digest = new Sha256();
    private long size;

    /** End of the range in which written bytes are compared with the file. */
    private long compareEnd;

    /** @param headerBytes number of first bytes that are not part of the digest; they are written in one call */
    ResumableFile(Path path, int headerBytes) throws IOException {
        this.path = path;
        this.headerBytes = headerBytes;
        this.channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        this.stream = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
    }

    /**
     * Reads the first bytes. Writing continues after them.
     *
     * @param sha256 their expected digest
     * @return whether they have it
     */
    boolean startsWith(long bytes, String sha256) throws IOException {
        digest = new Sha256();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        for (long offset = headerBytes; offset < bytes;) {
            buffer.clear().limit((int) Math.min(BUFFER_BYTES, bytes - offset));
            int count = channel.read(buffer, offset);
            if (count < 0) return false;
            digest.update(buffer.flip());
            offset += count;
        }
        size = bytes;
        return sha256().equals(sha256);
    }

    /** Truncates the file after the bytes that {@link #startsWith} has read. */
    void truncateRest() throws IOException {
        channel.truncate(size).position(size);
    }

    /**
     * Keeps the bytes after those that {@link #startsWith} has read. The next written bytes must equal them.
     * {@link #isComparing} tells whether some are left, {@link #requireCompared} requires that no bytes are.
     */
    void compareRest() throws IOException {
        compareEnd = channel.size();
        channel.position(size);
    }

    /** Whether the file still has bytes to compare with. */
    boolean isComparing() {
        return size < compareEnd;
    }

    /**
     * Requires that the file has nothing but the written bytes.
     *
     * @throws UsageException if it is longer
     */
    void requireCompared() {
        if (isComparing()) throw differs(size);
    }

    private void compare(byte[] bytes) throws IOException {
        int count = (int) Math.min(bytes.length, compareEnd - size);
        ByteBuffer existing = ByteBuffer.allocate(count);
        while (existing.hasRemaining() && channel.read(existing, size + existing.position()) >= 0) continue;
        for (int i = 0; i < count; i++) {
            boolean mayDiffer = size + i >= FIXED_HEADER_BYTES && size + i < headerBytes;
            if (existing.get(i) != bytes[i] && !mayDiffer) throw differs(size + i);
        }
    }

    private UsageException differs(long offset) {
        return new UsageException("%s: differs from this run's output at byte %d; remove it to start again".formatted(path, offset + 1));
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        if (isComparing()) compare(bytes);
        try {
            stream.write(bytes);
        } catch (IOException e) {
            throw cannotWrite(e);
        }
        if (size >= headerBytes) digest.update(bytes, 0, bytes.length);
        size += bytes.length;
    }

    @Override
    public void patch(long position, byte[] bytes) throws IOException {
        if (isComparing()) return; // the new header may not yet count all rows of the file
        try {
            stream.flush();
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) channel.write(left, position + left.position());
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    /** Forces all written bytes to the disk. */
    void sync() throws IOException {
        try {
            stream.flush();
            channel.force(false);
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    /** Size of the file, including the bytes of earlier runs. */
    long size() {
        return size;
    }

    /** SHA-256 of everything after the header, in hexadecimal. */
    String sha256() {
        return digest.hex();
    }

    private IOException cannotWrite(IOException e) {
        return new IOException(path + " cannot be written: " + e.getMessage(), e);
    }

    /** Discards bytes that are not flushed. The next run computes them again. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
