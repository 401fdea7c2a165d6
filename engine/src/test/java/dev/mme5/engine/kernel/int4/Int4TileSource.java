package dev.mme5.engine.kernel.int4;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes the sources of the register tiles of 4-bit panels: one method for each number of tokens from 1 to 11. As a program it replaces
 * the files; {@link Int4TileSourceTest} fails if the files differ from what it writes.
 */
final class Int4TileSource {
    static final Path FOLDER = Path.of("src/main/java/dev/mme5/engine/kernel/int4");

    /** Tokens of the tiles in one file, so that files stay short. */
    private static final int[][] RANGES = {{1, 5}, {6, 8}, {9, 11}};

    /** Columns of one load. */
    private static final int COLUMNS = 4;

    /** Loads of a block. */
    private static final int QUADS = 8;

    private Int4TileSource() {}

    public static void main(String[] args) throws IOException {
        for (Map.Entry<String, String> file : files().entrySet()) Files.writeString(FOLDER.resolve(file.getKey()), file.getValue());
    }

    /** Content by file name. */
    static Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        for (int[] range : RANGES) files.put("Int4Tiles" + range[0] + "To" + range[1] + ".java", file(range[0], range[1]));
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
        if (tokens == 1) whole(text);
        text.append("\n    private static int ").append(tokens == 1 ? "rest1" : "tokens" + tokens).append("(\n");
        text.append(PARAMETERS.formatted("").replace("int xOffset", "int j").replace("sumsOffset", "s"));
        text.append(START);
        text.append("        for (int from = 0; from < length; from += BLOCK) {\n");
        text.append("            int to = Math.min(length, from + BLOCK);\n");
        zeros(text, tokens);
        text.append("            j += %d;%n".formatted(tokens));
        text.append("            for (int i = from; i < to; i += STEP) {\n");
        columns(text, tokens, "                ", "IntVector ", "i", 0);
        text.append("                j += %d;%n            }%n".formatted(COLUMNS * tokens));
        sums(text, tokens);
        text.append("        return touched;\n    }\n");
    }

    /** One token: a block is written out, because entering a loop takes as long as the block. */
    private static void whole(StringBuilder text) {
        text.append("\n    private static int tokens1(\n");
        text.append(PARAMETERS.formatted("").replace("int xOffset", "int j").replace("sumsOffset", "s"));
        text.append("        PageFaultGuard.set();\n");
        text.append("        int whole = length / BLOCK * BLOCK;\n");
        text.append("        for (int from = 0; from < whole; from += BLOCK) {\n");
        zeros(text, 1);
        for (int quad = 0; quad < QUADS; quad++) {
            String at = quad == 0 ? "from" : "from + " + quad + " * STEP";
            columns(text, 1, "            ", quad == 0 ? "IntVector " : "", at, 1 + quad * COLUMNS);
        }
        text.append("            j += 1 + 32;\n");
        sums(text, 1);
        text.append("        return whole == length ? 0 : rest1(x, j, w, wOffset + whole, length - whole, sums, s, ahead);\n    }\n");
    }

    private static void zeros(StringBuilder text, int tokens) {
        for (int i = 0; i < tokens; i++) text.append("            ShortVector s%d = %s;%n".formatted(i, broadcast(i)));
    }

    private static void columns(StringBuilder text, int tokens, String indent, String type, String at, int first) {
        String lines = first > 0 ? FOUR.substring(FOUR.indexOf('\n') + 1) : FOUR;
        text.append(lines.replace("$type", type).replace("$short", type.isEmpty() ? "" : "ShortVector ").replace("$at", at)
                .indent(indent.length()));
        for (int column = 0; column < COLUMNS; column++) {
            for (int i = 0; i < tokens; i++) {
                String x = broadcast(first + column * tokens + i);
                text.append(indent).append("s%d = s%d.add(w%d.mul(%s));%n".formatted(i, i, column, x));
            }
        }
    }

    private static void sums(StringBuilder text, int tokens) {
        for (int i = 0; i < tokens; i++) {
            text.append("            s%d.intoArray(sums, %s);%n".formatted(i, i == 0 ? "s" : "s + " + (i == 1 ? "" : i + " * ") + "LANES"));
        }
        text.append("            s += %sLANES;%n        }%n".formatted(tokens == 1 ? "" : tokens + " * "));
    }

    private static String broadcast(int index) {
        return "IntVector.broadcast(INT, x[%s]).reinterpretAsShorts()".formatted(index == 0 ? "j" : "j + " + index);
    }

    private static final String HEAD = """
            package dev.mme5.engine.kernel.int4;

            import static dev.mme5.engine.kernel.simd.Species.FILE_ORDER;
            import static dev.mme5.engine.kernel.simd.Species.INT;
            import static jdk.incubator.vector.VectorOperators.LSHR;

            import dev.mme5.engine.kernel.simd.PageFaultGuard;
            import java.lang.foreign.MemorySegment;
            import java.lang.foreign.ValueLayout;
            import jdk.incubator.vector.IntVector;
            import jdk.incubator.vector.ShortVector;

            /** Register tiles of 4-bit panels and %d to %d tokens, written by {@code Int4TileSource}; {@link Int4Tiles} explains them. */
            final class Int4Tiles%dTo%d {
                private static final int MASK = Int4Tiles.MASK;
                private static final int LANES = Int4Tiles.LANES;
                private static final int STEP = Int4Tiles.STEP;
                private static final int BLOCK = Int4Tiles.BLOCK_BYTES;

                private Int4Tiles%dTo%d() {}

            """;

    private static final String PARAMETERS = """
                        %sint[] x, int xOffset, MemorySegment w, long wOffset, int length, short[] sums, int sumsOffset, long ahead) {
            """;

    private static final String ARGUMENTS = "(x, xOffset, w, wOffset, length, sums, sumsOffset, ahead);\n";

    private static final String START = """
                    PageFaultGuard.set();
                    int touched = 0;
            """;

    private static final String FOUR = """
            touched += w.get(ValueLayout.JAVA_BYTE, ahead + $at);
            $typefour = IntVector.fromMemorySegment(INT, w, wOffset + $at, FILE_ORDER);
            $shortw0 = four.and(MASK).reinterpretAsShorts();
            $shortw1 = four.lanewise(LSHR, 4).and(MASK).reinterpretAsShorts();
            $shortw2 = four.lanewise(LSHR, 8).and(MASK).reinterpretAsShorts();
            $shortw3 = four.lanewise(LSHR, 12).and(MASK).reinterpretAsShorts();
            """;
}
