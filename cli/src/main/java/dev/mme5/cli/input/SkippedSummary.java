package dev.mme5.cli.input;

import dev.mme5.cli.context.Plural;
import dev.mme5.search.IndexReport.Skipped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Files that were passed over, by kind, in a few words: {@code 3 images not read: 2 HEIC, 1 AVIF; 1 empty document: a.txt}, or {@code 3
 * images left out: the model takes no images}.
 */
final class SkippedSummary {
    private static final int MAX_NAMES = 3;

    private SkippedSummary() {}

    static String of(List<Skipped> all) {
        List<String> parts = new ArrayList<>();
        List<Skipped> skipped = all.stream().filter(file -> !file.reason().equals(Skipped.IMAGE)).toList();
        int images = all.size() - skipped.size();
        if (images > 0) parts.add(Plural.of(images, "image") + " left out: " + Skipped.IMAGE);
        List<Skipped> empty = skipped.stream().filter(file -> file.reason().equals(Skipped.EMPTY)).toList();
        if (empty.size() < skipped.size()) {
            Map<String, Integer> kinds = new TreeMap<>();
            for (Skipped file : skipped) {
                if (!file.reason().equals(Skipped.EMPTY)) kinds.merge(file.reason(), 1, Integer::sum);
            }
            List<String> counts = kinds.entrySet().stream()
                    .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                            .thenComparing(Map.Entry.comparingByKey()))
                    .map(kind -> String.format(Locale.ROOT, "%,d %s", kind.getValue(), kind.getKey()))
                    .toList();
            parts.add(Plural.of(skipped.size() - empty.size(), "image") + " not read: " + String.join(", ", counts));
        }
        if (!empty.isEmpty()) {
            List<String> names = empty.stream().limit(MAX_NAMES).map(Skipped::id).toList();
            parts.add(Plural.of(empty.size(), "empty document") + " skipped: " + String.join(", ", names)
                    + (empty.size() > MAX_NAMES ? ", ..." : ""));
        }
        return String.join("; ", parts);
    }
}
