package dev.mme5.weights;

import dev.mme5.json.ModelFormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A matrix of integers with scales, as it lies in its file. Weight (r, k) is code(r, k) times the scale of its group, and that
 * is {@code scales[k / group][r] * rowScales[r]}, each product rounded to float32.
 *
 * @param scheme bits and size of a group
 * @param cols weights in a row
 * @param codes [rows, cols] of I8, or [rows, cols / 2] of U8: two weights plus 8 in a byte, the lower four bits first
 * @param scales I8 [groups, rows]
 * @param rowScales F32 [rows], from 0 to {@link QuantizationScheme#mostRowScale}
 */
public record QuantizedTensor(QuantizationScheme scheme, int cols, MappedTensor codes, MappedTensor scales, MappedTensor rowScales)
        implements
            WeightMatrix {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** What is subtracted from four bits to get a code. */
    public static final int INT4_ZERO = 8;

    /**
     * @throws ModelFormatException when the three do not fit together, or a scale of a row cannot be one
     */
    public QuantizedTensor {
        int rows = codes.rows();
        require(codes, scheme.dtype(), scheme.codes(rows, cols));
        require(scales, DType.I8, new Shape(scheme.groups(cols), rows));
        require(rowScales, DType.F32, new Shape(rows));
        for (int row = 0; row < rows; row++) {
            float scale = rowScales.bytes().get(FLOAT, (long) row * Float.BYTES);
            if (!(scale >= 0 && scale <= scheme.mostRowScale())) {
                throw new ModelFormatException(rowScales.file(), rowScales.name(),
                        "expected scales from 0 to " + scheme.mostRowScale() + ", found " + scale + " for row " + row);
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
        return codes.rows();
    }

    /** Groups in a row. */
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

    /** The integer that stands for a weight. */
    public int code(long row, int col) {
        MemorySegment bytes = codes.bytes();
        long at = row * codes.rowBytes();
        if (scheme == QuantizationScheme.INT8) return bytes.get(ValueLayout.JAVA_BYTE, at + col);
        return (bytes.get(ValueLayout.JAVA_BYTE, at + col / 2) >> col % 2 * 4 & 0xF) - INT4_ZERO;
    }

    @Override
    public void widen(long row, float[] out, int at) {
        if (row < 0 || row >= rows()) throw new IndexOutOfBoundsException(name() + ": no row " + row + " of " + rows());
        for (int group = 0; group < groups(); group++) {
            float scale = scale(row, group);
            int to = Math.min(cols, (group + 1) * scheme.group());
            for (int col = group * scheme.group(); col < to; col++) out[at + col] = code(row, col) * scale;
        }
    }

    /** Bytes of codes and scales. */
    public long bytes() {
        return codes.bytes().byteSize() + scales.bytes().byteSize() + rowScales.bytes().byteSize();
    }

    @Override
    public String toString() {
        return codes.file() + ": " + name() + ": " + scheme.label() + " [" + rows() + ", " + cols + "]";
    }
}
