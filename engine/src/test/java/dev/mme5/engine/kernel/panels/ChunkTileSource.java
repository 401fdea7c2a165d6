package dev.mme5.engine.kernel.panels;

import dev.mme5.engine.kernel.panels.tiles.PanelTiles;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes {@code ChunkTiles}, the part of {@link TileSource} for tokens that lie at a constant distance, so that one register addresses
 * all of them. Two columns at a time, because every instruction counts where all data are near.
 *
 * <p>C2 would load all values of both columns at the beginning of an iteration, for which there are no registers with many tokens. Fences,
 * which on x86 are no instructions, prevent that. Tiles of few tokens have some where there are 16 registers, one after each token:
 * without them 6 tokens take three times as long there. Elsewhere they have none: vectors of 128 and 256 bits, the usual ones of AArch64,
 * where a fence is an instruction, use no others. With 6 tokens the second vector of the second column comes late, because C2 of JDK 27
 * loads that column before it has multiplied the last token of the first one. Loads in methods of their own would be boxed, because C2
 * stops inlining in methods so large; and C1 gives up if there are too many bytecodes, so what is used most comes first in the parameters.
 */
final class ChunkTileSource {
    private static final String FOLDER = "near";

    /** The tiles that read ahead, of all numbers of tokens that at least three groups have. They are for vectors of 8 or 4 floats. */
    private static final String AHEAD = "AheadChunkTiles";

    private static final int[] AHEAD_RANGE = {4, 6};

    /** Tokens of the tiles in one file, so that files stay short. */
    private static final int[][] RANGES = {{1, 5}, {6, 8}, {9, 10}, {11, 12}};

    private static final int COLUMNS = PanelTiles.CHUNK_COLUMNS;

    /** Tokens after which there is a fence. */
    private static final int FENCE = 4;

    /** Most tokens of a tile without fences but for few registers: the largest tile of narrow vectors. */
    private static final int MAX_UNFENCED_TOKENS = 6;

    private static final String FENCE_FOR_FEW = "            if (Species.FEW_REGISTERS) VarHandle.loadLoadFence();\n";

    /** After the first token: where the loop begins, C2 of JDK 27 moves twice as many counters to the stack with 5 tokens. */
    private static final String READ_AHEAD = """
                        touched += Float.floatToRawIntBits(w[ahead]);
                        ahead += step;
            """;

    /** Fewest tokens that 16 registers are too few for. */
    private static final int MIN_FENCED_TOKENS = 4;

    private ChunkTileSource() {}

