package dev.mme5.engine.kernel;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.QuantizedTensor;
import dev.mme5.weights.Shape;
import dev.mme5.weights.WeightFormat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Seeded inputs for the kernel tests. */
final class Samples {
    static final List<QuantizationScheme> INTEGERS = List.of(QuantizationScheme.INT8, QuantizationScheme.INT4);

    private final Random random;

    Samples(long seed) {
        random = new Random(seed);
    }

    float[] floats(int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) values[i] = (float) random.nextGaussian();
        return values;
    }

    /** A view into a larger array at an odd offset, with other values before and after it. */
    Matrix matrix(int rows, int cols) {
        return new Matrix(floats(rows * cols + 12), 5, rows, cols);
    }

    MappedTensor weight(DType dtype, int rows, int cols) {
        return MappedTensor.ofFloats("weight", dtype, floats(rows * cols), rows, cols);
    }

    /** Random codes and scales. Scales have both signs, and some groups are zero. */
    QuantizedTensor quantized(QuantizationScheme scheme, int rows, int cols) {
        Shape codes = scheme.codes(rows, cols);
        Shape scales = new Shape(scheme.groups(cols), rows);
        float[] rowScales = floats(rows);
        for (int i = 0; i < rows; i++) rowScales[i] = Math.abs(rowScales[i]) / 1000;
        byte[] scaleCodes = bytes(scales.elements());
        for (int i = 0; i < scaleCodes.length; i += 7) scaleCodes[i] = 0;
        return new QuantizedTensor(
                scheme,
                cols,
                new MappedTensor("file", "weight", scheme.dtype(), codes, atOddAddress(bytes(codes.elements()))),
                new MappedTensor("file", "weight.scales", DType.I8, scales, atOddAddress(scaleCodes)),
                MappedTensor.ofFloats("weight.row_scales", rowScales, rows));
    }

    /** The same weights in panels. */
    static QuantizedTensor inPanels(QuantizedTensor weight) {
        int rows = weight.rows();
        Shape shape = new WeightFormat(weight.scheme(), true).shape(rows, weight.cols());
        byte[] codes = new byte[(int) shape.elements()];
        if (weight.scheme() == QuantizationScheme.INT4) Arrays.fill(codes, (byte) 0x88);
        int panelBytes = (int) shape.cols();
        for (int row = 0; row < rows; row++) {
            int panel = row / PanelTensor.ROWS * panelBytes;
            for (int k = 0; k < weight.cols(); k++) {
                int code = weight.code(row, k);
                if (weight.scheme() == QuantizationScheme.INT8) {
                    codes[panel + k * PanelTensor.ROWS + row % PanelTensor.ROWS] = (byte) code;
                } else {
                    codes[panel + PanelTensor.int4Byte(row % PanelTensor.ROWS, k)] ^= (byte) ((code + 8 ^ 8) << k % 2 * 4);
                }
            }
        }
        MappedTensor stored = new MappedTensor("file", "weight", weight.scheme().dtype(), shape, atOddAddress(codes));
        return new QuantizedTensor(weight.scheme(), weight.cols(), stored, weight.scales(), weight.rowScales());
    }

    private byte[] bytes(long count) {
        byte[] bytes = new byte[(int) count];
        random.nextBytes(bytes);
        return bytes;
    }

    private static MemorySegment atOddAddress(byte[] bytes) {
        MemorySegment segment = Arena.ofAuto().allocate(bytes.length + 1, 64).asSlice(1);
        segment.copyFrom(MemorySegment.ofArray(bytes));
        return segment;
    }

    static Matrix copy(Matrix m) {
        return new Matrix(m.toArray(), 0, m.rows(), m.cols());
    }

    int below(int bound) {
        return random.nextInt(bound);
    }
}
