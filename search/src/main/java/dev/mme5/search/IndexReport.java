package dev.mme5.search;

import java.util.List;

/**
 * What bringing an index up to date came to.
 *
 * @param documents how many the index holds now
 * @param embedded how many vectors were computed
 * @param written whether the file was written; it is left alone when nothing changed
 * @param failures the documents that are not in the index
 */
public record IndexReport(int documents, int embedded, boolean written, List<Failure> failures) {
    public IndexReport {
        failures = List.copyOf(failures);
    }

    /**
     * A document that could not be embedded.
     *
     * @param id what it is called
     * @param problem why, in one line
     */
    public record Failure(String id, String problem) {
        /** One line that begins with the name, once. */
        public String message() {
            return problem.startsWith(id + ": ") || problem.startsWith(id + " ") ? problem : id + ": " + problem;
        }
    }
}
