package dev.mme5.cli.input;

import dev.mme5.cli.context.UsageException;
import dev.mme5.weights.file.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * Splits a stream of bytes into lines, without line feeds and carriage returns before them. A byte order mark at the start is
 * skipped. A line that is too long is reported and never held in memory.
 */
public final class LineReader implements AutoCloseable {
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final byte[] LINE_FEED = {'\n'};

    private final InputStream in;
    private final int maxBytes;
    private final byte[] buffer = new byte[1 << 16];
    private int from;
    private int to;
    private long consumed;
    private long lines;
    private final Sha256 digest = new Sha256();

    /**
     * One line.
     *
     * @param number counted from 1
     * @param bytes its content, or null if it is too long
     */
    public record Line(long number, byte[] bytes) {}

    public LineReader(InputStream in, int maxBytes) throws IOException {
        this.in = in;
        this.maxBytes = maxBytes;
        skipByteOrderMark();
    }

    /** The next line, or null at the end. Bytes after the last line feed are a line too. */
    public Line next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean tooLong = false;
        boolean any = false;
        while (from < to || fill()) {
            any = true;
            int end = from;
            while (end < to && buffer[end] != '\n') end++;

            digest.update(buffer, from, end - from);
            tooLong |= line.size() + (end - from) > maxBytes;
            if (!tooLong) line.write(buffer, from, end - from);
            boolean complete = end < to;
            consumed += end - from + (complete ? 1 : 0);
            from = complete ? end + 1 : end;
            if (complete) break;
        }
        if (!any) return null;
        digest.update(LINE_FEED, 0, 1);
        return new Line(++lines, tooLong ? null : withoutCarriageReturn(line.toByteArray()));
    }

    /** Whether more bytes can be read without waiting. */
    boolean ready() throws IOException {
        return from < to || in.available() > 0;
    }

    /**
     * Refuses a content that is not JSON lines, as far as the first read shows. Must be called before the first line is read.
     *
     * @param name name of the file in messages
     * @throws UsageException if all lines would be errors
     */
    public LineReader requireLines(String name) throws IOException {
        if (from < to || fill()) {
            Optional<String> problem = ContentCheck.problem(buffer, from, to);
            if (problem.isPresent()) {
                close();
                throw new UsageException(name + ": " + problem.get());
            }
        }
        return this;
    }

    /** Number of lines so far. */
    long lines() {
        return lines;
    }

    /** Digest of all lines so far, each ended by a line feed. */
    String linesSha256() {
        return digest.hex();
    }

    /** Number of bytes of all lines so far. */
    long consumed() {
        return consumed;
    }

    private static byte[] withoutCarriageReturn(byte[] line) {
        if (line.length == 0 || line[line.length - 1] != '\r') return line;
        return Arrays.copyOf(line, line.length - 1);
    }

    private void skipByteOrderMark() throws IOException {
        to = Math.max(0, in.read(buffer, 0, buffer.length));
        while (to > 0 && to < BYTE_ORDER_MARK.length) {
            int more = in.read(buffer, to, buffer.length - to);
            if (more < 0) break;
            to += more;
        }
        int length = BYTE_ORDER_MARK.length;
        if (to >= length && Arrays.equals(buffer, 0, length, BYTE_ORDER_MARK, 0, length)) {
            from = length;
            consumed = length;
        }
    }

    private boolean fill() throws IOException {
        from = 0;
        to = Math.max(0, in.read(buffer, 0, buffer.length));
        return to > 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
