package dev.mme5.cli.resume;

import dev.mme5.cli.input.InputRecords;
import dev.mme5.cli.option.UsageException;
import dev.mme5.cli.output.PatchableOutput;
import dev.mme5.weights.file.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A run whose output grows chunk by chunk and can be taken up again by a later run, whatever ended this one: FILE has the
 * results, {@code FILE.resume} tells how far they are good.
 *
 * <p>The order makes it safe: results are on the disk before the journal says so. What the output has beyond the journal, be
 * it half a line, is cut off and computed again, with the same bits; where there is no mark at all, it is kept if it is what this run computes.
 */
public final class ResumableRun implements AutoCloseable {
    private static final ResumeJournal.Mark NOTHING_YET =
            new ResumeJournal.Mark(0, 0, 0, new Sha256().hex(), 0, new Sha256().hex());

    /** What stdin is where the system has a name for it: a redirected file goes by that too. */
    private static final Path STDIN = Path.of("/dev/stdin");

    private final Path target;
    private final ResumeJournal journal;
    private final ResumableFile output;
    private final ResumeJournal.Mark start;
    private ResumeJournal.Mark last;

    private ResumableRun(Path target, ResumeJournal journal, ResumableFile output, ResumeJournal.Mark start) {
        this.target = target;
        this.journal = journal;
        this.output = output;
        this.start = start;
        this.last = start;
    }

    /** Refuses a stdin that is redirected from a file that the run would write over. */
    public static void checkStdin(Path target) throws IOException {
        if (Files.exists(STDIN)) checkInput(target, STDIN, "stdin");
    }

    /**
     * Refuses an input that the run would write over.
     *
     * @param target the output
     * @param name the input's name, for messages
     */
    public static void checkInput(Path target, Path input, String name) throws IOException {
        Path journal = journalOf(target);
        if (isSame(input, target)) throw new UsageException(name + ": is --output too, --resume needs another file");
        if (isSame(input, journal)) {
            throw new UsageException("%s: is the journal of %s, and cannot be its input".formatted(name, target.getFileName()));
        }
    }

    private static boolean isSame(Path input, Path other) throws IOException {
        return Files.exists(other) && Files.isSameFile(input, other);
    }

    private static Path journalOf(Path target) {
        return target.resolveSibling(target.getFileName() + ".resume");
    }

    /**
     * Begins a run, or goes on with one. When the output is empty or not there, the run begins anew, whatever the journal says.
     *
     * @param target the output
     * @param settings what must be as it was when the output was begun, by name
     * @param headerBytes length of a header that is written over in the output
     * @throws UsageException when the output is not the work of such a run
     */
    public static ResumableRun open(Path target, Map<String, String> settings, int headerBytes) throws IOException {
        Path beside = journalOf(target);
        if (sizeOf(target) > 0 && !Files.exists(beside)) {
            throw new UsageException(target + ": holds something, and there is no " + beside.getFileName()
                    + " beside it: it was not begun with --resume");
        }
        ResumeJournal journal = ResumeJournal.open(beside);
        ResumableFile output = null;
        try {
            ResumeJournal.Mark mark = lastMark(journal, target, settings);
            output = new ResumableFile(target, headerBytes);
            if (!output.startsWith(mark.outputBytes(), mark.outputSha256())) {
                throw new UsageException(target + ": its first " + mark.outputBytes() + " bytes are not those that were written");
            }
            return new ResumableRun(target, journal, output, mark);
        } catch (Throwable e) {
            if (output != null) output.close();
            journal.close();
            throw e;
        }
    }

    private static long sizeOf(Path target) throws IOException {
        if (!Files.exists(target)) return 0;
        if (!Files.isRegularFile(target)) throw new UsageException(target + ": is a pipe or a device, --resume needs a file");
        return Files.size(target);
    }

    private static ResumeJournal.Mark lastMark(ResumeJournal journal, Path target, Map<String, String> settings) throws IOException {
        long bytes = sizeOf(target);   // not before the journal is ours: another run may have ended just now
        if (bytes == 0) {
            journal.begin(settings);
            return NOTHING_YET;
        }
        if (journal.settings() == null) throw new UsageException(target + ": holds something that was not begun with --resume");
        settings.forEach((name, now) -> {
            String then = journal.settings().getOrDefault(name, "unknown");
            if (!then.equals(now)) {
                throw new UsageException(target + ": was begun with " + name + " " + then + ", this run has " + now);
            }
        });
        if (journal.last() == null) return NOTHING_YET;
        long written = journal.last().outputBytes();
        if (bytes < written) {   // no end of a run leaves that: results are on the disk before the journal says so
            throw new UsageException("%s: was changed: it has %d bytes, and %d were written".formatted(target, bytes, written));
        }
        return journal.last();
    }

    /** What earlier runs did. */
    public ResumeJournal.Mark start() {
        return start;
    }

    /** Where results go. */
    public PatchableOutput output() {
        return output;
    }

    /**
     * Passes over the lines whose results are there, and cuts off what the output has behind these. While there are none, only this
     * run's own first results tell that the output is the work of such a run: what it has is then compared with them.
     *
     * @param input the input's name, for messages
     * @throws UsageException when they are other lines
     */
    public void skipDone(InputRecords requests, String input) throws IOException {
        if (!requests.skip(start.lines())) {
            throw new UsageException("%s: ends before line %d, whose result is in %s".formatted(input, start.lines(), target));
        }
        if (!requests.linesSha256().equals(start.inputSha256())) {
            throw new UsageException(
                    "%s: its first %d lines are not those whose results are in %s".formatted(input, start.lines(), target));
        }
        if (start.equals(NOTHING_YET)) output.compareRest();
        else output.cutRest();
    }

    /**
     * Everything so far is on the disk, and stays when the run ends now. Not while the output still has more, of an earlier run without
     * a mark: its chunks may have been larger.
     */
    public void mark(InputRecords requests, long inputs, long failures) throws IOException {
        if (output.isComparing()) return;
        ResumeJournal.Mark now =
                new ResumeJournal.Mark(inputs, failures, requests.lines(), requests.linesSha256(), output.size(), output.sha256());
        if (now.equals(last)) return;
        output.sync();
        journal.add(now);
        last = now;
    }

    /**
     * The last mark.
     *
     * @throws UsageException when the output has more than the results of all inputs
     */
    public void end(InputRecords requests, long inputs, long failures) throws IOException {
        output.requireCompared();
        mark(requests, inputs, failures);
    }

    @Override
    public void close() throws IOException {
        try {
            output.close();
        } finally {
            journal.close();
        }
    }
}
