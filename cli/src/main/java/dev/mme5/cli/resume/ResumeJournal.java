package dev.mme5.cli.resume;

import dev.mme5.cli.option.UsageException;
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
 * Tells a run with {@code --resume} how far the runs before it came: lines of JSON, the first with what must stay the same
 * from run to run, and one for each chunk of results that is safely in the output. A last line without line feed was being
 * written when a run ended, and does not count.
 */
public final class ResumeJournal implements AutoCloseable {
    private static final int VERSION = 1;

    /** How the first line begins, of any version. */
    private static final byte[] START = "{\"resume\":".getBytes(StandardCharsets.US_ASCII);

    /**
     * How far a run came.
     *
     * @param inputs how many inputs have results, failed ones among them
     * @param failures how many failed
     * @param lines how many lines of the input were read
     * @param inputSha256 of these lines
     * @param outputBytes size of the output with these results
     * @param outputSha256 of what was appended to it
     */
    public record Mark(long inputs, long failures, long lines, String inputSha256, long outputBytes, String outputSha256) {}

    private final Path path;
    private final FileChannel channel;

    /** What stays the same from run to run, by name; null while nothing is written. */
    private Map<String, String> settings;

    private Mark last;

    /** Byte after the last whole line. */
    private long end;

    private ResumeJournal(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Opens the journal, or makes an empty one.
     *
     * @throws UsageException when another run holds it, or it is none
     */
    static ResumeJournal open(Path path) throws IOException {
        FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileLock lock = lock(channel);   // ends with the channel, however the process ends
            if (lock == null) throw new UsageException(path + ": another run is at work with it");
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
            throw new UsageException(path + ": holds something that is no journal of --resume");
        }
        channel.position(0);
        byte[] bytes = in.readAllBytes();
        int number = 0;
        int from = 0;
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] != '\n') continue;
            JsonObject line = JsonReader.parseObject(bytes, from, at, path + ": line " + ++number);
            from = at + 1;
            if (number == 1) readSettings(line);
            else last = readMark(line);
        }
        end = from;
    }

    private static Mark readMark(JsonObject line) {
        return new Mark(
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

    /** The settings of the run that began it; null when none did. */
    Map<String, String> settings() {
        return settings;
    }

    /** The last mark of the runs so far; null when there is none. */
    Mark last() {
        return last;
    }

    /** Begins anew, without the marks of runs before. */
    void begin(Map<String, String> given) throws IOException {
        JsonWriter line = new JsonWriter().beginObject().member("resume", VERSION);
        given.forEach(line::member);
        end = 0;
        append(line.endObject());
        settings = given;
        last = null;
    }

    /** To be called when the output has what the mark tells, safely. */
    void add(Mark mark) throws IOException {
        append(new JsonWriter().beginObject()
                .member("inputs", mark.inputs())
                .member("failures", mark.failures())
                .member("lines", mark.lines())
                .member("input_sha256", mark.inputSha256())
                .member("output_bytes", mark.outputBytes())
                .member("output_sha256", mark.outputSha256())
                .endObject());
        last = mark;
    }

    /** After the last whole line; what stood behind it goes. */
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
