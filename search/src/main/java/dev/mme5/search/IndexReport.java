package dev.mme5.search;

import dev.mme5.engine.InputException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The result of an index update.
 *
 * @param documents number of documents in the index
 * @param embedded number of vectors that were computed
 * @param written whether the file was written; it is left alone if nothing changed
 * @param failures documents that could not be read or embedded; those that the system refused to show keep an earlier vector
 * @param skipped documents that hold nothing that could be embedded
 * @param kept places where documents of the index have disappeared all at once; they keep their vectors
 * @param truncated number of documents in the index the end of whose text was cut off
 */
public record IndexReport(int documents, int embedded, boolean written, List<Failure> failures, List<Skipped> skipped, List<Kept> kept,
        int truncated) {
    private static final int MAX_ID = 300;

    /** End of the problem of a document that keeps the vector of an earlier run. */
    static final String KEPT = "; its earlier vector is kept";

    public IndexReport {
        failures = List.copyOf(failures);
        skipped = List.copyOf(skipped);
        kept = List.copyOf(kept);
    }

    /** A report in which nothing was skipped, kept or truncated. */
    public IndexReport(int documents, int embedded, boolean written, List<Failure> failures) {
        this(documents, embedded, written, failures, List.of(), List.of(), 0);
    }

    /**
     * A document that could not be embedded.
     *
     * @param id its name
     * @param problem what is wrong, in one line
     * @param reason why the engine refused it; empty if it did not come to that
     */
    public record Failure(String id, String problem, Optional<InputException.Reason> reason) {
        /** A document that the engine has not seen. */
        public Failure(String id, String problem) {
            this(id, problem, Optional.empty());
        }

        /** One line that begins with the name, once. The middle of a very long name is left out. */
        public String message() {
            boolean isNamed = problem.startsWith(id + ": ") || problem.startsWith(id + " ");
            String line = isNamed ? problem : (id.isEmpty() ? "." : id) + ": " + problem;
            if (id.length() <= MAX_ID || !line.startsWith(id)) return line;
            return id.substring(0, MAX_ID / 2) + "..." + id.substring(id.length() - MAX_ID / 2) + line.substring(id.length());
        }
    }

    /**
     * A file that was passed over.
     *
     * @param id its name
     * @param reason why: the name of an image format that is not read, such as {@code HEIC}, {@link #IMAGE}, or {@link #EMPTY}
     */
    public record Skipped(String id, String reason) {
        /** The reason for a file of no bytes and for a text of nothing but white space. */
        public static final String EMPTY = "empty";

        /** The reason for every image if the model takes none. */
        public static final String IMAGE = "the model takes no images";
    }

    /**
     * A folder that is empty, or a link that leads nowhere, although the index has documents there. The disk may not be connected.
     *
     * @param id its name; empty for the scanned folder itself
     * @param documents number of documents of the index at or below it
     */
    public record Kept(String id, int documents, boolean isLink) {
        /** One line that begins with the name. */
        public String message() {
            String found = isLink ? "leads nowhere" : "is empty";
            String place = isLink ? "there" : "below it";
            String had = documents == 1
                    ? "1 document that the index has " + place + " is"
                    : String.format(Locale.ROOT, "%,d documents that the index has %s are", documents, place);
            return "%s: %s, so %s kept".formatted(id.isEmpty() ? "." : id, found, had);
        }
    }
}
