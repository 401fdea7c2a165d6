package dev.mme5.cli;

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
final class Requests implements AutoCloseable {
    /** Longer than any text a model could take, short enough to hold. */
    static final int MAX_LINE_BYTES = 64 << 20;

    /** A chunk ends here, however few inputs it has: memory is bounded by lines, not by the number of lines. */
    private static final int CHUNK_BYTES = 8 << 20;

    private final Deque<Request> given;
    private final int givenAtStart;
    private final LineReader lines;
    private final RequestParser parser;
    private final long fileBytes;
    private final boolean live;

    private Requests(Collection<Request> given, LineReader lines, Path pictureFolder, long fileBytes, boolean live) {
        this.given = new ArrayDeque<>(given);
        this.givenAtStart = given.size();
        this.lines = lines;
        this.parser = new RequestParser(pictureFolder);
        this.fileBytes = fileBytes;
        this.live = live;
    }

    /** @param file null for none, {@code -} for stdin */
    static Requests open(Collection<Request> given, String file, Console console) throws IOException {
        if (file == null) return new Requests(given, null, console.folder(), 0, false);
        if (file.equals("-")) {
            return new Requests(given, new LineReader(console.in(), MAX_LINE_BYTES), console.folder(), 0, true);
        }
        Path path = console.folder().resolve(file);
        if (Files.isDirectory(path)) throw new UsageException(file + ": is a folder, expected a file of JSON lines");
        boolean regular = Files.isRegularFile(path);
        LineReader lines = new LineReader(Files.newInputStream(path), MAX_LINE_BYTES);
        return new Requests(given, lines, path.toAbsolutePath().getParent(), regular ? Files.size(path) : 0, !regular);
    }

    /**
     * At least one request, unless there are no more; at most so many. Where a program feeds us, what has come is returned
     * before more is waited for: it may be waiting for our answer.
     */
    List<Request> next(int atMost) throws IOException {
        List<Request> chunk = new ArrayList<>();
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
    boolean skip(long count) throws IOException {
        for (long i = 0; i < count; i++) {
            if (lines.next() == null) return false;
        }
        return true;
    }

    /** How many lines of the file were read. */
    long lines() {
        return lines.lines();
    }

    /** Of these lines, each with a line feed. */
    String linesSha256() {
        return lines.linesSha256();
    }

    /** How much of everything has been handed out, from 0 to 1; NaN when nobody knows. */
    double fraction() {
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
