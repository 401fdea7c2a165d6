package dev.mme5.search;

import java.util.List;

/**
 * The result of an index update.
 *
 * @param documents number of documents in the index
 * @param embedded number of vectors that were computed
 * @param written whether the file was written; it is left alone if nothing changed
 * @param failures documents that are not in the index
 */
public record IndexReport(int documents, int embedded, boolean written, List<Failure> failures) {
    public IndexReport {
        failures = List.copyOf(failures);
    }

    /**
     * A document that could not be embedded.
     *
     * @param id its name
     * @param problem the reason, in one line
     */
    public record Failure(String id, String problem) {
        /** One line that begins with the name, once. */
        public String message() {
            return problem.startsWith(id + ": ") || problem.startsWith(id + " ") ? problem : id + ": " + problem;
        }
    }
}