    /** Content by path. */
    static Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        for (int[] range : RANGES) files.put("%s/%s.java".formatted(FOLDER, name(range)), file(range));
        files.put("tiles/" + AHEAD + ".java", aheadFile());
        return files;
    }

    private static String name(int[] range) {
        return "ChunkTiles%dTo%d".formatted(range[0], range[1]);
    }

    private static String file(int[] range) {
        StringBuilder text = new StringBuilder("""
                package dev.mme5.engine.kernel.panels.near;

                import dev.mme5.engine.kernel.panels.tiles.PanelTiles;
                import dev.mme5.engine.kernel.simd.Species;
                import java.lang.invoke.VarHandle;
                import jdk.incubator.vector.FloatVector;
                import jdk.incubator.vector.VectorSpecies;

                /** Register tiles of chunks of %d to %d tokens, written by {@code TileSource}; {@link PanelTiles} explains them. */
                final class $name {
                    private static final int HALF = PanelTiles.HALF;
                    private static final int DEPTH = PanelTiles.CHUNK_DEPTH;

                    private $name() {}

                    static void multiply(
                            int tokens, float[] w, int wOffset, int depth, float[] x, int xOffset, float[] in, int inOffset, int inStride,
                            float[] bias, int biasOffset, float[] out, int outOffset, int outStride) {
                        int end = wOffset + 32 * depth;
                        switch (tokens) {
                """.formatted(range[0], range[1]).replace("$name", name(range)));
        for (int tokens = range[0]; tokens <= range[1]; tokens++) {
            String label = tokens == range[1] ? "default" : "case " + tokens;
            text.append("            %s -> tokens%d(x, in, out, xOffset, w, wOffset, end, inOffset, inStride, bias, biasOffset, "
                    .formatted(label, tokens)).append("outOffset, outStride);\n");
        }
        text.append("""
                        }
                    }
                """);
        for (int tokens = range[0]; tokens <= range[1]; tokens++) method(text, tokens, false);
        return text.append("}\n").toString();
    }

    private static String aheadFile() {
        StringBuilder text = new StringBuilder("""
                package dev.mme5.engine.kernel.panels.tiles;

                import dev.mme5.engine.kernel.simd.Species;
                import java.lang.invoke.VarHandle;
                import jdk.incubator.vector.FloatVector;
                import jdk.incubator.vector.VectorSpecies;

                /** {@code ChunkTiles} of %d to %d tokens that read ahead, written by {@code TileSource}; see {@link PanelTiles}. */
                public final class $name {
                    private static final int HALF = PanelTiles.HALF;
                    private static final int DEPTH = PanelTiles.CHUNK_DEPTH;

                    private $name() {}

                    public static int multiply(
                            int tokens, float[] w, int wOffset, int depth, float[] x, int xOffset, float[] in, int inOffset, int inStride,
                            float[] bias, int biasOffset, float[] out, int outOffset, int outStride, int ahead, int step) {
                        int end = wOffset + 32 * depth;
                        return switch (tokens) {
                """.formatted(AHEAD_RANGE[0], AHEAD_RANGE[1]).replace("$name", AHEAD));
        for (int tokens = AHEAD_RANGE[0]; tokens <= AHEAD_RANGE[1]; tokens++) {
            String label = tokens == AHEAD_RANGE[1] ? "default" : "case " + tokens;
            text.append(
                    "            %s -> tokens%d(x, in, out, xOffset, w, wOffset, end, inOffset, inStride, bias, biasOffset, outOffset,\n"
                            .formatted(label, tokens))
                    .append("                    outStride, ahead, step);\n");
        }
        text.append("""
                        };
                    }
                """);
        for (int tokens = AHEAD_RANGE[0]; tokens <= AHEAD_RANGE[1]; tokens++) method(text, tokens, true);
        return text.append("}\n").toString();
    }

    private static void method(StringBuilder text, int tokens, boolean reading) {
        text.append("""

                    private static %s tokens%d(
                            float[] x, float[] in, float[] out, int xOffset, float[] w, int wOffset, int end, int inOffset, int inStride,
                            float[] bias, int biasOffset, int outOffset, int outStride%s) {
                        VectorSpecies<Float> species = Species.FLOAT;
                """.formatted(reading ? "int" : "void", tokens, reading ? ", int ahead, int step" : ""));
        for (int t = 0; t < tokens; t++) {
            text.append("        FloatVector a%d = FloatVector.fromArray(species, in, inOffset);%n".formatted(t));
            text.append("        FloatVector b%d = FloatVector.fromArray(species, in, inOffset + HALF);%n".formatted(t));
            if (t + 1 < tokens) text.append("        inOffset += inStride;\n");
        }
        if (reading) text.append("        int touched = 0;\n");
        text.append("        for (; wOffset < end; wOffset += %d) {%n".formatted(32 * COLUMNS));
        for (int column = 0; column < COLUMNS; column++) column(text, tokens, column, reading && column == 0);
        text.append("            xOffset += %d;%n".formatted(COLUMNS));
        text.append("        }\n");
        text.append("        FloatVector aBias = FloatVector.fromArray(species, bias, biasOffset);\n");
        text.append("        FloatVector bBias = FloatVector.fromArray(species, bias, biasOffset + HALF);\n");
        for (int t = 0; t < tokens; t++) {
            text.append("        a%d.add(aBias).intoArray(out, outOffset);%n".formatted(t));
            text.append("        b%d.add(bBias).intoArray(out, outOffset + HALF);%n".formatted(t));
            if (t + 1 < tokens) text.append("        outOffset += outStride;\n");
        }
        text.append(reading ? "        return touched;\n    }\n" : "    }\n");
    }

    private static void column(StringBuilder text, int tokens, int column, boolean reading) {
        String suffix = column == 0 ? "" : "Next";
        boolean late = column > 0 && tokens == MAX_UNFENCED_TOKENS;
        text.append("            FloatVector a%s = FloatVector.fromArray(species, w, wOffset%s);%n".formatted(suffix, plus(32 * column)));
        if (!late) loadSecond(text, column, suffix);
        for (int t = 0; t < tokens; t++) {
            String distance = t == 0 ? "" : t == 1 ? " + DEPTH" : " + " + t + " * DEPTH";
            String x = "x" + t + suffix;
            text.append(
                    "            FloatVector %s = FloatVector.broadcast(species, x[xOffset%s%s]);%n".formatted(x, distance, plus(column)));
            text.append("            a%d = a%s.fma(%s, a%d);%n".formatted(t, suffix, x, t));
            if (late && t == 0) {
                text.append(FENCE_FOR_FEW);
                continue;
            }
            if (late && t == 1) {
                text.append(FENCE_FOR_FEW);
                loadSecond(text, column, suffix);
                text.append("            b0 = b%s.fma(x0%s, b0);%n".formatted(suffix, suffix));
            }
            text.append("            b%d = b%s.fma(%s, b%d);%n".formatted(t, suffix, x, t));
            if (tokens > MAX_UNFENCED_TOKENS) {
                if (t % FENCE == FENCE - 1) text.append("            VarHandle.loadLoadFence();\n");
            } else if (tokens >= MIN_FENCED_TOKENS) {
                text.append(FENCE_FOR_FEW);
            }
            if (reading && t == 0) text.append(READ_AHEAD);
        }
    }

    private static void loadSecond(StringBuilder text, int column, String suffix) {
        text.append("            FloatVector b%s = FloatVector.fromArray(species, w, wOffset%s + HALF);%n".formatted(suffix,
                plus(32 * column)));
    }

    private static String plus(int i) {
        return i == 0 ? "" : " + " + i;
    }
}
