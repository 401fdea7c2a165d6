package dev.mme5.cli.resume;

import dev.mme5.cli.context.UsageException;
import dev.mme5.cli.input.InputRecords;
import dev.mme5.cli.output.PatchableOutput;
import dev.mme5.weights.file.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * A run whose output grows chunk by chunk. However it ends, a later run can continue it: FILE has the results, {@code FILE.resume}
 * has the resume points.
 *
 * <p>This is safe because results are on the disk before their resume point. Output after the last resume point is truncated and
 * computed again, with the same bits. If there is no resume point yet, output is kept if it equals what this run computes.
 */
public final class ResumableRun implements AutoCloseable {
    /** The setting that has the text of a prompt. Journals of earlier versions have only the prompt's name. */
    public static final String PROMPT = "the prompt";

    private static final ResumeJournal.Point NO_RESULTS =
            new ResumeJournal.Point(0, 0, 0, new Sha256().hex(), 0, new Sha256().hex());

    /** A name of stdin on systems that have one. It leads to the file that stdin is redirected from. */
    private static final Path STDIN = Path.of("/dev/stdin");

    private final Path target;
    private final ResumeJournal journal;
    private final ResumableFile output;
    private final ResumeJournal.Point start;
    private ResumeJournal.Point last;

    private ResumableRun(Path target, ResumeJournal journal, ResumableFile output, ResumeJournal.Point start) {
        this.target = target;
        this.journal = journal;
        this.output = output;
        this.start = start;
        this.last = start;
    }

    /** Refuses a stdin that is redirected from a file that the run would overwrite. */
    public static void checkStdin(Path target) throws IOException {
        if (Files.exists(STDIN)) checkInput(target, STDIN, "stdin");
    }

    /**
     * Refuses an input that the run would overwrite.
     *
     * @param target the output
     * @param name name of the input in messages
     */
    public static void checkInput(Path target, Path input, String name) throws IOException {
        Path journal = journalOf(target);
        if (isSame(input, target)) throw new UsageException(name + ": is --output too, --resume needs another file");
        if (isSame(input, journal)) {
            throw new UsageException("%s: is the journal of %s, it cannot be the input".formatted(name, target.getFileName()));
        }
    }

    private static boolean isSame(Path input, Path other) throws IOException {
        return Files.exists(other) && Files.isSameFile(input, other);
    }

    private static Path journalOf(Path target) {
        return target.resolveSibling(target.getFileName() + ".resume");
    }

    /**
     * Starts or continues a run. If the output is missing or empty, the run starts from the beginning.
     *
     * @param target the output
     * @param settings the settings that all runs must share, by name
     * @param headerBytes length of the output's header, which is overwritten
     * @throws UsageException if the output was not written by such a run
     */
    public static ResumableRun open(Path target, Map<String, String> settings, int headerBytes) throws IOException {
        Path journalFile = journalOf(target);
        if (sizeOf(target) > 0 && !Files.exists(journalFile)) {
            throw new UsageException(target + ": is not empty, and there is no " + journalFile.getFileName()
                    + " next to it: it was not begun with --resume");
        }
        ResumeJournal journal = ResumeJournal.open(journalFile);
        ResumableFile output = null;
        try {
            ResumeJournal.Point point = lastPoint(journal, target, settings);
            output = new ResumableFile(target, headerBytes);
            if (!output.startsWith(point.outputBytes(), point.outputSha256())) {
                throw new UsageException(target + ": its first " + point.outputBytes() + " bytes have been changed");
            }
            return new ResumableRun(target, journal, output, point);
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

    private static ResumeJournal.Point lastPoint(ResumeJournal journal, Path target, Map<String, String> settings)
            throws IOException {
        long bytes = sizeOf(target);   // after the journal is locked: another run may have ended just now
        if (bytes == 0) {
            journal.begin(settings);
            return NO_RESULTS;
        }
        if (journal.settings() == null) throw new UsageException(target + ": is not empty and was not begun with --resume");
        Set<String> names = new LinkedHashSet<>(settings.keySet());
        names.addAll(journal.settings().keySet());   // some are there only if they are not as usual
        if (!journal.settings().containsKey(PROMPT)) names.remove(PROMPT);   // begun without a prompt, or by an earlier version
        for (String name : names) {
            String then = journal.settings().getOrDefault(name, "none");
            String now = settings.getOrDefault(name, "none");
            if (!then.equals(now)) {
                throw new UsageException(target + ": was begun with " + name + " " + then + ", this run has " + now);
            }
        }
        if (journal.last() == null) return NO_RESULTS;
        long written = journal.last().outputBytes();
        if (bytes < written) {   // no run ends like this, because results are on the disk before their resume point
            throw new UsageException("%s: was changed: it has %d bytes, and %d were written".formatted(target, bytes, written));
        }
        return journal.last();
    }

    /** The resume point from which this run continues. */
    public ResumeJournal.Point start() {
        return start;
    }

    /** The output for results. */
    public PatchableOutput output() {
        return output;
    }

    /**
     * Skips the lines that have results, and truncates the output after these results. If there is no resume point, nothing shows
     * that the output was written by such a run; then it is compared with the first results of this run.
     *
     * @param input name of the input in messages
     * @throws UsageException if the lines have changed
     */
    public void skipDone(InputRecords records, String input) throws IOException {
        if (!records.skip(start.lines())) {
            throw new UsageException("%s: ends before line %d, which has a result in %s".formatted(input, start.lines(), target));
        }
        if (!records.linesSha256().equals(start.inputSha256())) {
            throw new UsageException(
                    "%s: its first %d lines are not those with results in %s".formatted(input, start.lines(), target));
        }
        if (start.equals(NO_RESULTS)) output.compareRest();
        else output.truncateRest();
    }

    /**
     * Adds a resume point: all results so far are on the disk. Does nothing while the output is being compared with a longer one of an
     * earlier run.
     */
    public void addPoint(InputRecords records, long inputs, long failures) throws IOException {
        if (output.isComparing()) return;
        ResumeJournal.Point now =
                new ResumeJournal.Point(inputs, failures, records.lines(), records.linesSha256(), output.size(), output.sha256());
        if (now.equals(last)) return;
        output.sync();
        journal.add(now);
        last = now;
    }

    /**
     * Adds the last resume point.
     *
     * @throws UsageException if the output has more than the results of all inputs
     */
    public void end(InputRecords records, long inputs, long failures) throws IOException {
        output.requireCompared();
        addPoint(records, inputs, failures);
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
