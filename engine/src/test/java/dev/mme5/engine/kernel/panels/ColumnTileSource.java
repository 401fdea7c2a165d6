package dev.mme5.engine.kernel.panels;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes the tiles of whole columns, the part of {@link TileSource} for one or two tokens where a column is four vectors of 8 floats.
 * Tiles two vectors wide would read a panel twice, each time every second 16 or 32 bytes, and have too few sums to hide the latency of a
 * multiply-add. With three tokens there are too few registers.
 */
final class ColumnTileSource {
    private static final String FOLDER = "tiles";

    private static final int MAX_TOKENS = 2;

    /** Vectors of a column: of rows 0, 8, 16, and 24 on. */
    private static final String[] VECTORS = {"a", "b", "c", "d"};

    private static final int LANES = 8;

    private static final String PARAMETERS = """
                        $first$weights, int depth, float[] x, int xOffset,
                        float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride, long ahead, int[] order) {
            """;

    private static final String ARGUMENTS =
            "w, wOffset, $scalesdepth, x, xOffset, in, inOffset, inStride, out, outOffset, outStride,\n"
                    + "                    ahead, order);\n";

    private ColumnTileSource() {}

    /** Content by path. */
    static Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        for (boolean int8 : new boolean[] {false, true}) files.put("%s/%s.java".formatted(FOLDER, name(int8)), file(int8));
        return files;
    }

    private static String name(boolean int8) {
        return (int8 ? "Int8" : "Bf16") + "ColumnTiles";
    }

    private static String file(boolean int8) {
        StringBuilder text = new StringBuilder("package dev.mme5.engine.kernel.panels.tiles;\n\n");
        String operators = "import static jdk.incubator.vector.VectorOperators.";
        text.append(int8 ? operators + "B2I;\n" + operators + "I2F;\n\n" : operators + "LSHL;\n\n");
        text.append("""
                import dev.mme5.engine.kernel.simd.PageFaultGuard;
                import dev.mme5.engine.kernel.simd.Species;
                import java.lang.foreign.MemorySegment;
                import java.lang.foreign.ValueLayout;
                $importBytesimport jdk.incubator.vector.FloatVector;
                $importInts
                /** Register tiles of whole columns of %s panels, written by {@code TileSource}; {@link PanelTiles} explains them. */
                public final class %s {
                """.formatted(int8 ? "8-bit" : "bfloat16", name(int8))
                .replace("$importBytes", int8 ? "import jdk.incubator.vector.ByteVector;\n" : "")
                .replace("$importInts", int8 ? "" : "import jdk.incubator.vector.IntVector;\n"));
        if (int8) text.append("    private static final int GROUP = PanelTiles.GROUP;\n\n");
        text.append("    private ").append(name(int8)).append("() {}\n\n");
        text.append("    /** @param tokens 1 or 2 */\n");
        text.append("    public static int multiply(\n").append(parameters(int8, "int tokens, "));
        String arguments = ARGUMENTS.replace("$scales", int8 ? "scales, scalesOffset, " : "");
        text.append("        return switch (tokens) {\n            case 1 -> tokens1(").append(arguments);
        text.append("            default -> tokens2(").append(arguments).append("        };\n    }\n");
        for (int tokens = 1; tokens <= MAX_TOKENS; tokens++) method(text, int8, tokens);
        return text.append("}\n").toString();
    }

    private static String parameters(boolean int8, String first) {
        String scales = int8 ? ", float[] scales, int scalesOffset" : "";
        return PARAMETERS.replace("$first", first).replace("$weights", "MemorySegment w, long wOffset" + scales);
    }

    private static void method(StringBuilder text, boolean int8, int tokens) {
        text.append("\n    private static int tokens%d(%n".formatted(tokens)).append(parameters(int8, ""));
        text.append("        PageFaultGuard.set();\n");
        for (int t = 0; t < tokens; t++) {
            for (int v = 0; v < VECTORS.length; v++) {
                text.append("        FloatVector %s%d = FloatVector.fromArray(Species.FLOAT, in, inOffset%s%s);%n".formatted(
                        VECTORS[v], t, t == 0 ? "" : " + inStride", plus(v * LANES)));
            }
        }
        text.append("        int touched = 0;\n");
        if (int8) {
            groups(text, tokens);
        } else {
            text.append("        for (int k = 0; k < depth; k++) {\n");
            body(text, false, tokens, "            ");
            text.append("        }\n");
        }
        for (int t = 0; t < tokens; t++) {
            for (int v = 0; v < VECTORS.length; v++) {
                text.append("        %s%d.intoArray(out, outOffset%s%s);%n".formatted(
                        VECTORS[v], t, t == 0 ? "" : " + outStride", plus(v * LANES)));
            }
        }
        text.append("        return touched;\n    }\n");
    }

    /** All columns, in groups that share scales. */
    private static void groups(StringBuilder text, int tokens) {
        text.append("""
                        for (int from = 0; from < depth; from += GROUP) {
                            int to = Math.min(depth, from + GROUP);
                            int s = scalesOffset + from / GROUP * 2 * PanelTiles.HALF;
                """);
        for (int v = 0; v < VECTORS.length; v++) {
            text.append("            FloatVector s%s = FloatVector.fromArray(Species.FLOAT, scales, s%s);%n".formatted(
                    VECTORS[v], plus(v * LANES)));
        }
        text.append("            for (int k = from; k < to; k++) {\n");
        body(text, true, tokens, "                ");
        text.append("            }\n        }\n");
    }

    private static void body(StringBuilder text, boolean int8, int tokens, String indent) {
        text.append(indent).append("touched += w.get(ValueLayout.JAVA_BYTE, ahead + order[k]);\n");
        (int8 ? int8Columns() : BF16_COLUMN).lines().forEach(line -> text.append(indent).append(line).append('\n'));
        for (int t = 0; t < tokens; t++) {
            String index = tokens == 1 ? "k" : tokens + " * k" + plus(t);
            text.append(indent).append("FloatVector x%d = FloatVector.broadcast(Species.FLOAT, x[xOffset + %s]);%n".formatted(t, index));
            for (String v : VECTORS) text.append(indent).append("%s%d = %s.fma(x%d, %s%d);%n".formatted(v, t, v, t, v, t));
        }
    }

    private static final String BF16_COLUMN = """
            IntVector p = IntVector.fromMemorySegment(Species.INT, w, wOffset + 64L * k, Species.FILE_ORDER);
            IntVector q = IntVector.fromMemorySegment(Species.INT, w, wOffset + 64L * k + 32, Species.FILE_ORDER);
            FloatVector a = p.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector b = q.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector c = p.and(0xffff0000).reinterpretAsFloats();
            FloatVector d = q.and(0xffff0000).reinterpretAsFloats();
            """;

    private static String int8Columns() {
        StringBuilder text = new StringBuilder();
        for (int v = 0; v < VECTORS.length; v++) {
            text.append("""
                    ByteVector c$v = ByteVector.fromMemorySegment(Species.SOME_BYTES, w, wOffset + 32L * k$offset, Species.FILE_ORDER);
                    FloatVector $v = ((FloatVector) c$v.convertShape(B2I, Species.INT, 0).convert(I2F, 0)).mul(s$v);
                    """.replace("$v", VECTORS[v]).replace("$offset", plus(v * LANES)));
        }
        return text.toString();
    }

    private static String plus(int i) {
        return i == 0 ? "" : " + " + i;
    }
}
