package dev.mme5.engine.kernel.panels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes the sources of the register tiles: for each type of weight and each number of tokens from 1 to 12, one method that reads ahead
 * and one that does not. They differ in nothing but that number, and C2 keeps sums in registers only if each has a variable of its own. As
 * a program it replaces the files, also those of the generators for other forms of tiles; {@link TileSourceTest} fails if the files differ
 * from what it writes.
 *
 * <p>The loop that reads nothing ahead counts bytes or floats of the weights, and has a second variable for x. C2 of JDK 25 and 27 then
 * removes the checks of the weights and merges those of x into two. Were x addressed by the column, JDK 27 would widen each of its indices
 * to 64 bits on its own, and with 12 tokens spill sums.
 */
public final class TileSource {
    static final Path FOLDER = Path.of("src/main/java/dev/mme5/engine/kernel/panels");

    /** Tokens of the tiles in one file, so that files stay short. */
    private static final int[][] RANGES = {{1, 8}, {9, 12}};

    /** Of longer tiles: those of 8 bits, and of bfloat16 that read ahead. */
    private static final int[][] SHORT_RANGES = {{1, 6}, {7, 9}, {10, 12}};

    private TileSource() {}

    public static void main(String[] args) throws IOException {
        for (Map.Entry<String, String> file : files().entrySet()) Files.writeString(FOLDER.resolve(file.getKey()), file.getValue());
    }

