package dev.mme5.cli.output;

import dev.mme5.cli.option.CommandContext;
import dev.mme5.cli.option.UsageException;
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
 * Where results go: stdout, or a file that appears under its name when it is complete, or not at all, not even when the
 * process is told to end.
 */
public final class AtomicOutput implements PatchableOutput, AutoCloseable {
    /** The program that read stdout has gone, like {@code head} after its last line: no error, only the end. */
    public static final class ReaderGone extends IOException {
        private static final long serialVersionUID = 1;

        public ReaderGone(IOException cause) {
            super(cause);
        }
    }

    /** As many as Linux follows. */
    private static final int MAX_LINKS = 40;

    /** What is copied to in the end, or written to at once; null when the unfinished file is moved to its place. */
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
     * @param patchable whether {@link #patch} will be used; then nothing reaches stdout before {@link #commit}
     */
    public static AtomicOutput open(String file, boolean patchable, CommandContext console) throws IOException {
        if (file == null || file.equals("-")) return new AtomicOutput(console.out(), null, patchable ? spool() : null);

        Path target = target(file, console);
        if (Files.exists(target) && !Files.isRegularFile(target)) {   // a pipe or a device: there is no moving to it
            OutputStream device = new BufferedOutputStream(Files.newOutputStream(target, StandardOpenOption.WRITE));
            return new AtomicOutput(device, null, patchable ? spool() : null);
        }
        return new AtomicOutput(null, target, target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp"));
    }

    /** The file to write, refused where none can be. A symbolic link stays one: what it points to is the target, there or not. */
    public static Path target(String file, CommandContext console) throws IOException {
        Path path = console.folder().resolve(file);
        if (Files.isDirectory(path)) throw new UsageException(file + ": is a folder, expected a file");
        if (Files.exists(path)) return Files.isRegularFile(path) ? path.toRealPath() : path;
        Path target = path;
        for (int links = 0; Files.isSymbolicLink(target); links++) {
            if (links == MAX_LINKS) throw new UsageException(file + ": its symbolic links have no end");
            target = target.resolveSibling(Files.readSymbolicLink(target));
        }
        if (!Files.isDirectory(target.getParent())) throw new UsageException(file + ": its folder does not exist");
        return target.getParent().toRealPath().resolve(target.getFileName());   // as it will be when it is there
    }

    /** A name for a file that is not there yet and will not stay. */
    static Path spool() {
        return Path.of(System.getProperty("java.io.tmpdir"), "mme5." + UUID.randomUUID() + ".tmp");
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        try {
            stream.write(bytes);
        } catch (IOException e) {
            throw told(e);
        }
    }

    /** What is written so far goes on its way. */
    public void flush() throws IOException {
        try {
            stream.flush();
        } catch (IOException e) {
            throw told(e);
        }
    }

    @Override
    public void patch(long position, byte[] bytes) throws IOException {
        flush();
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) channel.write(left, position + left.position());
    }

    /** All is written: the file takes its place. */
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
                throw told(e);
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
            // Nothing more can be done about a file that cannot be removed.
        }
    }

    /** Without {@link #commit} before, nothing is left. */
    @Override
    public void close() {
        if (unfinished == null) return;
        discard();
        try {
            Runtime.getRuntime().removeShutdownHook(discard);
        } catch (IllegalStateException shuttingDown) {
            // The hook runs already, and finds nothing.
        }
    }

    private IOException told(IOException e) {
        String message = String.valueOf(e.getMessage());
        boolean gone = destination != null && (message.contains("Broken pipe") || message.contains("EPIPE"));
        if (gone) return new ReaderGone(e);
        return new IOException((target == null ? "the output" : target) + " cannot be written: " + message, e);
    }
}
