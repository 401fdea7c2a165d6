package dev.mme5.cli.resume;

import dev.mme5.cli.context.UsageException;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The progress of a run with {@code --resume}, for the runs after it. The file has lines of JSON: first the settings that all runs
 * must share, then a resume point for each chunk of results that is safely in the output. Because a run can end mid-write, a last
 * line without line feed is ignored.
 */
public final class ResumeJournal implements AutoCloseable {
    private static final int VERSION = 1;

    /** The beginning of the first line, in any version. */
    private static final byte[] START = "{\"resume\":".getBytes(StandardCharsets.US_ASCII);

    /**
     * A resume point: what is safely in the output.
     *
     * @param inputs number of inputs with results, including failed ones
     * @param failures number of failed inputs
     * @param lines number of lines read from the input file
     * @param inputSha256 SHA-256 of these lines
     * @param outputBytes size of the output with these results
     * @param outputSha256 SHA-256 of the output without its header
     */
    public record Point(long inputs, long failures, long lines, String inputSha256, long outputBytes, String outputSha256) {}

    private final Path path;
    private final FileChannel channel;

    /** The settings that all runs share, by name; null if the journal is empty. */
    private Map<String, String> settings;

    private Point last;

    /** Offset after the last whole line. */
    private long end;

    private ResumeJournal(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Opens the journal, or creates an empty one.
     *
     * @throws UsageException if another run has it open, or it is no journal
     */
    static ResumeJournal open(Path path) throws IOException {
        FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileLock lock = lock(channel);   // released with the channel, however the process ends
            if (lock == null) throw new UsageException(path + ": is in use by another run");
            ResumeJournal journal = new ResumeJournal(path, channel);
            journal.read();
            return journal;
        } catch (Throwable e) {
            channel.close();
            throw e;
        }
    }

    private static FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    private void read() throws IOException {
        InputStream in = Channels.newInputStream(channel);
        byte[] start = in.readNBytes(START.length);
        if (!Arrays.equals(start, Arrays.copyOf(START, start.length))) {
            throw new UsageException(path + ": is not a journal of --resume");
        }
        channel.position(0);
        byte[] bytes = in.readAllBytes();
        int number = 0;
        int from = 0;
        for (int to = 0; to < bytes.length; to++) {
            if (bytes[to] != '\n') continue;
            JsonObject line = JsonReader.parseObject(bytes, from, to, path + ": line " + ++number);
            from = to + 1;
            if (number == 1) readSettings(line);
            else last = readPoint(line);
        }
        end = from;
    }

    private static Point readPoint(JsonObject line) {
        return new Point(
                count(line, "inputs"), count(line, "failures"), count(line, "lines"), line.text("input_sha256"),
                count(line, "output_bytes"), line.text("output_sha256"));
    }

    private static long count(JsonObject line, String name) {
        long count = line.longInteger(name);
        if (count < 0) throw line.error(name, "expected at least 0, found " + count);
        return count;
    }

    private void readSettings(JsonObject line) {
        int version = line.integer("resume");
        if (version != VERSION) throw line.error("resume", "expected " + VERSION + ", found " + version);
        settings = new LinkedHashMap<>();
        for (String name : line.keys()) {
            if (!name.equals("resume")) settings.put(name, line.text(name));
        }
    }

    /** The settings of the first run; null if the journal is empty. */
    Map<String, String> settings() {
        return settings;
    }

    /** The last resume point; null if there is none. */
    Point last() {
        return last;
    }

    /** Starts again, without the resume points of earlier runs. */
    void begin(Map<String, String> newSettings) throws IOException {
        JsonWriter line = new JsonWriter().beginObject().member("resume", VERSION);
        newSettings.forEach(line::member);
        end = 0;
        append(line.endObject());
        settings = newSettings;
        last = null;
    }

    /** Adds a resume point. Its results must be on the disk already. */
    void add(Point point) throws IOException {
        append(new JsonWriter().beginObject()
                .member("inputs", point.inputs())
                .member("failures", point.failures())
                .member("lines", point.lines())
                .member("input_sha256", point.inputSha256())
                .member("output_bytes", point.outputBytes())
                .member("output_sha256", point.outputSha256())
                .endObject());
        last = point;
    }

    /** Writes after the last whole line and truncates the rest. */
    private void append(JsonWriter line) throws IOException {
        ByteBuffer left = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            channel.truncate(end).position(end);
            while (left.hasRemaining()) channel.write(left);
            end = channel.position();
        } catch (IOException e) {
            throw new IOException(path + " cannot be written: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
