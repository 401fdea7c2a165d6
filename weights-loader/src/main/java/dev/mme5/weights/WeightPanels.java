package dev.mme5.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The order of weights that a kernel reads in one stream: 32 rows of a matrix [rows, cols] form a panel, and a panel holds one column
 * after the other. The last panel is padded with zeros.
 *
 * <p>Within a column, BF16 weights and pairs of INT4 weights come in the order 0, 16, 1, 17, ..., 15, 31, so that 64 bytes, read as 16
 * ints, hold row i in the lower and row 16 + i in the upper half of int i. F32 and INT8 weights come in the order of the rows.
 */
public final class WeightPanels {
    /** Rows of a panel. */
    public static final int ROWS = 32;

    /** Columns of INT4 weights that lie together: 16 bits for each row. */
    public static final int INT4_COLUMNS = 4;

    private static final int HALF = ROWS / 2;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private WeightPanels() {}

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
