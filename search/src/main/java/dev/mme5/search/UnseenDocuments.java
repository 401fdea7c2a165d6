package dev.mme5.search;

import dev.mme5.search.FolderDocuments.Gap;
import dev.mme5.search.index.IndexEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Documents of an index that a scan has not seen, because it could not look where they were.
 *
 * @param rows their rows in the index, ascending
 * @param kept the folders and links that a person should know about
 */
record UnseenDocuments(List<Integer> rows, List<IndexReport.Kept> kept) {
    /** Empty folders with fewer documents in the index, all together, were probably emptied by hand. */
    private static final int MIN_OF_EMPTY_FOLDERS = 10;

    static final UnseenDocuments NONE = new UnseenDocuments(List.of(), List.of());

    /**
     * Compares an index with a scan.
     *
     * @param prune whether documents below empty folders and broken links count as deleted
     */
    static UnseenDocuments of(List<IndexEntry> entries, List<? extends Document> documents, List<Gap> gaps, boolean prune) {
        if (gaps.isEmpty() || entries.isEmpty()) return NONE;
        Map<String, Gap> gapById = new HashMap<>();
        for (Gap gap : gaps) gapById.put(gap.id(), gap);
        Set<String> seen = new HashSet<>();
        for (Document document : documents) seen.add(document.id());

        Map<Gap, List<Integer>> rowsByGap = new LinkedHashMap<>();
        for (int row = 0; row < entries.size(); row++) {
            String id = entries.get(row).id();
            Gap gap = seen.contains(id) ? null : gapAbove(id, gapById);
            if (gap != null) rowsByGap.computeIfAbsent(gap, key -> new ArrayList<>()).add(row);
        }

        int belowEmpty = rowsByGap.entrySet().stream()
                .filter(entry -> entry.getKey().kind() == Gap.Kind.EMPTY)
                .mapToInt(entry -> entry.getValue().size())
                .sum();
        List<Integer> rows = new ArrayList<>();
        List<IndexReport.Kept> kept = new ArrayList<>();
        rowsByGap.forEach((gap, below) -> {
            boolean isRefused = gap.kind() == Gap.Kind.UNREADABLE;
            boolean isLink = gap.kind() == Gap.Kind.BROKEN_LINK;
            if (!isRefused && (prune || !isLink && belowEmpty < MIN_OF_EMPTY_FOLDERS)) return;
            rows.addAll(below);
            if (!isRefused) kept.add(new IndexReport.Kept(gap.id(), below.size(), isLink));
        });
        rows.sort(null);
        return new UnseenDocuments(rows, kept);
    }

    /** The gap at an id or at the nearest folder above it, or null. */
    private static Gap gapAbove(String id, Map<String, Gap> gaps) {
        for (String path = id;; path = path.substring(0, Math.max(0, path.lastIndexOf('/')))) {
            Gap gap = gaps.get(path);
            if (gap != null || path.isEmpty()) return gap;
        }
    }
}
