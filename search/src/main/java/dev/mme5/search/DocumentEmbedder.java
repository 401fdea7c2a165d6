package dev.mme5.search;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.EmbeddingResult;
import dev.mme5.engine.Input;
import dev.mme5.engine.InputException;
import dev.mme5.engine.InputException.Reason;
import dev.mme5.engine.ProgressListener;
import dev.mme5.search.folder.ReadFailure;
import dev.mme5.search.index.FileStamp;
import dev.mme5.search.index.IndexJournal;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Reads the open documents of a plan and appends the vectors of new contents to the journal, batch by batch. */
final class DocumentEmbedder {
    private static final int MAX_BATCH = 256;
    private static final long MAX_BATCH_BYTES = 64 << 20;

    /** A killed process loses one batch, and progress is reported once a batch. */
    private static final long BATCH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final EmbeddingModel model;
    private final IndexPlan plan;
    private final IndexJournal journal;
    private final boolean prune;
    private final IndexUpdate.Listener listener;

    /** By content: equal documents are embedded once. */
    private final Map<String, List<Pending>> batch = new LinkedHashMap<>();

    private int batchSize = 4;
    private long batchBytes;
    private int embedded;
    private int done;
    private int total;

    private record Pending(int document, Input input, List<FileStamp> stamps) {}

    /**
     * @param journal null if nothing is to be embedded
     * @param prune whether documents whose files are missing count as deleted
     */
    DocumentEmbedder(EmbeddingModel model, IndexPlan plan, IndexJournal journal, boolean prune, IndexUpdate.Listener listener) {
        this.prune = prune;
        this.model = model;
        this.plan = plan;
        this.journal = journal;
        this.listener = listener;
    }

    void run() {
        List<Integer> open = plan.open();
        total = open.size();
        for (int document : open) {
            read(document);
            if (batch.size() >= batchSize || batchBytes > MAX_BATCH_BYTES) embedBatch();
        }
        embedBatch();
    }

    /** Number of vectors that were computed. */
    int embedded() {
        return embedded;
    }

    /** Settles the open documents whose contents the previous index knows, without computing anything. */
    void settleByContent() {
        for (int document : plan.open()) {
            try {
                if (load(document) instanceof Contents contents) plan.settleKnown(document, contents.stamps());
            } catch (InputException e) {
                plan.fail(document, e);
            } catch (OutOfMemoryError e) {
                failForSize(document);
            }
        }
    }

    private record Contents(List<FileStamp> stamps, List<byte[]> bytes) {}

    /** Reads the files of a document. Null if it has been dealt with: the system refuses, or there is nothing in it to embed. */
    private Contents load(int document) {
        Contents contents = new Contents(new ArrayList<>(), new ArrayList<>());
        for (Document.Source source : plan.document(document).files()) {
            try {
                FileStamp.Loaded file = FileStamp.load(source.name(), source.path());
                contents.stamps().add(file.stamp());
                contents.bytes().add(file.bytes());
            } catch (NoSuchFileException e) {
                // A line of a file still names the image, so its disk may only be away. A file of a folder was deleted since the scan.
                boolean isKept = !prune && plan.document(document) instanceof InputDocument && plan.settleUnreadable(document);
                plan.fail(document, source.name() + ": does not exist" + (isKept ? IndexReport.KEPT : ""));
                return null;
            } catch (IOException e) {
                boolean isKept = plan.settleUnreadable(document);
                plan.fail(document, source.name() + ": cannot be read: " + ReadFailure.reason(e) + (isKept ? IndexReport.KEPT : ""));
                return null;
            }
        }
        Optional<String> skipped = plan.document(document).reasonToSkip(contents.bytes());
        skipped.ifPresent(reason -> plan.skip(document, reason));
        return skipped.isPresent() ? null : contents;
    }

    /** Reads a document into the batch. If it does not fit beside it, the batch is embedded first. */
    private void read(int document) {
        try {
            tryRead(document);
        } catch (OutOfMemoryError e) {
            embedBatch();
            try {
                tryRead(document);
            } catch (OutOfMemoryError again) {
                failForSize(document);
                finish();
            }
        }
    }

    /** Other documents may be smaller. */
    private void failForSize(int document) {
        boolean isKept = plan.settleUnreadable(document);
        plan.fail(document, new InputException(Reason.TOO_LARGE, plan.document(document).id()
                + ": does not fit in the memory of the Java machine (-Xmx)" + (isKept ? IndexReport.KEPT : "")));
    }

    private void tryRead(int document) {
        try {
            Contents contents = load(document);
            if (contents == null || plan.settleKnown(document, contents.stamps())) {
                finish();
                return;
            }
            Input input = plan.document(document).input(contents.bytes());
            if (plan.settleJournaled(document, input, contents.stamps())) { // a vector of an interrupted run
                finish();
                return;
            }
            for (byte[] content : contents.bytes()) batchBytes += content.length;
            batch.computeIfAbsent(plan.contentKey(document, contents.stamps()), key -> new ArrayList<>())
                    .add(new Pending(document, input, contents.stamps()));
        } catch (InputException e) {
            plan.fail(document, e);
            finish();
        }
    }

    private void embedBatch() {
        if (batch.isEmpty()) return;
        long start = System.nanoTime();
        List<String> keys = List.copyOf(batch.keySet());
        List<Input> inputs = keys.stream().map(key -> batch.get(key).getFirst().input()).toList();
        List<EmbeddingResult> results = model.tryEmbedAll(inputs, ProgressListener.NONE);
        for (int i = 0; i < keys.size(); i++) {
            EmbeddingResult result = results.get(i);
            if (!result.failed()) {
                journal.append(keys.get(i), result.embedding().unit().values(), result.embedding().truncated());
                embedded++;
            }
            for (Pending pending : batch.get(keys.get(i))) {
                if (result.failed()) plan.fail(pending.document(), result.error());
                else plan.settleJournaled(pending.document(), pending.input(), pending.stamps());
                finish();
            }
        }
        batch.clear();
        batchBytes = 0;

        long nanos = System.nanoTime() - start;
        if (nanos < BATCH_NANOS / 2) batchSize = Math.min(MAX_BATCH, 2 * batchSize);
        if (nanos > BATCH_NANOS * 2) batchSize = Math.max(1, batchSize / 2);
    }

    private void finish() {
        done++;
        listener.progress(done, total);
    }
}
