package dev.mme5.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that a misspelt command or option was meant to be. */
final class Suggestions {
    /** More edits than these are another word. */
    private static final int MAX_EDITS = 2;

    private Suggestions() {}

    /** The closest name, if it differs by few edits. */
    static Optional<String> closest(String misspelt, Collection<String> names) {
        return names.stream()
                .filter(name -> edits(misspelt, name) <= Math.min(MAX_EDITS, (name.length() - 1) / 2))
                .min(Comparator.comparingInt((String name) -> edits(misspelt, name)).thenComparing(name -> name));
    }

    /** Number of inserted, deleted, replaced and swapped characters (optimal string alignment distance). */
    static int edits(String a, String b) {
        int[][] distance = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    distance[i][j] = i + j;
                    continue;
                }
                int replaced = distance[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                distance[i][j] = Math.min(replaced, 1 + Math.min(distance[i - 1][j], distance[i][j - 1]));
                boolean isSwap = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (isSwap) distance[i][j] = Math.min(distance[i][j], 1 + distance[i - 2][j - 2]);
            }
        }
        return distance[a.length()][b.length()];
    }
}
