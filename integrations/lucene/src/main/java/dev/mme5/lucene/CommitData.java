package dev.mme5.lucene;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What every commit of an index says about its vectors.
 *
 * @param dimensions 0 while there is no vector
 * @param fingerprint whose vectors these are, or null if nobody said
 */
record CommitData(int dimensions, String fingerprint) {
    private static final String FORMAT = "mme5-lucene";
    private static final String VERSION = "1";
    private static final String DIMENSIONS = "mme5-dimensions";
    private static final String FINGERPRINT = "mme5-fingerprint";

    static final CommitData EMPTY = new CommitData(0, null);

    /**
     * @param data of a commit
     * @throws LuceneIndexException when it is not by this class
     */
    static CommitData parse(String place, Map<String, String> data) {
        if (!VERSION.equals(data.get(FORMAT))) {
            String found = data.containsKey(FORMAT) ? "version " + data.get(FORMAT) : "an index of another program";
            throw new LuceneIndexException(place + ": expected an index of mme5, version " + VERSION + ", found " + found);
        }
        return new CommitData(Integer.parseInt(data.get(DIMENSIONS)), data.get(FINGERPRINT));
    }

    /** @throws LuceneIndexException when the index belongs to another model */
    CommitData requireFingerprint(String place, String expected) {
        if (expected == null || expected.equals(fingerprint)) return this;
        if (fingerprint == null) return new CommitData(dimensions, expected);
        throw new LuceneIndexException(place + ": made with another model, or by another version of mme5: expected fingerprint " + expected
                + ", found " + fingerprint);
    }

    CommitData withDimensions(int value) {
        return new CommitData(value, fingerprint);
    }

    Map<String, String> toMap() {
        Map<String, String> map = new LinkedHashMap<>();
        map.put(FORMAT, VERSION);
        map.put(DIMENSIONS, Integer.toString(dimensions));
        if (fingerprint != null) map.put(FINGERPRINT, fingerprint);
        return map;
    }
}
