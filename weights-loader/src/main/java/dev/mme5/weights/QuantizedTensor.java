package dev.mme5.weights;

import dev.mme5.json.ModelFormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A matrix of integers with scales in its mapped file. Weight (r, k) is code(r, k) times the scale of its group, and that scale is
 * {@code scales[k / group][r] * rowScales[r]}, each product rounded to float32.
 *
 * @param scheme bits of a code and size of a group
 * @param cols weights in a row
 * @param codes I8 [rows, cols], or U8 [rows, cols / 2]: two codes plus 8 in a byte, the first in the lower four bits; or the same in
 *     panels ({@link PanelTensor}), I8 [panels, cols, 32] or U8 [panels, cols / 4, 64]
 * @param scales I8 [groups, rows]
 * @param rowScales F32 [rows], from 0 to {@link QuantizationScheme#maxRowScale}
 */
public record QuantizedTensor(QuantizationScheme scheme, int cols, MappedTensor codes, MappedTensor scales, MappedTensor rowScales)
        implements
            WeightMatrix {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The stored value of the 4-bit code 0. */
    public static final int INT4_ZERO = 8;

    /** @throws ModelFormatException if types or shapes do not fit together, or the scale of a row is out of range */
    public QuantizedTensor {
        int rows = rowScales.rows();
        boolean inPanels = codes.shape().rank() == 3;
        require(codes, scheme.dtype(), new WeightFormat(scheme, inPanels).shape(rows, cols));
        require(scales, DType.I8, new Shape(scheme.groups(cols), rows));
        require(rowScales, DType.F32, new Shape(rows));
        for (int row = 0; row < rows; row++) {
            float scale = rowScales.bytes().get(FLOAT, (long) row * Float.BYTES);
            if (!(scale >= 0 && scale <= scheme.maxRowScale())) {
                throw new ModelFormatException(rowScales.file(), rowScales.name(),
                        "expected scales from 0 to " + scheme.maxRowScale() + ", found " + scale + " for row " + row);
            }
        }
    }

    private static void require(MappedTensor tensor, DType dtype, Shape shape) {
        if (tensor.dtype() != dtype) throw error(tensor, "expected " + dtype + ", found " + tensor.dtype());
        if (!tensor.shape().equals(shape)) throw error(tensor, "expected shape " + shape + ", found " + tensor.shape());
    }

    private static ModelFormatException error(MappedTensor tensor, String problem) {
        return new ModelFormatException(tensor.file(), tensor.name(), problem);
    }

    @Override
    public String name() {
        return codes.name();
    }

    @Override
    public int rows() {
        return rowScales.rows();
    }

    /** Whether the codes lie in panels. */
    public boolean inPanels() {
        return codes.shape().rank() == 3;
    }

    /** Number of groups in a row. */
    public int groups() {
        return scheme.groups(cols);
    }

    /** The scale of a row. */
    public float rowScale(long row) {
        return rowScales.bytes().get(FLOAT, row * Float.BYTES);
    }

    /** The scale of a group of a row. */
    public float scale(long row, int group) {
        return scales.bytes().get(ValueLayout.JAVA_BYTE, (long) group * rows() + row) * rowScale(row);
    }

    /** The code of a weight. */
    public int code(long row, int col) {
        MemorySegment bytes = codes.bytes();
        if (inPanels()) return codeInPanels(bytes, row, col);
        long offset = row * codes.rowBytes();
        if (scheme == QuantizationScheme.INT8) return bytes.get(ValueLayout.JAVA_BYTE, offset + col);
        return (bytes.get(ValueLayout.JAVA_BYTE, offset + col / 2) >> col % 2 * 4 & 0xF) - INT4_ZERO;
    }

    private int codeInPanels(MemorySegment bytes, long row, int col) {
        long panel = row / PanelTensor.ROWS;
        int inPanel = (int) (row % PanelTensor.ROWS);
        if (scheme == QuantizationScheme.INT8) {
            return bytes.get(ValueLayout.JAVA_BYTE, (panel * cols + col) * PanelTensor.ROWS + inPanel);
        }
        long offset = panel * codes.rowBytes() + PanelTensor.int4Byte(inPanel, col);
        return (bytes.get(ValueLayout.JAVA_BYTE, offset) >> col % 2 * 4 & 0xF) - INT4_ZERO;
    }

    @Override
    public void widen(long row, float[] out, int outOffset) {
        if (row < 0 || row >= rows()) throw new IndexOutOfBoundsException(name() + ": no row " + row + " of " + rows());
        for (int group = 0; group < groups(); group++) {
            float scale = scale(row, group);
            int end = Math.min(cols, (group + 1) * scheme.group());
            for (int col = group * scheme.group(); col < end; col++) out[outOffset + col] = code(row, col) * scale;
        }
    }

    /** Bytes of codes and scales together. */
    public long bytes() {
        return codes.bytes().byteSize() + scales.bytes().byteSize() + rowScales.bytes().byteSize();
    }

    @Override
    public String toString() {
        return codes.file() + ": " + name() + ": " + scheme.label() + " [" + rows() + ", " + cols + "]";
    }
}
