package dev.mme5.cli.input;

import dev.mme5.cli.option.CommandContext;
import dev.mme5.cli.option.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;

/**
 * The inputs of a command in order: those of the command line, then the lines of the input file, read as they are needed.
 */
public final class InputRecords implements AutoCloseable {
    /** Longer than any text a model could take, short enough to hold. */
    public static final int MAX_LINE_BYTES = 64 << 20;

    /** A chunk ends here, however few inputs it has: memory is bounded by lines, not by the number of lines. */
    private static final int CHUNK_BYTES = 8 << 20;

    private final Deque<InputRecord> given;
    private final int givenAtStart;
    private final LineReader lines;
    private final InputRecordParser parser;
    private final long fileBytes;
    private final boolean live;

    private InputRecords(Collection<InputRecord> given, LineReader lines, Path pictureFolder, long fileBytes, boolean live) {
        this.given = new ArrayDeque<>(given);
        this.givenAtStart = given.size();
        this.lines = lines;
        this.parser = new InputRecordParser(pictureFolder);
        this.fileBytes = fileBytes;
        this.live = live;
    }

    /** @param file null for none, {@code -} for stdin */
    public static InputRecords open(Collection<InputRecord> given, String file, CommandContext console) throws IOException {
        if (file == null) return new InputRecords(given, null, console.folder(), 0, false);
        if (file.equals("-")) {
            return new InputRecords(given, new LineReader(console.in(), MAX_LINE_BYTES), console.folder(), 0, true);
        }
        Path path = console.folder().resolve(file);
        if (Files.isDirectory(path)) throw new UsageException(file + ": is a folder, expected a file of JSON lines");
        boolean regular = Files.isRegularFile(path);
        LineReader lines = new LineReader(Files.newInputStream(path), MAX_LINE_BYTES);
        return new InputRecords(given, lines, path.toAbsolutePath().getParent(), regular ? Files.size(path) : 0, !regular);
    }

    /**
     * At least one request, unless there are no more; at most so many. Where a program feeds us, what has come is returned
     * before more is waited for: it may be waiting for our answer.
     */
    public List<InputRecord> next(int atMost) throws IOException {
        List<InputRecord> chunk = new ArrayList<>();
        while (chunk.size() < atMost && !given.isEmpty()) chunk.add(given.poll());
        if (lines == null) return chunk;

        long start = lines.consumed();
        while (chunk.size() < atMost && lines.consumed() - start < CHUNK_BYTES) {
            if (live && !chunk.isEmpty() && !lines.ready()) break;
            LineReader.Line line = lines.next();
            if (line == null) break;
            if (!isBlank(line.bytes())) chunk.add(parser.parse(line.number(), line.bytes(), MAX_LINE_BYTES));
        }
        return chunk;
    }

    /**
     * Passes over so many lines of the file; to be called first.
     *
     * @return whether there are as many
     */
    public boolean skip(long count) throws IOException {
        for (long i = 0; i < count; i++) {
            if (lines.next() == null) return false;
        }
        return true;
    }

    /** How many lines of the file were read. */
    public long lines() {
        return lines.lines();
    }

    /** Of these lines, each with a line feed. */
    public String linesSha256() {
        return lines.linesSha256();
    }

    /** How much of everything has been handed out, from 0 to 1; NaN when nobody knows. */
    public double fraction() {
        if (lines == null) return givenAtStart == 0 ? 1 : 1 - (double) given.size() / givenAtStart;
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
