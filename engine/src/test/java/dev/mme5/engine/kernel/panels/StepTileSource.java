package dev.mme5.engine.kernel.panels;

import java.util.Map;

/**
 * Writes {@code StepBf16Tiles}, the part of {@link TileSource} for 16 registers. They read ahead from one place on, by the same step for
 * every column: a table of places takes registers.
 *
 * <p>Up to 5 tokens they take two columns in an iteration. What limits them is the number of instructions, of which a loop of one column
 * and 4 tokens has 37 for 8 multiply-adds; two columns have 58 for 16. C2 loads as early as it can, and must not have more values of x at
 * once than there are registers, or it moves sums to the stack. Both forms of a second column that prevent it were found by trying, on
 * JDK 25 and 27: up to 4 tokens multiplies them in reverse order; 5 address x by a variable of its own, so that its checks are not merged
 * with those of the first column, and take the second vector late. What is read ahead is an integer, because adding it takes one
 * instruction. 6 tokens have no registers for two columns.
 */
final class StepTileSource {
    static final String NAME = "StepBf16Tiles3To6";
    private static final int LEAST = 3;
    private static final int MOST = 6;

    /** Most tokens of a tile that takes two columns at a time. */
    private static final int MOST_WITH_PAIRS = 5;

    /** Most tokens whose second column is multiplied in reverse order. */
    private static final int MOST_REVERSED = 4;

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

                /** Register tiles of bfloat16 panels and %d to %d tokens, written by {@code TileSource}; {@link PanelTiles} explains them. */
                public final class %s {
                    private static final int HALF = PanelTiles.HALF;

                    private %s() {}

