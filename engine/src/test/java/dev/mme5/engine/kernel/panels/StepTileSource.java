package dev.mme5.engine.kernel.panels;

import java.util.Map;

/**
 * Writes {@code StepBf16Tiles}, the part of {@link TileSource} for 16 registers. They read ahead from one place on, by the same step for
 * every column: a table of places takes registers. As there, the loop counts bytes of the weights and has a second variable for x.
 *
 * <p>The number of instructions limits these tiles, so that of up to 5 tokens takes two columns in an iteration; 6 tokens have no
 * registers for two. C2 loads as early as it can, and if it has more values of x at once than there are registers, it moves sums to the
 * stack. Two forms of the second column prevent that on JDK 25 and 27, found by trying. With up to 4 tokens it is multiplied in reverse
 * order. With 5 it addresses x by a variable of its own, so that its checks are not merged with those of the first column, and takes its
 * second vector late. What is read ahead is an integer, because one instruction adds it.
 */
final class StepTileSource {
    private static final int MIN_TOKENS = 3;
    private static final int MAX_TOKENS = 6;
    private static final String NAME = "StepBf16Tiles" + MIN_TOKENS + "To" + MAX_TOKENS;

    /** Most tokens of a tile that takes two columns at a time. */
    private static final int MAX_PAIRED_TOKENS = 5;

    /** Most tokens whose second column is multiplied in reverse order. */
    private static final int MAX_REVERSED_TOKENS = 4;

    private static final String INDENT = " ".repeat(12);

    private StepTileSource() {}

    /** Content by path. */
    static Map<String, String> files() {
        StringBuilder text = new StringBuilder("""
                package dev.mme5.engine.kernel.panels.tiles;

                import static jdk.incubator.vector.VectorOperators.LSHL;
                import static jdk.incubator.vector.VectorOperators.LSHR;

                import dev.mme5.engine.kernel.simd.PageFaultGuard;
                import dev.mme5.engine.kernel.simd.Species;
                import java.lang.foreign.MemorySegment;
                import java.lang.foreign.ValueLayout;
                import jdk.incubator.vector.FloatVector;
                import jdk.incubator.vector.IntVector;

                /** Register tiles of bfloat16 panels and $min to $max tokens, written by {@code TileSource}; see {@link PanelTiles}. */
                public final class $name {
                    private static final int HALF = PanelTiles.HALF;

                    private $name() {}

                    public static int multiply(
                            int tokens, MemorySegment w, long wOffset, int depth, float[] x, int xOffset,
                            float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride, long ahead, long step) {
                        return switch (tokens) {
                """.replace("$name", NAME).replace("$min", MIN_TOKENS + "").replace("$max", MAX_TOKENS + ""));
        for (int tokens = MIN_TOKENS; tokens <= MAX_TOKENS; tokens++) {
            text.append(INDENT).append(tokens == MAX_TOKENS ? "default" : "case " + tokens).append(" -> tokens").append(tokens)
                    .append("(w, wOffset, depth, x, xOffset, in, inOffset, inStride, out, outOffset, outStride, ahead, step);\n");
        }
        text.append("        };\n    }\n");
        for (int tokens = MIN_TOKENS; tokens <= MAX_TOKENS; tokens++) method(text, tokens);
        return Map.of("tiles/" + NAME + ".java", text.append("}\n").toString());
    }

    private static void method(StringBuilder text, int tokens) {
        text.append("""

                    private static int tokens%d(
                            MemorySegment w, long wOffset, int depth, float[] x, int xOffset,
                            float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride, long ahead, long step) {
                        PageFaultGuard.set();
                """.formatted(tokens));
        TileSource.loadSums(text, tokens);
        text.append("        int touched = 0;\n");
        text.append("        int j = xOffset;\n");
        if (tokens <= MAX_PAIRED_TOKENS) twoColumnsAtATime(text, tokens);
        else oneColumnAtATime(text, tokens);
        TileSource.storeSums(text, tokens);
        text.append("        return touched;\n    }\n");
    }

