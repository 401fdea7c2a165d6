package dev.mme5.engine.kernel.panels;

import java.util.Map;

/**
 * Writes the tiles of whole columns of bfloat16, the part of {@link TileSource} for one or two tokens where a column is four vectors of 8
 * floats. Tiles two vectors wide would read a panel twice, each time every second 32 bytes, and have too few sums to hide the latency of a
 * multiply-add. With three tokens there are too few registers.
 */
final class ColumnTileSource {
    private static final String NAME = "Bf16ColumnTiles";

    private static final int MAX_TOKENS = 2;

    /** Vectors of a column: of rows 0, 8, 16, and 24 on. */
    private static final String[] VECTORS = {"a", "b", "c", "d"};

    private static final int LANES = 8;

    private static final String PARAMETERS = """
                        $firstMemorySegment w, long wOffset, int depth, float[] x, int xOffset,
                        float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride, long ahead, int[] order) {
            """;

    private static final String ARGUMENTS =
            "w, wOffset, depth, x, xOffset, in, inOffset, inStride, out, outOffset, outStride,\n"
                    + "                    ahead, order);\n";

    private ColumnTileSource() {}

    /** Content by path. */
    static Map<String, String> files() {
        return Map.of("tiles/" + NAME + ".java", file());
    }

    private static String file() {
        StringBuilder text = new StringBuilder("package dev.mme5.engine.kernel.panels.tiles;\n\n");
        text.append("import static jdk.incubator.vector.VectorOperators.LSHL;\n\n");
        text.append("""
                import dev.mme5.engine.kernel.simd.PageFaultGuard;
                import dev.mme5.engine.kernel.simd.Species;
                import java.lang.foreign.MemorySegment;
                import java.lang.foreign.ValueLayout;
                import jdk.incubator.vector.FloatVector;
                import jdk.incubator.vector.IntVector;

                /** Register tiles of whole columns of bfloat16 panels, written by {@code TileSource}; {@link PanelTiles} explains them. */
                public final class %s {
                """.formatted(NAME));
        text.append("    private ").append(NAME).append("() {}\n\n");
        text.append("    /** @param tokens 1 or 2 */\n");
        text.append("    public static int multiply(\n").append(parameters("int tokens, "));
        text.append("        return switch (tokens) {\n            case 1 -> tokens1(").append(ARGUMENTS);
        text.append("            default -> tokens2(").append(ARGUMENTS).append("        };\n    }\n");
        for (int tokens = 1; tokens <= MAX_TOKENS; tokens++) method(text, tokens);
        return text.append("}\n").toString();
    }

    private static String parameters(String first) {
        return PARAMETERS.replace("$first", first);
    }

    private static void method(StringBuilder text, int tokens) {
        text.append("\n    private static int tokens%d(%n".formatted(tokens)).append(parameters(""));
        text.append("        PageFaultGuard.set();\n");
        for (int t = 0; t < tokens; t++) {
            for (int v = 0; v < VECTORS.length; v++) {
                text.append("        FloatVector %s%d = FloatVector.fromArray(Species.FLOAT, in, inOffset%s%s);%n".formatted(
                        VECTORS[v], t, t == 0 ? "" : " + inStride", plus(v * LANES)));
            }
        }
        text.append("        int touched = 0;\n");
        text.append("        for (int k = 0; k < depth; k++) {\n");
        body(text, tokens, "            ");
        text.append("        }\n");
        for (int t = 0; t < tokens; t++) {
            for (int v = 0; v < VECTORS.length; v++) {
                text.append("        %s%d.intoArray(out, outOffset%s%s);%n".formatted(
                        VECTORS[v], t, t == 0 ? "" : " + outStride", plus(v * LANES)));
            }
        }
        text.append("        return touched;\n    }\n");
    }

    private static void body(StringBuilder text, int tokens, String indent) {
        text.append(indent).append("touched += w.get(ValueLayout.JAVA_BYTE, ahead + order[k]);\n");
        COLUMN.lines().forEach(line -> text.append(indent).append(line).append('\n'));
        for (int t = 0; t < tokens; t++) {
            String index = tokens == 1 ? "k" : tokens + " * k" + plus(t);
            text.append(indent).append("FloatVector x%d = FloatVector.broadcast(Species.FLOAT, x[xOffset + %s]);%n".formatted(t, index));
            for (String v : VECTORS) text.append(indent).append("%s%d = %s.fma(x%d, %s%d);%n".formatted(v, t, v, t, v, t));
        }
    }

    private static final String COLUMN = """
            IntVector p = IntVector.fromMemorySegment(Species.INT, w, wOffset + 64L * k, Species.FILE_ORDER);
            IntVector q = IntVector.fromMemorySegment(Species.INT, w, wOffset + 64L * k + 32, Species.FILE_ORDER);
            FloatVector a = (FloatVector) p.lanewise(LSHL, 16).reinterpretShape(Species.FLOAT, 0);
            FloatVector b = (FloatVector) q.lanewise(LSHL, 16).reinterpretShape(Species.FLOAT, 0);
            FloatVector c = (FloatVector) p.and(0xffff0000).reinterpretShape(Species.FLOAT, 0);
            FloatVector d = (FloatVector) q.and(0xffff0000).reinterpretShape(Species.FLOAT, 0);
            """;

    private static String plus(int i) {
        return i == 0 ? "" : " + " + i;
    }
}
