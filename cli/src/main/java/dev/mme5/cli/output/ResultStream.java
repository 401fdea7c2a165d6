package dev.mme5.cli.output;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A stream of results whose errors say so. It remembers the first one, for writers that hide errors, such as {@code PrintWriter}.
 */
public final class ResultStream extends OutputStream {
    private static final String STDOUT = "the output";

    private final OutputStream out;
    private final String name;
    private IOException failure;

    /** Results that cannot be written; the message is one line for the user. */
    private static final class WriteException extends IOException {
        private static final long serialVersionUID = 1;

        WriteException(String message, IOException cause) {
            super(message, cause);
        }
    }

    private ResultStream(OutputStream out, String name) {
        this.out = out;
        this.name = name;
    }

    /** Results for stdout. The stream itself if its errors are described already. */
    public static ResultStream of(OutputStream out) {
        return of(out, STDOUT);
    }

    /**
     * The stream itself if its errors are described already.
     *
     * @param name what the errors say cannot be written
     */
    static ResultStream of(OutputStream out, String name) {
        return out instanceof ResultStream described ? described : new ResultStream(out, name);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            throw describe(e);
        }
    }

    @Override
    public void flush() throws IOException {
        try {
            out.flush();
        } catch (IOException e) {
            throw describe(e);
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    /** Throws the first error, even if a writer has hidden it. */
    public void requireWritten() throws IOException {
        flush();
        if (failure != null) throw failure;
    }

    private IOException describe(IOException e) {
        IOException described = describe(e, name);
        if (failure == null) failure = described;
        return described;
    }

    /** @param name what cannot be written */
    static IOException describe(IOException e, String name) {
        if (e instanceof WriteException) return e;
        String message = String.valueOf(e.getMessage());
        boolean isGone = message.contains("Broken pipe") || message.contains("EPIPE");
        return new WriteException(isGone
                ? (name.equals(STDOUT) ? "stdout" : name) + ": its reader has gone, results are missing"
                : name + " cannot be written: " + message, e);
    }
}