                    public static int multiply(
                            int tokens, MemorySegment w, long wOffset, int depth, float[] x, int xOffset,
                            float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride, long ahead, long step) {
                        return switch (tokens) {
                """.formatted(LEAST, MOST, NAME, NAME));
        for (int tokens = LEAST; tokens <= MOST; tokens++) {
            text.append(
                    "            %s -> tokens%d(w, wOffset, depth, x, xOffset, in, inOffset, inStride, out, outOffset, outStride, ahead, step);\n"
                            .formatted(tokens == MOST ? "default" : "case " + tokens, tokens));
        }
        text.append("        };\n    }\n");
        for (int tokens = LEAST; tokens <= MOST; tokens++) method(text, tokens);
        return Map.of("tiles/" + NAME + ".java", text.append("}\n").toString());
    }

    private static void method(StringBuilder text, int tokens) {
        text.append("""

                    private static int tokens%d(
                            MemorySegment w, long wOffset, int depth, float[] x, int xOffset,
                            float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride, long ahead, long step) {
                        PageFaultGuard.set();
                """.formatted(tokens));
        for (int i = 0; i < tokens; i++) {
            String row = TileSource.plus("inOffset", i, "inStride");
            text.append("        FloatVector a%d = FloatVector.fromArray(Species.FLOAT, in, %s);%n".formatted(i, row));
            text.append("        FloatVector b%d = FloatVector.fromArray(Species.FLOAT, in, %s + HALF);%n".formatted(i, row));
        }
        text.append("        int touched = 0;\n");
        text.append("        int j = xOffset;\n");
        if (tokens <= MOST_WITH_PAIRS) pairs(text, tokens);
        else columns(text, tokens);
        for (int i = 0; i < tokens; i++) {
            String row = TileSource.plus("outOffset", i, "outStride");
            text.append("        a%d.intoArray(out, %s);%n".formatted(i, row));
            text.append("        b%d.intoArray(out, %s + HALF);%n".formatted(i, row));
        }
        text.append("        return touched;\n    }\n");
    }

    /** Two columns in an iteration, and one at the end if their number is odd. */
    private static void pairs(StringBuilder text, int tokens) {
        boolean reversed = tokens <= MOST_REVERSED;
        if (!reversed) text.append("        int l = xOffset + %d;%n".formatted(tokens));
        text.append("        int i = 0;\n");
        text.append("        for (; i < 64 * (depth - 1); i += 128) {\n");
        touch(text, "2 * step");
        weights(text, "wOffset + i", 'a', 'b', "pairs", "high");
        for (int t = 0; t < tokens; t++) {
            broadcast(text, "x" + t, "j" + (t == 0 ? "" : " + " + t));
            multiply(text, 'a', 'a', "x" + t, t);
            multiply(text, 'b', 'b', "x" + t, t);
        }
        if (reversed) {
            weights(text, "wOffset + i + 64", 'c', 'd', "nextPairs", "nextHigh");
            for (int t = tokens - 1; t >= 0; t--) {
                broadcast(text, "y" + t, "j + " + (tokens + t));
                multiply(text, 'a', 'c', "y" + t, t);
                multiply(text, 'b', 'd', "y" + t, t);
            }
        } else {
            load(text, "wOffset + i + 64", "nextPairs");
            low(text, 'c', "nextPairs");
            for (int t = 0; t < tokens; t++) {
                broadcast(text, "y" + t, "l" + (t == 0 ? "" : " + " + t));
                multiply(text, 'a', 'c', "y" + t, t);
            }
            high(text, 'd', "nextPairs", "nextHigh");
            for (int t = 0; t < tokens; t++) multiply(text, 'b', 'd', "y" + t, t);
            text.append("            l += %d;%n".formatted(2 * tokens));
        }
        text.append("            j += %d;%n".formatted(2 * tokens));
        text.append("        }\n");
        text.append("        if (i < 64 * depth) {\n");
        column(text, tokens);
        text.append("        }\n");
    }

    private static void columns(StringBuilder text, int tokens) {
        text.append("        for (int i = 0; i < 64 * depth; i += 64) {\n");
        touch(text, "step");
        column(text, tokens);
        text.append("            j += %d;%n".formatted(tokens));
        text.append("        }\n");
    }

    private static void column(StringBuilder text, int tokens) {
        weights(text, "wOffset + i", 'a', 'b', "pairs", "high");
        for (int t = 0; t < tokens; t++) {
            broadcast(text, "x" + t, "j" + (t == 0 ? "" : " + " + t));
            multiply(text, 'a', 'a', "x" + t, t);
            multiply(text, 'b', 'b', "x" + t, t);
        }
    }

    private static void touch(StringBuilder text, String step) {
        text.append("            touched += w.get(ValueLayout.JAVA_INT_UNALIGNED, ahead);\n");
        text.append("            ahead += %s;%n".formatted(step));
    }

    private static void weights(StringBuilder text, String column, char low, char high, String pairs, String upper) {
        load(text, column, pairs);
        low(text, low, pairs);
        high(text, high, pairs, upper);
    }

    private static void load(StringBuilder text, String column, String pairs) {
        text.append("            IntVector %s = IntVector.fromMemorySegment(Species.INT, w, %s, Species.FILE_ORDER);%n"
                .formatted(pairs, column));
    }

    private static void low(StringBuilder text, char vector, String pairs) {
        text.append("            FloatVector %s = (FloatVector) %s.lanewise(LSHL, 16).reinterpretShape(Species.FLOAT, 0);%n"
                .formatted(vector, pairs));
    }

    /** By two shifts: a mask would need a register of its own. */
    private static void high(StringBuilder text, char vector, String pairs, String high) {
        text.append("            IntVector %s = %s.lanewise(LSHR, 16).lanewise(LSHL, 16);%n".formatted(high, pairs));
        text.append("            FloatVector %s = (FloatVector) %s.reinterpretShape(Species.FLOAT, 0);%n".formatted(vector, high));
    }

    private static void broadcast(StringBuilder text, String name, String index) {
        text.append("            FloatVector %s = FloatVector.broadcast(Species.FLOAT, x[%s]);%n".formatted(name, index));
    }

    private static void multiply(StringBuilder text, char sum, char weight, String x, int token) {
        text.append("            %s%d = %s.fma(%s, %s%d);%n".formatted(sum, token, weight, x, sum, token));
    }
}
