package dev.mme5.weights;

import dev.mme5.json.ModelFormatException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A matrix of floats whose rows lie in panels, in a mapped file or in memory. The same numbers as in rows, bit
 * for bit; only their order differs.
 *
 * <p>The order of weights that a kernel reads in one stream: 32 rows of a matrix [rows, cols] form a panel, and a panel holds one column
 * after the other. The last panel is padded with zeros.
 *
 * <p>Within a column, BF16 weights and pairs of INT4 weights come in the order 0, 16, 1, 17, ..., 15, 31, so that 64 bytes, read as 16
 * ints, hold row i in the lower and row 16 + i in the upper half of int i. F32 and INT8 weights come in the order of the rows.
 *
 * @param rows of the matrix; the last panel may have more
 * @param panels BF16 or F32 [panels, cols, 32]
 */
public record PanelTensor(int rows, MappedTensor panels) implements WeightMatrix {
    /** Rows of a panel. */
    public static final int ROWS = 32;

    /** Columns of INT4 weights that lie together: 16 bits for each row. */
    public static final int INT4_COLUMNS = 4;

    private static final int HALF = ROWS / 2;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Of a cache line: vector loads that cross none are faster. */
    private static final int ALIGNMENT = 64;

    /** @throws ModelFormatException if type or shape do not fit */
    public PanelTensor {
        if (panels.dtype() != DType.BF16 && panels.dtype() != DType.F32) {
            throw error(panels, "expected panels of BF16 or F32, found " + panels.dtype());
        }
        long[] dims = panels.shape().dims();
        Shape expected = shape(rows, dims.length == 3 ? dims[1] : 0);
        if (dims.length != 3 || !panels.shape().equals(expected)) {
            throw error(panels, "expected panels of 32 rows for " + rows + " rows, found shape " + panels.shape());
        }
    }

    private static ModelFormatException error(MappedTensor tensor, String problem) {
        return new ModelFormatException(tensor.file(), tensor.name(), problem);
    }

    /**
     * Copies a matrix of floats in rows to panels in memory of the arena. F16 becomes F32, exactly.
     *
     * @param source BF16, F16 or F32 [rows, cols]
     */
    public static PanelTensor copyOf(MappedTensor source, Arena arena) {
        MappedTensor floats = source;
        if (source.dtype() == DType.F16) floats = MappedTensor.ofFloats(source.name(), source.toFloats(), source.rows(), source.cols());
        Shape shape = shape(floats.rows(), floats.cols());
        MemorySegment bytes = arena.allocate(floats.dtype().bytes(shape), ALIGNMENT);
        pack(floats, 0, count(floats.rows()), bytes);
        return new PanelTensor(floats.rows(), new MappedTensor(source.file(), source.name(), floats.dtype(), shape, bytes.asReadOnly()));
    }

    /**
     * Copies a matrix of floats in rows to panels of F32 in a new array, exactly.
     *
     * @param source BF16, F16 or F32 [rows, cols]
     */
    public static PanelTensor copyToArray(MappedTensor source) {
        return copyToArray(source, new float[Math.toIntExact(shape(source.rows(), source.cols()).elements())], 0);
    }

    /**
     * The same, to a part of an array that holds zeros.
     *
     * @param offset of the part
     */
    public static PanelTensor copyToArray(MappedTensor source, float[] array, int offset) {
        int cols = source.cols();
        Shape shape = shape(source.rows(), cols);
        float[] row = new float[cols];
        for (int i = 0; i < source.rows(); i++) {
            source.widen(i, row, 0);
            int first = offset + i / ROWS * cols * ROWS + i % ROWS;
            for (int k = 0; k < cols; k++) array[first + k * ROWS] = row[k];
        }
        MemorySegment bytes = MemorySegment.ofArray(array).asSlice((long) Float.BYTES * offset, Float.BYTES * shape.elements());
        return new PanelTensor(source.rows(), new MappedTensor(source.file(), source.name(), DType.F32, shape, bytes));
    }