    /** If the number of columns is odd, the last one follows the loop. */
    private static void twoColumnsAtATime(StringBuilder text, int tokens) {
        boolean reversed = tokens <= MAX_REVERSED_TOKENS;
        if (!reversed) text.append("        int jNext = xOffset + %d;%n".formatted(tokens));
        text.append("        int i = 0;\n");
        text.append("        for (; i < 64 * (depth - 1); i += 128) {\n");
        touch(text, "2 * step");
        column(text, tokens);
        if (reversed) nextColumnReversed(text, tokens);
        else nextColumn(text, tokens);
        line(text, "j += %d;", 2 * tokens);
        text.append("        }\n");
        text.append("        if (i < 64 * depth) {\n");
        column(text, tokens);
        text.append("        }\n");
    }

    private static void oneColumnAtATime(StringBuilder text, int tokens) {
        text.append("        for (int i = 0; i < 64 * depth; i += 64) {\n");
        touch(text, "step");
        column(text, tokens);
        line(text, "j += %d;", tokens);
        text.append("        }\n");
    }

    private static void touch(StringBuilder text, String step) {
        line(text, "touched += w.get(ValueLayout.JAVA_INT_UNALIGNED, ahead);");
        line(text, "ahead += %s;", step);
    }

    private static void column(StringBuilder text, int tokens) {
        load(text, "wOffset + i", "");
        firstVector(text, "");
        secondVector(text, "");
        for (int t = 0; t < tokens; t++) {
            broadcast(text, t, "j", t, "");
            multiply(text, 'a', t, "");
            multiply(text, 'b', t, "");
        }
    }

    private static void nextColumnReversed(StringBuilder text, int tokens) {
        load(text, "wOffset + i + 64", "Next");
        firstVector(text, "Next");
        secondVector(text, "Next");
        for (int t = tokens - 1; t >= 0; t--) {
            broadcast(text, t, "j", tokens + t, "Next");
            multiply(text, 'a', t, "Next");
            multiply(text, 'b', t, "Next");
        }
    }

    private static void nextColumn(StringBuilder text, int tokens) {
        load(text, "wOffset + i + 64", "Next");
        firstVector(text, "Next");
        for (int t = 0; t < tokens; t++) {
            broadcast(text, t, "jNext", t, "Next");
            multiply(text, 'a', t, "Next");
        }
        secondVector(text, "Next");
        for (int t = 0; t < tokens; t++) multiply(text, 'b', t, "Next");
        line(text, "jNext += %d;", 2 * tokens);
    }

    private static void load(StringBuilder text, String place, String next) {
        line(text, "IntVector pairs%s = IntVector.fromMemorySegment(Species.INT, w, %s, Species.FILE_ORDER);", next, place);
    }

    private static void firstVector(StringBuilder text, String next) {
        line(text, "FloatVector a%s = (FloatVector) pairs%s.lanewise(LSHL, 16).reinterpretShape(Species.FLOAT, 0);", next, next);
    }

    /** By two shifts: a mask would need a register of its own. */
    private static void secondVector(StringBuilder text, String next) {
        line(text, "IntVector high%s = pairs%s.lanewise(LSHR, 16).lanewise(LSHL, 16);", next, next);
        line(text, "FloatVector b%s = (FloatVector) high%s.reinterpretShape(Species.FLOAT, 0);", next, next);
    }

    private static void broadcast(StringBuilder text, int token, String index, int offset, String next) {
        line(text, "FloatVector x%d%s = FloatVector.broadcast(Species.FLOAT, x[%s%s]);", token, next, index,
                offset == 0 ? "" : " + " + offset);
    }

    private static void multiply(StringBuilder text, char vector, int token, String next) {
        line(text, "%1$c%2$d = %1$c%3$s.fma(x%2$d%3$s, %1$c%2$d);", vector, token, next);
    }

    private static void line(StringBuilder text, String format, Object... arguments) {
        text.append(INDENT).append(format.formatted(arguments)).append('\n');
    }
}
