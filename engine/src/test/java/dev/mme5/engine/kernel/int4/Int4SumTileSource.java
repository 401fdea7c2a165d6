package dev.mme5.engine.kernel.int4;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes {@code Int4SumTiles}, the part of {@link Int4TileSource} for the micro-kernel: one method for each number of tokens from 1 to 12.
 */
final class Int4SumTileSource {
    /** Tokens of the tiles in one file, so that files stay short. */
    private static final int[][] RANGES = {{1, 8}, {9, 12}};

    private Int4SumTileSource() {}

    /** Content by file name. */
    static Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        for (int[] range : RANGES) files.put("Int4SumTiles" + range[0] + "To" + range[1] + ".java", file(range[0], range[1]));
        return files;
    }

    private static String file(int least, int most) {
        StringBuilder text = new StringBuilder(HEAD.formatted(least, most, least, most, least, most));
        for (int tokens = least; tokens <= most; tokens++) {
            String label = tokens == most ? "default" : "case " + tokens;
            text.append("            ").append(label).append(" -> tokens").append(tokens).append(ARGUMENTS);
        }
        text.append("        }\n    }\n");
        for (int tokens = least; tokens <= most; tokens++) method(text, tokens);
        return text.append("}\n").toString();
    }

    private static void method(StringBuilder text, int tokens) {
        text.append("\n    private static void tokens").append(tokens).append(PARAMETERS);
        for (int i = 0; i < tokens; i++) {
            text.append("        ShortVector a%d = (ShortVector) IntVector.broadcast(INT, zeros[%d]).reinterpretShape(SHORT, 0);%n"
                    .formatted(i, i));
            text.append("        ShortVector b%d = a%d;%n".formatted(i, i));
        }
        text.append(LOOP);
        for (int i = 0; i < tokens; i++) {
            String x = "x[k * TOKENS" + (i == 0 ? "" : " + " + i) + "]";
            text.append("            ShortVector x%d = (ShortVector) IntVector.broadcast(INT, %s).reinterpretShape(SHORT, 0);%n"
                    .formatted(i, x));
            text.append("            a%d = a%d.add(a.mul(x%d));%n".formatted(i, i, i));
            text.append("            b%d = b%d.add(b.mul(x%d));%n".formatted(i, i, i));
        }
        text.append("        }\n");
        for (int i = 0; i < tokens; i++) {
            text.append("        a%d.intoArray(sums, sumsOffset%s);%n".formatted(i, times(i, "PANEL")));
            text.append("        b%d.intoArray(sums, sumsOffset%s + HALF);%n".formatted(i, times(i, "PANEL")));
        }
        text.append("    }\n");
    }

    private static String times(int i, String distance) {
        return i == 0 ? "" : i == 1 ? " + " + distance : " + " + i + " * " + distance;
    }

    private static final String PARAMETERS = "(int[] x, int[] zeros, short[] w, int wOffset, short[] sums, int sumsOffset) {\n";

    private static final String ARGUMENTS = "(x, zeros, w, wOffset, sums, sumsOffset);\n";

    private static final String HEAD = """
            package dev.mme5.engine.kernel.int4;

            import static dev.mme5.engine.kernel.simd.Species.INT;
            import static dev.mme5.engine.kernel.simd.Species.SHORT;

            import jdk.incubator.vector.IntVector;
            import jdk.incubator.vector.ShortVector;

            /** Register tiles of the {@link Int4MicroKernel} for %d to %d tokens, written by {@code Int4TileSource}. */
            final class Int4SumTiles%dTo%d {
                private static final int BLOCK = ActivationQuantizer.BLOCK;
                private static final int PANEL = Int4MicroKernel.PANEL;
                private static final int HALF = PANEL / 2;
                private static final int TOKENS = Int4MicroKernel.TOKENS;

                private Int4SumTiles%dTo%d() {}

                /**
                 * The sums of a block.
                 *
                 * @param x factors, [BLOCK, TOKENS], each in both halves of an int
                 * @param zeros what sums begin with, in the same way
                 * @param w [BLOCK, PANEL]
                 * @param sums receives [tokens, PANEL]
                 */
                static void multiply(int tokens, int[] x, int[] zeros, short[] w, int wOffset, short[] sums, int sumsOffset) {
                    switch (tokens) {
            """;

    private static final String LOOP = """
                    for (int k = 0; k < BLOCK; k++) {
                        ShortVector a = ShortVector.fromArray(SHORT, w, wOffset + k * PANEL);
                        ShortVector b = ShortVector.fromArray(SHORT, w, wOffset + k * PANEL + HALF);
            """;
}
