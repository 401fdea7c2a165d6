package dev.mme5.engine.kernel.int4;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes the sources of the register tiles of 4-bit panels: one method for each number of tokens from 1 to 8. As a program it replaces the
 * files, also those of {@link Int4SumTileSource}; {@link Int4TileSourceTest} fails if the files differ from what it writes.
 */
final class Int4TileSource {
    static final Path FOLDER = Path.of("src/main/java/dev/mme5/engine/kernel/int4");

    /** Tokens of the tiles in one file, so that files stay short. */
    private static final int[][] RANGES = {{1, 6}, {7, 8}};

    private Int4TileSource() {}

    public static void main(String[] args) throws IOException {
        for (Map.Entry<String, String> file : files().entrySet()) Files.writeString(FOLDER.resolve(file.getKey()), file.getValue());
    }

    /** Content by file name. */
    static Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        for (int[] range : RANGES) files.put("Int4Tiles" + range[0] + "To" + range[1] + ".java", file(range[0], range[1]));
        files.putAll(Int4SumTileSource.files());
        return files;
    }

    private static String file(int least, int most) {
        StringBuilder text = new StringBuilder(HEAD.formatted(least, most, least, most, least, most));
        text.append("    static int multiply(\n").append(PARAMETERS.formatted("int tokens, "));
        text.append("        return switch (tokens) {\n");
        for (int tokens = least; tokens <= most; tokens++) {
            String label = tokens == most ? "default" : "case " + tokens;
            text.append("            ").append(label).append(" -> tokens").append(tokens).append(ARGUMENTS);
        }
        text.append("        };\n    }\n");
        for (int tokens = least; tokens <= most; tokens++) method(text, tokens);
        return text.append("}\n").toString();
    }

    private static void method(StringBuilder text, int tokens) {
        text.append("\n    private static int tokens").append(tokens).append("(\n").append(PARAMETERS.formatted(""));
        text.append("        PageFaultGuard.set();\n");
        for (int i = 0; i < tokens; i++) {
            String index = "first" + (i == 0 ? "" : i == 1 ? " + stride" : " + " + i + " * stride");
            text.append("        FloatVector a%d = FloatVector.broadcast(FLOAT, zeros[%s]), b%d = a%d;%n".formatted(i, index, i, i));
        }
        text.append(LOOP);
        column(text, tokens, 0, "x", "a", "b");
        text.append(ODD_COLUMN);
        column(text, tokens, tokens, "y", "c", "d");
        text.append("        }\n");
        for (int i = 0; i < tokens; i++) {
            text.append("        a%d.intoArray(sums, %s);%n".formatted(i, i == 0 ? "0" : 2 * i + " * COUNT"));
            text.append("        b%d.intoArray(sums, %s);%n".formatted(i, i == 0 ? "COUNT" : 2 * i + 1 + " * COUNT"));
        }
        text.append("        return touched;\n    }\n");
    }

    private static void column(StringBuilder text, int tokens, int first, String x, String lower, String upper) {
        for (int i = 0; i < tokens; i++) {
            String index = "xOffset + " + 2 * tokens + " * k" + (first + i == 0 ? "" : " + " + (first + i));
            text.append("            FloatVector %s%d = FloatVector.broadcast(FLOAT, x[%s]);%n".formatted(x, i, index));
            text.append("            a%d = %s.fma(%s%d, a%d);%n".formatted(i, lower, x, i, i));
            text.append("            b%d = %s.fma(%s%d, b%d);%n".formatted(i, upper, x, i, i));
        }
    }

    private static final String HEAD = """
            package dev.mme5.engine.kernel.int4;

            import static dev.mme5.engine.kernel.simd.Species.COUNT;
            import static dev.mme5.engine.kernel.simd.Species.FLOAT;
            import static jdk.incubator.vector.VectorOperators.LSHL;
            import static jdk.incubator.vector.VectorOperators.LSHR;

            import dev.mme5.engine.kernel.simd.PageFaultGuard;
            import dev.mme5.engine.kernel.simd.Species;
            import java.lang.foreign.MemorySegment;
            import java.lang.foreign.ValueLayout;
            import jdk.incubator.vector.FloatVector;
            import jdk.incubator.vector.IntVector;

            /** Register tiles of 4-bit panels and %d to %d tokens, written by {@code Int4TileSource}; {@link Int4Tiles} explains them. */
            final class Int4Tiles%dTo%d {
                private Int4Tiles%dTo%d() {}

            """;

    private static final String PARAMETERS = """
                        %sMemorySegment w, long wOffset, int pairs, float[] x, int xOffset, float[] zeros, int first, int stride,
                        float[] sums, long ahead, int step) {
            """;

    private static final String ARGUMENTS = "(w, wOffset, pairs, x, xOffset, zeros, first, stride, sums, ahead, step);\n";

    private static final String LOOP = """
                    int touched = 0;
                    for (int k = 0; k < pairs; k++) {
                        touched += w.get(ValueLayout.JAVA_BYTE, ahead + k * step);
                        long from = wOffset + 64L * (k >> 1) + (k & 1);
                        IntVector pair = IntVector.fromMemorySegment(Species.INT, w, from, Species.FILE_ORDER);
                        IntVector lower = pair.lanewise(LSHL, 12);
                        IntVector upper = pair.lanewise(LSHR, 4);
                        FloatVector a = (FloatVector) lower.and(0xf000).or(0x45000000).reinterpretShape(Species.FLOAT, 0);
                        FloatVector b = (FloatVector) upper.and(0xf000).or(0x45000000).reinterpretShape(Species.FLOAT, 0);
            """;

    private static final String ODD_COLUMN = """
                        FloatVector c = (FloatVector) lower.and(0xf0000).or(0x43000000).reinterpretShape(Species.FLOAT, 0);
                        FloatVector d = (FloatVector) upper.and(0xf0000).or(0x43000000).reinterpretShape(Species.FLOAT, 0);
            """;
}
