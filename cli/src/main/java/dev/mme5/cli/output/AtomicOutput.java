package dev.mme5.cli.output;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.NewFiles;
import dev.mme5.cli.context.UsageException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * The output of a command: stdout, or a file that appears under its name when it is complete. A shutdown hook deletes an unfinished
 * file.
 */
public final class AtomicOutput implements PatchableOutput, AutoCloseable {
    /** The limit of Linux. */
    private static final int MAX_LINKS = 40;

    /** The stream for the results, written at once or at the end; null if the unfinished file is moved to its place. */
    private final OutputStream destination;

    private final Path target;
    private final Path unfinished;
    private final FileChannel channel;
    private final OutputStream stream;
    private final Thread discard = new Thread(this::discard);
    private boolean ended;

    private AtomicOutput(OutputStream destination, Path target, Path unfinished) throws IOException {
        this.destination = destination;
        this.target = target;
        this.unfinished = unfinished;
        if (unfinished == null) {
            this.channel = null;
            this.stream = destination;
        } else {
            this.channel = FileChannel.open(
                    unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
            this.stream = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
            Runtime.getRuntime().addShutdownHook(discard);
        }
    }

    /**
     * @param file null or {@code -} for stdout
     * @param patchable whether {@link #patch} will be used; then nothing is written to stdout before {@link #commit}
     */
    public static AtomicOutput open(String file, boolean patchable, CommandContext context) throws IOException {
        if (file == null || file.equals("-"))
            return new AtomicOutput(ResultStream.of(context.out()), null, patchable ? temporaryFile() : null);

        Path target = target(file, context);
        if (Files.exists(target) && !Files.isRegularFile(target)) {   // a pipe or a device cannot be replaced by a file
            OutputStream pipe = new BufferedOutputStream(Files.newOutputStream(target, StandardOpenOption.WRITE));
            OutputStream device = ResultStream.of(pipe, target.toString());
            return new AtomicOutput(device, null, patchable ? temporaryFile() : null);
        }
        return new AtomicOutput(null, target, target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp"));
    }

    /**
     * The file to write. The target of a symbolic link, even if it does not exist, so that the link stays one.
     *
     * @throws UsageException if no file can be there
     */
    public static Path target(String file, CommandContext context) throws IOException {
        Path path = context.folder().resolve(file);
        if (Files.isDirectory(path)) throw new UsageException(file + ": is a folder, expected a file");
        if (Files.exists(path)) return Files.isRegularFile(path) ? path.toRealPath() : path;
        Path target = path;
        for (int links = 0; Files.isSymbolicLink(target); links++) {
            if (links == MAX_LINKS) throw new UsageException(file + ": symbolic link loop");
            target = target.resolveSibling(Files.readSymbolicLink(target));
        }
        NewFiles.requireFolder(target.getParent(), file);
        return target.getParent().toRealPath().resolve(target.getFileName());   // its real path once it exists
    }

    /** A new name for a temporary file. */
    static Path temporaryFile() {
        return Path.of(System.getProperty("java.io.tmpdir"), "mme5." + UUID.randomUUID() + ".tmp");
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        try {
            stream.write(bytes);
        } catch (IOException e) {
            throw describe(e);
        }
    }

    /** Flushes buffered bytes. */
    public void flush() throws IOException {
        try {
            stream.flush();
        } catch (IOException e) {
            throw describe(e);
        }
    }

    @Override
    public void patch(long position, byte[] bytes) throws IOException {
        flush();
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) channel.write(left, position + left.position());
    }

    /** Completes the output: moves the file to its place. */
    public synchronized void commit() throws IOException {
        flush();
        if (ended || unfinished == null) return;
        if (destination == null) {
            channel.force(true);
            channel.close();
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        } else {
            try {
                channel.position(0);
                Channels.newInputStream(channel).transferTo(destination);
                destination.flush();
            } catch (IOException e) {
                throw describe(e);
            }
        }
    }

    private synchronized void discard() {
        ended = true;
        if (unfinished == null) return;
        try {
            channel.close();
            Files.deleteIfExists(unfinished);
        } catch (IOException e) {
            // The file stays, nothing can be done.
        }
    }

    /** Deletes the file if it was not committed. */
    @Override
    public void close() {
        if (unfinished == null) return;
        discard();
        try {
            Runtime.getRuntime().removeShutdownHook(discard);
        } catch (IllegalStateException shuttingDown) {
            // The hook is running already.
        }
    }

    private IOException describe(IOException e) {
        return ResultStream.describe(e, target == null ? "the output" : target.toString());
    }
}
