package dev.mme5.engine.kernel.panels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes the sources of the register tiles: for each type of weight, one method for each number of tokens from 1 to 12. They differ in
 * nothing but that number, and C2 keeps sums in registers only if each has a variable of its own. As a program it replaces the files;
 * {@link TileSourceTest} fails if the files differ from what it writes.
 */
public final class TileSource {
    static final Path FOLDER = Path.of("src/main/java/dev/mme5/engine/kernel/panels/tiles");

    /** Tokens of the tiles in one file, so that files stay short. */
    private static final int[][] RANGES = {{1, 8}, {9, 12}};

    private static final int[][] INT8_RANGES = {{1, 6}, {7, 9}, {10, 12}};

    private TileSource() {}

    public static void main(String[] args) throws IOException {
        for (Map.Entry<String, String> file : files().entrySet()) Files.writeString(FOLDER.resolve(file.getKey()), file.getValue());
    }

    /** Content by file name. */
    static Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        for (Type type : Type.values()) {
            for (int[] range : type.ranges())
                files.put(type.className(range) + ".java", type.file(range[0], range[1]));
        }
        return files;
    }

    /** A type of weight: how a column of a panel becomes two vectors of floats, a and b. */
    private enum Type {
        BF16("Bf16", "bfloat16", """
                IntVector pairs = IntVector.fromMemorySegment(Species.INT, w, wOffset + 64L * k, Species.FILE_ORDER);
                FloatVector a = pairs.lanewise(LSHL, 16).reinterpretAsFloats();
                FloatVector b = pairs.and(0xffff0000).reinterpretAsFloats();
                """),
        F32("F32", "float32", """
                FloatVector a = FloatVector.fromMemorySegment(Species.FLOAT, w, wOffset + 128L * k, Species.FILE_ORDER);
                FloatVector b = FloatVector.fromMemorySegment(Species.FLOAT, w, wOffset + 128L * k + 64, Species.FILE_ORDER);
                """),
        /** Not through a segment: C2 makes loads slow where segments of two classes are read, such as a file and native memory. */
        ARRAY("Array", "float32 (in an array)", """
                FloatVector a = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k);
                FloatVector b = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k + HALF);
                """),
        /** Without reading ahead, which takes a sixth of the instructions, and of tokens as they are, not turned. */
        NEAR("Near", "near float32", """
                FloatVector a = FloatVector.fromArray(Species.FLOAT, w, base + 32 * k);
                FloatVector b = FloatVector.fromArray(Species.FLOAT, w, base + 32 * k + HALF);
                """),
        INT8("Int8", "8-bit", """
                ByteVector ca = ByteVector.fromMemorySegment(Species.SOME_BYTES, w, wOffset + 32L * k, Species.FILE_ORDER);
                ByteVector cb = ByteVector.fromMemorySegment(Species.SOME_BYTES, w, wOffset + 32L * k + HALF, Species.FILE_ORDER);
                int s = scalesOffset + (k >> 6) * 2 * HALF;
                FloatVector a = ((FloatVector) ca.convertShape(B2I, INT, 0).convert(I2F, 0)).mul(FloatVector.fromArray(FLOAT, scales, s));
                FloatVector b = ((FloatVector) cb.convertShape(B2I, INT, 0).convert(I2F, 0))
                        .mul(FloatVector.fromArray(FLOAT, scales, s + HALF));
                """);

        private final String prefix;
        private final String description;
        private final String load;

        Type(String prefix, String description, String load) {
            this.prefix = prefix;
            this.description = description;
            this.load = load;
        }

        int[][] ranges() {
            return switch (this) {
                case INT8 -> INT8_RANGES;
                default -> RANGES;
            };
        }

        private boolean inArray() {
            return this == ARRAY || this == NEAR;
        }

        String className(int[] range) {
            return prefix + "Tiles" + range[0] + "To" + range[1];
        }

        String file(int least, int most) {
            StringBuilder text = new StringBuilder("package dev.mme5.engine.kernel.panels.tiles;\n\n");
            if (this == BF16) text.append("import static jdk.incubator.vector.VectorOperators.LSHL;\n\n");
            if (this == INT8) text.append("import static dev.mme5.engine.kernel.simd.Species.FLOAT;\n");
            if (this == INT8) text.append("import static dev.mme5.engine.kernel.simd.Species.INT;\n");
            if (this == INT8) text.append("import static jdk.incubator.vector.VectorOperators.B2I;\n");
            if (this == INT8) text.append("import static jdk.incubator.vector.VectorOperators.I2F;\n\n");
            if (!inArray()) text.append("import dev.mme5.engine.kernel.simd.PageFaultGuard;\n");
            text.append("import dev.mme5.engine.kernel.simd.Species;\n");
            if (!inArray()) text.append("import java.lang.foreign.MemorySegment;\n");
            if (readsAhead() && this != ARRAY) text.append("import java.lang.foreign.ValueLayout;\n");
            if (this == INT8) text.append("import jdk.incubator.vector.ByteVector;\n");
            text.append("import jdk.incubator.vector.FloatVector;\n");
            if (this == BF16) text.append("import jdk.incubator.vector.IntVector;\n");
            String range = least + " to " + most;
            text.append("\n/** Register tiles of ").append(description).append(" panels and ").append(range)
                    .append(" tokens, written by {@code TileSource}; {@link PanelTiles} explains them. */\n");
            text.append("public final class ").append(className(new int[] {least, most})).append(" {\n");
            text.append("    private static final int HALF = PanelTiles.HALF;\n");
            if (this == NEAR) text.append("    private static final int DEPTH = PanelTiles.NEAR_DEPTH;\n");
            if (this == ARRAY) text.append("    private static final int MASK = PanelTiles.STREAMS - 1;\n");
            if (this == ARRAY) text.append("    private static final int SHIFT = PanelTiles.STREAMS_SHIFT;\n");
            text.append('\n');
            text.append("    private ").append(className(new int[] {least, most})).append("() {}\n\n");
            String result = readsAhead() ? "int" : "void";
            text.append("    public static ").append(result).append(" multiply(\n").append(parameters("int tokens, "));
            text.append(readsAhead() ? "        return switch (tokens) {\n" : "        switch (tokens) {\n");
            for (int tokens = least; tokens <= most; tokens++) {
                String label = tokens == most ? "default" : "case " + tokens;
                text.append("            ").append(label).append(" -> tokens").append(tokens)
                        .append(arguments());
            }
            text.append(readsAhead() ? "        };\n    }\n" : "        }\n    }\n");
            for (int tokens = least; tokens <= most; tokens++) method(text, tokens);
            return text.append("}\n").toString();
        }

        /** Whether a tile also touches weights that are needed later. */
        private boolean readsAhead() {
            return this != F32 && this != NEAR;
        }

        private String parameters(String first) {
            return switch (this) {
                case BF16 -> AHEAD_PARAMETERS.formatted(first, "MemorySegment w, long wOffset", "long ahead, int[] order");
                case INT8 -> SCALED_PARAMETERS.formatted(first);
                case F32 -> PARAMETERS.formatted(first, "MemorySegment w, long wOffset");
                case NEAR -> NEAR_PARAMETERS.formatted(first);
                case ARRAY -> AHEAD_PARAMETERS.formatted(first, "float[] w, int wOffset", "int ahead, int stream, int step");
            };
        }

        private String arguments() {
            return switch (this) {
                case BF16 -> ARGUMENTS.replace("outStride", "outStride, ahead, order");
                case ARRAY -> ARGUMENTS.replace("outStride", "outStride, ahead, stream, step");
                case INT8 -> SCALED_ARGUMENTS;
                case F32 -> ARGUMENTS;
                case NEAR -> ARGUMENTS.replace("inStride", "inStride, bias, biasOffset");
            };
        }

        private void method(StringBuilder text, int tokens) {
            text.append("\n    private static ").append(readsAhead() ? "int" : "void");
            text.append(" tokens").append(tokens).append("(\n").append(parameters(""));
            if (!inArray()) text.append("        PageFaultGuard.set();\n");
            for (int i = 0; i < tokens; i++) {
                String row = plus("inOffset", i, "inStride");
                text.append("        FloatVector a%d = FloatVector.fromArray(Species.FLOAT, in, %s);%n".formatted(i, row));
                text.append("        FloatVector b%d = FloatVector.fromArray(Species.FLOAT, in, %s + HALF);%n".formatted(i, row));
            }
            if (this == NEAR) nearColumns(text, tokens);
            else columns(text, tokens);
            for (int i = 0; i < tokens; i++) {
                String row = plus("outOffset", i, "outStride");
                String biased = this == NEAR ? "%s%d.add(%sBias)" : "%s%d";
                text.append("        %s.intoArray(out, %s);%n".formatted(biased.formatted("a", i, "a"), row));
                text.append("        %s.intoArray(out, %s + HALF);%n".formatted(biased.formatted("b", i, "b"), row));
            }
            text.append(readsAhead() ? "        return touched;\n    }\n" : "    }\n");
        }

        /** A loop over single columns. */
        private void columns(StringBuilder text, int tokens) {
            if (readsAhead()) text.append("        int touched = 0;\n");
            text.append("        for (int k = 0; k < depth; k++) {\n");
            if (readsAhead()) text.append(this == ARRAY ? TOUCH_ARRAY : TOUCH);
            load.lines().forEach(line -> text.append("            ").append(line).append('\n'));
            for (int i = 0; i < tokens; i++) {
                String index = "xOffset + " + (tokens == 1 ? "" : tokens + " * ") + "k" + (i == 0 ? "" : " + " + i);
                text.append("            FloatVector x%d = FloatVector.broadcast(Species.FLOAT, x[%s]);%n".formatted(i, index));
                text.append("            a%d = a.fma(x%d, a%d);%n".formatted(i, i, i));
                text.append("            b%d = b.fma(x%d, b%d);%n".formatted(i, i, i));
            }
            text.append("        }\n");
        }

        /** The same, with one index for weights and tokens, since every instruction counts where all data are near. */
        private void nearColumns(StringBuilder text, int tokens) {
            text.append("        int base = wOffset - 32 * xOffset;\n");
            text.append("        for (int k = xOffset; k < xOffset + depth; k++) {\n");
            text.append(load.indent(12));
            for (int i = 0; i < tokens; i++) {
                String index = "k" + (i == 0 ? "" : i == 1 ? " + DEPTH" : " + " + i + " * DEPTH");
                text.append("            FloatVector x%d = FloatVector.broadcast(Species.FLOAT, x[%s]);%n".formatted(i, index));
                text.append("            a%d = a.fma(x%d, a%d);%n".formatted(i, i, i));
                text.append("            b%d = b.fma(x%d, b%d);%n".formatted(i, i, i));
            }
            text.append("        }\n");
            text.append("        FloatVector aBias = FloatVector.fromArray(Species.FLOAT, bias, biasOffset);\n");
            text.append("        FloatVector bBias = FloatVector.fromArray(Species.FLOAT, bias, biasOffset + HALF);\n");
        }
    }

    private static final String TOUCH = "            touched += w.get(ValueLayout.JAVA_BYTE, ahead + order[k]);\n";

    private static final String TOUCH_ARRAY = "            "
            + "touched += Float.floatToRawIntBits(w[ahead + (k & MASK) * stream + (k >> SHIFT) * step]);\n";

    private static final String AHEAD_PARAMETERS =
            "            %s%s, int depth, float[] x, int xOffset, float[] in, int inOffset,\n"
                    + "            int inStride, float[] out, int outOffset, int outStride, %s) {\n";

    private static final String PARAMETERS = "            %s%s, int depth, float[] x, int xOffset, float[] in,\n"
            + "            int inOffset, int inStride, float[] out, int outOffset, int outStride) {\n";

    private static final String NEAR_PARAMETERS =
            "            %sfloat[] w, int wOffset, int depth, float[] x, int xOffset, float[] in, int inOffset, int inStride,\n"
                    + "            float[] bias, int biasOffset, float[] out, int outOffset, int outStride) {\n";

    private static final String SCALED_PARAMETERS =
            "            %sMemorySegment w, long wOffset, float[] scales, int scalesOffset, int depth, float[] x,\n"
                    + "            int xOffset, float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride,\n"
                    + "            long ahead, int[] order) {\n";

    private static final String ARGUMENTS = "(w, wOffset, depth, x, xOffset, in, inOffset, inStride, out, outOffset, outStride);\n";

    private static final String SCALED_ARGUMENTS =
            "(\n                    w, wOffset, scales, scalesOffset, depth, x, xOffset, in, inOffset, "
                    + "inStride, out, outOffset, outStride, ahead, order);\n";

    private static String plus(String offset, int i, String stride) {
        return switch (i) {
            case 0 -> offset;
            case 1 -> offset + " + " + stride;
            default -> offset + " + " + i + " * " + stride;
        };
    }
}
