package dev.mme5.cli.input;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;

/** The inputs of a command: first those of the command line, then the lines of the input file, which are read on demand. */
public final class InputRecords implements AutoCloseable {
    /** More than any model's limit, and small enough for the heap. */
    public static final int MAX_LINE_BYTES = 64 << 20;

    /** Limits the memory of a chunk with long lines. */
    private static final int MAX_CHUNK_BYTES = 8 << 20;

    private final Deque<InputRecord> explicit;
    private final int explicitCount;
    private final LineReader lines;
    private final InputRecordParser parser;
    private final long fileBytes;
    private final boolean live;

    private InputRecords(
            Collection<InputRecord> explicit, LineReader lines, InputRecordParser parser, long fileBytes, boolean live) {
        this.explicit = new ArrayDeque<>(explicit);
        this.explicitCount = explicit.size();
        this.lines = lines;
        this.parser = parser;
        this.fileBytes = fileBytes;
        this.live = live;
    }

    /**
     * @param explicit the inputs of the command line
     * @param file null for none, {@code -} for stdin
     */
    public static InputRecords open(Collection<InputRecord> explicit, String file, CommandContext context) throws IOException {
        return open(explicit, file, true, UnaryOperator.identity(), context);
    }

    /**
     * @param special whether special tokens in a {@code text} are recognised where a line does not say
     * @param pathCheck returns the file to open for the path of a line's image; may throw a {@link UsageException}, which ends the run
     */
    public static InputRecords open(Collection<InputRecord> explicit, String file, boolean special, UnaryOperator<Path> pathCheck,
            CommandContext context) throws IOException {
        if (file == null) return new InputRecords(explicit, null, null, 0, false);
        if (file.equals("-")) {
            LineReader lines = new LineReader(context.in(), MAX_LINE_BYTES).requireLines("stdin");
            return new InputRecords(explicit, lines, new InputRecordParser(context.folder(), pathCheck, special), 0, true);
        }
        Path path = NamedFile.resolve(file, context);
        if (Files.isDirectory(path)) throw new UsageException(file + ": is a folder, expected a file of JSON lines");
        boolean regular = Files.isRegularFile(path);
        LineReader lines = new LineReader(Files.newInputStream(path), MAX_LINE_BYTES).requireLines(file);
        InputRecordParser parser = new InputRecordParser(NamedFile.of(path).folder(), pathCheck, special);
        return new InputRecords(explicit, lines, parser, regular ? Files.size(path) : 0, !regular);
    }

    /**
     * The next records: at least one, unless there are no more. Because a program that writes to a pipe may wait for results, records
     * that have arrived are returned without waiting for more.
     */
    public List<InputRecord> next(int max) throws IOException {
        List<InputRecord> chunk = new ArrayList<>();
        while (chunk.size() < max && !explicit.isEmpty()) chunk.add(explicit.poll());
        if (lines == null) return chunk;

        long start = lines.consumed();
        while (chunk.size() < max && lines.consumed() - start < MAX_CHUNK_BYTES) {
            if (live && !chunk.isEmpty() && !lines.ready()) break;
            LineReader.Line line = lines.next();
            if (line == null) break;
            if (!isBlank(line.bytes())) chunk.add(parser.parse(line.number(), line.bytes(), MAX_LINE_BYTES));
        }
        return chunk;
    }

    /**
     * Skips lines of the file. Must be called first.
     *
     * @return whether the file has that many lines
     */
    public boolean skip(long count) throws IOException {
        for (long i = 0; i < count; i++) {
            if (lines.next() == null) return false;
        }
        return true;
    }

    /** Number of lines read from the file. */
    public long lines() {
        return lines.lines();
    }

    /** Digest of the lines read so far, each ended by a line feed. */
    public String linesSha256() {
        return lines.linesSha256();
    }

    /** The part of all inputs that was returned, from 0 to 1; NaN if unknown. */
    public double fraction() {
        if (lines == null) return explicitCount == 0 ? 1 : 1 - (double) explicit.size() / explicitCount;
        return fileBytes > 0 ? Math.min(1, (double) lines.consumed() / fileBytes) : Double.NaN;
    }

    private static boolean isBlank(byte[] line) {
        if (line == null) return false;
        for (byte b : line) {
            if (b != ' ' && b != '\t' && b != '\r') return false;
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        if (lines != null) lines.close();
    }
}