    /** Content by path. */
    static Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        for (Type type : Type.values()) {
            int[][] ranges = type == Type.INT8 ? SHORT_RANGES : RANGES;
            for (int[] range : ranges) add(files, new Tiles(type, false, range[0], range[1]));
            if (type == Type.F32) continue;
            for (int[] range : type == Type.BF16 ? SHORT_RANGES : ranges) add(files, new Tiles(type, true, range[0], range[1]));
        }
        files.putAll(StepTileSource.files());
        files.putAll(ColumnTileSource.files());
        files.putAll(ChunkTileSource.files());
        return files;
    }

    private static void add(Map<String, String> files, Tiles tiles) {
        files.put(tiles.folder() + "/" + tiles.name() + ".java", tiles.file());
    }

    /** A type of weight: how a column of a panel becomes two vectors of floats, a and b. */
    private enum Type {
        /** A mask would need a register of its own. */
        BF16("Bf16", "bfloat16", 64, """
                IntVector pairs = IntVector.fromMemorySegment(Species.INT, w, $column, Species.FILE_ORDER);
                FloatVector a = (FloatVector) pairs.lanewise(LSHL, 16).reinterpretShape(Species.FLOAT, 0);
                IntVector high = Species.FEW_REGISTERS ? pairs.lanewise(LSHR, 16).lanewise(LSHL, 16) : pairs.and(0xffff0000);
                FloatVector b = (FloatVector) high.reinterpretShape(Species.FLOAT, 0);
                """),
        F32("F32", "float32", 128, """
                FloatVector a = FloatVector.fromMemorySegment(Species.FLOAT, w, $column, Species.FILE_ORDER);
                FloatVector b = FloatVector.fromMemorySegment(Species.FLOAT, w, $column + 64, Species.FILE_ORDER);
                """),
        /** Not through a segment: C2 makes loads slow where segments of two classes are read, such as a file and native memory. */
        ARRAY("Array", "float32 array", 32, """
                FloatVector a = FloatVector.fromArray(Species.FLOAT, w, $column);
                FloatVector b = FloatVector.fromArray(Species.FLOAT, w, $column + HALF);
                """),
        INT8("Int8", "8-bit", 32, """
                ByteVector ca = ByteVector.fromMemorySegment(Species.SOME_BYTES, w, $column, Species.FILE_ORDER);
                ByteVector cb = ByteVector.fromMemorySegment(Species.SOME_BYTES, w, $column + HALF, Species.FILE_ORDER);
                FloatVector a = ((FloatVector) ca.convertShape(B2I, Species.INT, 0).convertShape(I2F, Species.FLOAT, 0)).mul(sa);
                FloatVector b = ((FloatVector) cb.convertShape(B2I, Species.INT, 0).convertShape(I2F, Species.FLOAT, 0)).mul(sb);
                """);

        private final String prefix;
        private final String description;
        private final int step;
        private final String load;

        /** @param step from a column to the next: bytes, or floats of an array */
        Type(String prefix, String description, int step, String load) {
            this.prefix = prefix;
            this.description = description;
            this.step = step;
            this.load = load;
        }

        /** The type of places in w. */
        String place() {
            return this == ARRAY ? "int" : "long";
        }

        /** From a column to the next, of that type. */
        String stepLiteral() {
            return this == ARRAY ? step + "" : step + "L";
        }
    }

    /**
     * The tiles in a file.
     *
     * @param reading whether they read ahead, by a table
     * @param least fewest tokens
     * @param most most tokens
     */
    private record Tiles(Type type, boolean reading, int least, int most) {
        String folder() {
            return reading ? "tiles" : "near";
        }

        String name() {
            return (reading ? "" : "Near") + type.prefix + "Tiles" + least + "To" + most;
        }

        String file() {
            boolean segment = type != Type.ARRAY;
            StringBuilder text = new StringBuilder("package dev.mme5.engine.kernel.panels.").append(folder()).append(";\n\n");
            if (type == Type.BF16) text.append("import static jdk.incubator.vector.VectorOperators.LSHL;\n");
            if (type == Type.BF16) text.append("import static jdk.incubator.vector.VectorOperators.LSHR;\n\n");
            if (type == Type.INT8) text.append("import static jdk.incubator.vector.VectorOperators.B2I;\n");
            if (type == Type.INT8) text.append("import static jdk.incubator.vector.VectorOperators.I2F;\n\n");
            if (!reading) text.append("import dev.mme5.engine.kernel.panels.tiles.PanelTiles;\n");
            if (segment) text.append("import dev.mme5.engine.kernel.simd.PageFaultGuard;\n");
            text.append("import dev.mme5.engine.kernel.simd.Species;\n");
            if (segment) text.append("import java.lang.foreign.MemorySegment;\n");
            if (segment && reading) text.append("import java.lang.foreign.ValueLayout;\n");
            if (type == Type.INT8) text.append("import jdk.incubator.vector.ByteVector;\n");
            text.append("import jdk.incubator.vector.FloatVector;\n");
            if (type == Type.BF16) text.append("import jdk.incubator.vector.IntVector;\n");
            text.append(
                    ("\n/** Register tiles of %s%s panels and %d to %d tokens, written by {@code TileSource}; "
                            + "{@link PanelTiles} explains them. */\n").formatted(reading ? "" : "near ", type.description, least, most));
            text.append("public final class ").append(name()).append(" {\n");
            text.append("    private static final int HALF = PanelTiles.HALF;\n");
            if (type == Type.INT8) text.append("    private static final int GROUP = PanelTiles.GROUP;\n");
            text.append("\n    private ").append(name()).append("() {}\n\n");
            text.append("    public static ").append(result()).append(" multiply(\n").append(parameters("int tokens, "));
            text.append(reading ? "        return switch (tokens) {\n" : "        switch (tokens) {\n");
            for (int tokens = least; tokens <= most; tokens++) {
                String label = tokens == most ? "default" : "case " + tokens;
                text.append("            %s -> tokens%d(%s".formatted(label, tokens, arguments()));
            }
            text.append(reading ? "        };\n    }\n" : "        }\n    }\n");
            for (int tokens = least; tokens <= most; tokens++) method(text, tokens);
            return text.append("}\n").toString();
        }

        private String result() {
            return reading ? "int" : "void";
        }

        private String parameters(String first) {
            String segment = type == Type.ARRAY ? "float[] w, int wOffset" : "MemorySegment w, long wOffset";
            String weights = type == Type.INT8 ? segment + ", float[] scales, int scalesOffset" : segment;
            return """
                                %s%s, int depth, float[] x, int xOffset,
                                float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride%s) {
                    """.formatted(first, weights, reading ? ", " + type.place() + " ahead, int[] order" : "");
        }

        private String arguments() {
            String scales = type == Type.INT8 ? "scales, scalesOffset, " : "";
            return (type == Type.INT8 ? "\n                    " : "") + "w, wOffset, " + scales
                    + "depth, x, xOffset, in, inOffset, inStride, out, outOffset, outStride"
                    + (reading ? ", ahead, order);\n" : ");\n");
        }

        private void method(StringBuilder text, int tokens) {
            text.append("\n    private static ").append(result()).append(" tokens").append(tokens).append("(\n").append(parameters(""));
            if (type != Type.ARRAY) text.append("        PageFaultGuard.set();\n");
            loadSums(text, tokens);
            if (reading) text.append("        int touched = 0;\n");
            if (!countsColumns(tokens)) text.append("        int j = xOffset;\n");
            if (type == Type.INT8 && tokens <= MOST_WITH_SCALES) groups(text, tokens);
            else loop(text, tokens, "        ", "0", "depth");
            storeSums(text, tokens);
            text.append(reading ? "        return touched;\n    }\n" : "    }\n");
        }

        private boolean scalesInLoop(int tokens) {
            return type == Type.INT8 && tokens > MOST_WITH_SCALES;
        }

        /** Whether the loop counts columns, not what it reads of the weights. */
        private boolean countsColumns(int tokens) {
            return reading || scalesInLoop(tokens);
        }

        /** All columns, in groups that share scales. */
        private void groups(StringBuilder text, int tokens) {
            text.append("""
                            for (int from = 0; from < depth; from += GROUP) {
                                int to = Math.min(depth, from + GROUP);
                                int s = scalesOffset + from / GROUP * 2 * HALF;
                                FloatVector sa = FloatVector.fromArray(Species.FLOAT, scales, s);
                                FloatVector sb = FloatVector.fromArray(Species.FLOAT, scales, s + HALF);
                    """);
            loop(text, tokens, "            ", "from", "to");
            text.append("        }\n");
        }

        private void loop(StringBuilder text, int tokens, String indent, String from, String to) {
            String more = indent + "    ";
            int step = type.step;
            if (countsColumns(tokens)) {
                text.append(indent).append("for (int k = %s; k < %s; k++) {%n".formatted(from, to));
                if (reading) text.append(more).append(type == Type.ARRAY ? TOUCH_ARRAY : TOUCH);
                if (scalesInLoop(tokens)) text.append(SCALES.indent(more.length()));
                body(text, tokens, more, "wOffset + %s * k".formatted(type.stepLiteral()), "xOffset + %s * k".formatted(tokens));
            } else {
                String first = from.equals("0") ? "0" : step + " * " + from;
                text.append(indent).append("for (int i = %s; i < %d * %s; i += %d) {%n".formatted(first, step, to, step));
                body(text, tokens, more, "wOffset + i", "j");
                text.append(more).append("j += %d;%n".formatted(tokens));
            }
            text.append(indent).append("}\n");
        }

        private void body(StringBuilder text, int tokens, String indent, String column, String x) {
            type.load.replace("$column", column).lines().forEach(line -> text.append(indent).append(line).append('\n'));
            for (int i = 0; i < tokens; i++) {
                String index = x + (i == 0 ? "" : " + " + i);
                text.append(indent).append("FloatVector x%d = FloatVector.broadcast(Species.FLOAT, x[%s]);%n".formatted(i, index));
                text.append(indent).append("a%d = a.fma(x%d, a%d);%n".formatted(i, i, i));
                text.append(indent).append("b%d = b.fma(x%d, b%d);%n".formatted(i, i, i));
            }
        }
    }

    /** Most tokens beside whose sums C2 keeps scales in registers; with more, each column loads them. */
    private static final int MOST_WITH_SCALES = 11;

    private static final String SCALES = """
            int s = scalesOffset + (k >> 6) * 2 * HALF;
            FloatVector sa = FloatVector.fromArray(Species.FLOAT, scales, s);
            FloatVector sb = FloatVector.fromArray(Species.FLOAT, scales, s + HALF);
            """;

    private static final String TOUCH = "touched += w.get(ValueLayout.JAVA_BYTE, ahead + order[k]);\n";

    private static final String TOUCH_ARRAY = "touched += Float.floatToRawIntBits(w[ahead + order[k]]);\n";

    static void loadSums(StringBuilder text, int tokens) {
        for (int i = 0; i < tokens; i++) {
            String row = plus("inOffset", i, "inStride");
            text.append("        FloatVector a%d = FloatVector.fromArray(Species.FLOAT, in, %s);%n".formatted(i, row));
            text.append("        FloatVector b%d = FloatVector.fromArray(Species.FLOAT, in, %s + HALF);%n".formatted(i, row));
        }
    }

    static void storeSums(StringBuilder text, int tokens) {
        for (int i = 0; i < tokens; i++) {
            String row = plus("outOffset", i, "outStride");
            text.append("        a%d.intoArray(out, %s);%n".formatted(i, row));
            text.append("        b%d.intoArray(out, %s + HALF);%n".formatted(i, row));
        }
    }

    private static String plus(String offset, int i, String stride) {
        return switch (i) {
            case 0 -> offset;
            case 1 -> offset + " + " + stride;
            default -> offset + " + " + i + " * " + stride;
        };
    }
}
