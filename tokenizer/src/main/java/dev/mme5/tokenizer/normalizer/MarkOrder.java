package dev.mme5.tokenizer.normalizer;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Brings long runs of combining marks into canonical order, before the JDK normalises them. The JDK moves each mark to its place for
 * itself, which takes time that grows with the square of a run's length: minutes for one of a hundred thousand.
 */
final class MarkOrder {
    private static final int LONG_RUN = 256;

    private MarkOrder() {}

    /** A text with the same normal form. */
    static String ordered(String text, Form form) {
        if (text.length() <= LONG_RUN) return text;
        StringBuilder out = new StringBuilder();
        int done = 0;
        for (int from = 0; from < text.length();) {
            int to = endOfMarks(text, from);
            if (to - from > LONG_RUN && isDisordered(text, from, to)) {
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

    /** Whether marks would move past many: the JDK is faster with others. */
    private static boolean isDisordered(String text, int from, int to) {
        int moving = 0;
        int before = 0;
        boolean descends = false;
        for (int i = from; i < to; i = text.offsetByCodePoints(i, 1)) {
            int place = Marks.place(text.codePointAt(i));
            descends = place != 0 && (descends || place < before);
            moving = place == 0 ? 0 : moving + 1;
            if (descends && moving > LONG_RUN) return true;
            before = place;
        }
        return false;
    }

    private static void appendOrdered(String run, Form form, StringBuilder out) {
        Map<Integer, int[]> decompositions = form == Form.NFC || form == Form.NFD ? Marks.CANONICAL : Marks.COMPATIBLE;
        int[] marks = run.codePoints().flatMap(c -> Marks.place(c) == Marks.DECOMPOSES && decompositions.containsKey(c)
                ? Arrays.stream(decompositions.get(c))
                : IntStream.of(c)).toArray();
        long[] keys = new long[marks.length];   // place, index, mark: equal places keep their order
        int start = 0;
        for (int i = 0; i < marks.length; i++) {
            long place = Math.max(0, Marks.place(marks[i]));
            keys[i] = place << 53 | (long) i << 21 | marks[i];
            if (place == 0) {   // it does not move, and none moves across it
                Arrays.sort(keys, start, i);
                start = i + 1;
            }
        }
        Arrays.sort(keys, start, keys.length);
        for (long key : keys) out.appendCodePoint((int) key & 0x1F_FFFF);
    }

    /** What the JDK does to marks, found by asking it once, when the first long run comes. */
    private static final class Marks {
        static final int DECOMPOSES = -1;

        private static final String LOWEST_CLASS = "\u0334";    // 1
        private static final String HIGHEST_CLASS = "\u0345";   // 240

        private static final int[] ALL = IntStream.rangeClosed(0, Character.MAX_CODE_POINT).filter(MarkOrder::isMark).toArray();

        /** Of the marks that are not their own decomposition. */
        static final Map<Integer, int[]> CANONICAL = decompositions(Form.NFD);
        static final Map<Integer, int[]> COMPATIBLE = decompositions(Form.NFKD);

        private static final byte[] PLACES = places();

        /** The place of a mark's class, from 1; 0 if the mark does not move. */
        static int place(int mark) {
            return mark < PLACES.length ? PLACES[mark] : 0;
        }

        private static Map<Integer, int[]> decompositions(Form form) {
            Map<Integer, int[]> decompositions = new HashMap<>();
            for (int mark : ALL) {
                String text = Character.toString(mark);
                String decomposed = Normalizer.normalize(text, form);
                if (!decomposed.equals(text)) decompositions.put(mark, decomposed.codePoints().toArray());
            }
            return decompositions;
        }

        private static byte[] places() {
            StringBuilder moving = new StringBuilder();
            for (int mark : ALL) {
                String text = Character.toString(mark);
                if (!COMPATIBLE.containsKey(mark) && (swap(HIGHEST_CLASS, text) || swap(text, LOWEST_CLASS))) moving.append(text);
            }
            byte[] places = new byte[ALL[ALL.length - 1] + 1];
            COMPATIBLE.keySet().forEach(mark -> places[mark] = DECOMPOSES);
            byte place = 1;
            String before = LOWEST_CLASS;
            for (int mark : Normalizer.normalize(moving, Form.NFD).codePoints().toArray()) {
                String text = Character.toString(mark);
                if (swap(text, before)) place++;
                places[mark] = place;
                before = text;
            }
            return places;
        }

        /** Whether the second of two marks goes before the first. */
        private static boolean swap(String first, String second) {
            return !first.equals(second) && Normalizer.normalize(first + second, Form.NFD).equals(second + first);
        }
    }
}
