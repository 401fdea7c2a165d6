package dev.mme5.tokenizer.normalizer;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings long runs of combining marks into canonical order, before the JDK normalises them. The JDK moves each mark to its place for
 * itself, which takes time that grows with the square of a run's length: minutes for one of a hundred thousand.
 */
final class MarkOrder {
    private static final int LONG_RUN = 256;

    private static final String LOWEST_CLASS = "\u0334";    // 1
    private static final String HIGHEST_CLASS = "\u0345";   // 240

    private MarkOrder() {}

    /** A text with the same normal form. */
    static String ordered(String text, Form form) {
        StringBuilder out = new StringBuilder();
        int done = 0;
        for (int from = 0; from < text.length();) {
            int to = endOfMarks(text, from);
            if (to - from > LONG_RUN) {
                appendOrdered(text.substring(from, to), form, out.append(text, done, from));
                done = to;
            }
            from = to == from ? text.offsetByCodePoints(from, 1) : to;
        }
        return done == 0 ? text : out.append(text, done, text.length()).toString();
    }

    private static int endOfMarks(String text, int from) {
        int end = from;
        while (end < text.length() && isMark(text.codePointAt(end))) end = text.offsetByCodePoints(end, 1);
        return end;
    }

    /** Every character whose decomposition begins with one that may move: marks, and two letters of half width that become marks. */
    private static boolean isMark(int c) {
        if (c < 0x300) return false;
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK -> true;
            default -> c == 0xFF9E || c == 0xFF9F;
        };
    }

    private static void appendOrdered(String run, Form form, StringBuilder out) {
        int[] marks = decomposed(run, form);
        Map<Integer, Integer> places = places(marks);
        List<StringBuilder> byPlace = new ArrayList<>();
        for (int i = Collections.max(places.values()); i >= 0; i--) byPlace.add(new StringBuilder());
        for (int mark : marks) {
            int place = places.get(mark);
            if (place == 0) flush(byPlace, out);   // it does not move, and none moves across it
            byPlace.get(place).appendCodePoint(mark);
        }
        flush(byPlace, out);
    }

    private static void flush(List<StringBuilder> byPlace, StringBuilder out) {
        for (StringBuilder marks : byPlace) {
            out.append(marks);
            marks.setLength(0);
        }
    }

    private static int[] decomposed(String run, Form form) {
        Form decomposing = form == Form.NFC || form == Form.NFD ? Form.NFD : Form.NFKD;
        Map<Integer, int[]> known = new HashMap<>();
        return run.codePoints().flatMap(c -> Arrays.stream(known.computeIfAbsent(
                c, mark -> Normalizer.normalize(Character.toString(mark), decomposing).codePoints().toArray()))).toArray();
    }

    /** The place of each mark among the classes that occur; 0 for marks that do not move. */
    private static Map<Integer, Integer> places(int[] marks) {
        Map<Integer, Integer> places = new HashMap<>();
        List<String> moving = new ArrayList<>();
        for (int mark : marks) {
            String text = Character.toString(mark);
            if (places.putIfAbsent(mark, 0) == null && (swap(HIGHEST_CLASS, text) || swap(text, LOWEST_CLASS))) moving.add(text);
        }
        moving.sort((a, b) -> swap(a, b) ? 1 : swap(b, a) ? -1 : 0);
        int place = 1;
        for (int i = 0; i < moving.size(); i++) {
            if (i > 0 && swap(moving.get(i), moving.get(i - 1))) place++;
            places.put(moving.get(i).codePointAt(0), place);
        }
        return places;
    }

    /** Whether the second of two marks goes before the first. */
    private static boolean swap(String first, String second) {
        return !first.equals(second) && Normalizer.normalize(first + second, Form.NFD).equals(second + first);
    }
}