    /** The array that holds the panels; null when they are elsewhere. Must not be written to. */
    public float[] array() {
        return panels.bytes().heapBase().orElse(null) instanceof float[] array ? array : null;
    }

    /**
     * Where the panels begin in {@link #array}, in floats; only if that is not null.
     *
     * @throws IllegalStateException if the panels are not in an array of floats
     */
    public int arrayOffset() {
        if (array() == null) throw new IllegalStateException(this + ": expected panels in an array, found them elsewhere");
        return Math.toIntExact(panels.bytes().address() / Float.BYTES);
    }

    @Override
    public String name() {
        return panels.name();
    }

    /** BF16 or F32. */
    public DType dtype() {
        return panels.dtype();
    }

    @Override
    public int cols() {
        return (int) panels.shape().dim(1);
    }

    @Override
    public void widen(long row, float[] out, int outOffset) {
        if (row < 0 || row >= rows) throw new IndexOutOfBoundsException(name() + ": no row " + row + " of " + rows);
        int cols = cols();
        long panel = row / ROWS * cols * ROWS;
        int inPanel = (int) (row % ROWS);
        if (panels.dtype() == DType.BF16) {
            long first = (panel + interleaved(inPanel)) * Short.BYTES;
            for (int k = 0; k < cols; k++) {
                out[outOffset + k] =
                        Float.intBitsToFloat(panels.bytes().get(SHORT, first + (long) k * ROWS * Short.BYTES) << 16);
            }
        } else {
            long first = (panel + inPanel) * Float.BYTES;
            for (int k = 0; k < cols; k++) {
                out[outOffset + k] = panels.bytes().get(FLOAT, first + (long) k * ROWS * Float.BYTES);
            }
        }
    }

    @Override
    public String toString() {
        return panels.file() + ": " + name() + ": " + panels.dtype() + " [" + rows + ", " + cols() + "] in panels";
    }

    /** Number of panels for that many rows. */
    public static int count(long rows) {
        return Math.toIntExact(Math.ceilDiv(rows, ROWS));
    }

    /** Shape of the panels of a matrix of floats: [panels, cols, 32]. */
    public static Shape shape(long rows, long cols) {
        return new Shape(count(rows), cols, ROWS);
    }

    /** Position of a row in a column whose rows are interleaved in two halves. */
    public static int interleaved(int row) {
        return row % HALF * 2 + row / HALF % 2;
    }

    /** Position of the byte of an INT4 weight in its panel, which holds 16 bits, four columns, of each row together. */
    public static int int4Byte(int row, int col) {
        return (col / INT4_COLUMNS * ROWS + interleaved(row)) * Short.BYTES + col % INT4_COLUMNS / 2;
    }

    /**
     * Lays rows of a matrix out in panels.
     *
     * @param source BF16 or F32, [rows, cols]
     * @param from first panel
     * @param to last panel, exclusive
     * @param out receives the panels from its beginning; must hold zeros where the last one is padded
     */
    public static void pack(MappedTensor source, int from, int to, MemorySegment out) {
        int cols = source.cols();
        boolean halves = source.dtype() == DType.BF16;
        int elementBytes = source.dtype().bits() / 8;
        for (int row = from * ROWS; row < Math.min((long) to * ROWS, source.rows()); row++) {
            long in = row * source.rowBytes();
            int position = halves ? interleaved(row % ROWS) : row % ROWS;
            long first = ((long) (row / ROWS - from) * cols * ROWS + position) * elementBytes;
            if (halves) packHalves(source.bytes(), in, out, first, cols);
            else packFloats(source.bytes(), in, out, first, cols);
        }
    }

    private static void packHalves(MemorySegment in, long offset, MemorySegment out, long first, int cols) {
        for (int k = 0; k < cols; k++) out.set(SHORT, first + (long) k * ROWS * Short.BYTES, in.get(SHORT, offset + 2L * k));
    }

    private static void packFloats(MemorySegment in, long offset, MemorySegment out, long first, int cols) {
        for (int k = 0; k < cols; k++) out.set(FLOAT, first + (long) k * ROWS * Float.BYTES, in.get(FLOAT, offset + 4L * k));
    }
}
