package dev.mme5.weights;

import dev.mme5.json.ModelFormatException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A matrix of floats whose rows lie in panels ({@link WeightPanels}), in a mapped file or in memory. The same numbers as in rows, bit
 * for bit; only their order differs.
 *
 * @param rows of the matrix; the last panel may have more
 * @param panels BF16 or F32 [panels, cols, 32]
 */
public record PanelTensor(int rows, MappedTensor panels) implements WeightMatrix {
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
        Shape expected = WeightPanels.shape(rows, dims.length == 3 ? dims[1] : 0);
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
        Shape shape = WeightPanels.shape(floats.rows(), floats.cols());
        MemorySegment bytes = arena.allocate(floats.dtype().bytes(shape), ALIGNMENT);
        WeightPanels.pack(floats, 0, WeightPanels.count(floats.rows()), bytes);
        return new PanelTensor(floats.rows(), new MappedTensor(source.file(), source.name(), floats.dtype(), shape, bytes.asReadOnly()));
    }

    /**
     * Copies a matrix of floats in rows to panels of F32 in an array, exactly.
     *
     * @param source BF16, F16 or F32 [rows, cols]
     */
    public static PanelTensor copyToArray(MappedTensor source) {
        int cols = source.cols();
        Shape shape = WeightPanels.shape(source.rows(), cols);
        float[] array = new float[Math.toIntExact(shape.elements())];
        float[] row = new float[cols];
        for (int i = 0; i < source.rows(); i++) {
            source.widen(i, row, 0);
            int first = i / WeightPanels.ROWS * cols * WeightPanels.ROWS + i % WeightPanels.ROWS;
            for (int k = 0; k < cols; k++) array[first + k * WeightPanels.ROWS] = row[k];
        }
        return new PanelTensor(source.rows(),
                new MappedTensor(source.file(), source.name(), DType.F32, shape, MemorySegment.ofArray(array)));
    }

    /** The array that holds the panels; null when they are elsewhere. Must not be written to. */
    public float[] array() {
        return panels.bytes().heapBase().orElse(null) instanceof float[] array ? array : null;
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
        return (int) panels.shape().dims()[1];
    }

    @Override
    public void widen(long row, float[] out, int outOffset) {
        if (row < 0 || row >= rows) throw new IndexOutOfBoundsException(name() + ": no row " + row + " of " + rows);
        int cols = cols();
        long panel = row / WeightPanels.ROWS * cols * WeightPanels.ROWS;
        int inPanel = (int) (row % WeightPanels.ROWS);
        if (panels.dtype() == DType.BF16) {
            long first = (panel + WeightPanels.interleaved(inPanel)) * Short.BYTES;
            for (int k = 0; k < cols; k++) {
                out[outOffset + k] =
                        Float.intBitsToFloat(panels.bytes().get(SHORT, first + (long) k * WeightPanels.ROWS * Short.BYTES) << 16);
            }
        } else {
            long first = (panel + inPanel) * Float.BYTES;
            for (int k = 0; k < cols; k++) {
                out[outOffset + k] = panels.bytes().get(FLOAT, first + (long) k * WeightPanels.ROWS * Float.BYTES);
            }
        }
    }

    @Override
    public String toString() {
        return panels.file() + ": " + name() + ": " + panels.dtype() + " [" + rows + ", " + cols() + "] in panels";
    }
}
