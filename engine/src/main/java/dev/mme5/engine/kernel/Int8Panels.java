package dev.mme5.engine.kernel;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;

import dev.mme5.weights.Quantization;
import dev.mme5.weights.QuantizedTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Brings a block of 8-bit weights from its file to where {@link TileKernel} wants it, as {@link WeightPanels} does with floats:
 * four neighbours of a row are read as one int, turned, separated, and multiplied with the scales of their groups.
 */
final class Int8Panels {
    private static final int PANEL = TileKernel.PANEL;
    private static final int SIDE = Squares.SIDE;
    private static final int GROUP = Quantization.INT8.group();

    /** Weights in an int of the file. */
    static final int PER_INT = 4;

    /** Weights of a row in a square of ints; groups hold whole squares. */
    static final int SQUARE = SIDE * PER_INT;

    private final int[] square = new int[2 * SIDE * SIDE];
    private final float[] scales = new float[SIDE];

    /** Rows fromRow to toRow, columns fromCol to fromCol + depth; what is missing in the last panel is zero. */
    void fill(QuantizedTensor weight, int fromRow, int toRow, int fromCol, int depth, float[] panels) {
        int rows = toRow - fromRow;
        int panelFloats = depth * PANEL;
        if (rows % PANEL != 0) {
            int last = rows / PANEL * panelFloats;
            Arrays.fill(panels, last, last + panelFloats, 0f);
        }
        for (int row = 0; row < rows; row += SIDE) {
            int to = row / PANEL * panelFloats + row % PANEL;
            int width = Math.min(SIDE, rows - row);
            int done = width < SIDE ? 0 : fillSquares(weight, fromRow + row, fromCol, depth, panels, to);
            for (int k = done; k < depth; k++) {
                for (int i = 0; i < width; i++) panels[to + k * PANEL + i] = element(weight, fromRow + row + i, fromCol + k);
            }
        }
    }

    /** As many columns of SIDE rows as fill whole squares that lie in one group each; returns their number. */
    private int fillSquares(QuantizedTensor weight, int row, int fromCol, int depth, float[] panels, int to) {
        if (fromCol % SQUARE != 0) return 0;
        MemorySegment bytes = weight.codes().bytes();
        int body = depth - depth % SQUARE;
        for (int k = 0; k < body; k += SQUARE) {
            if (k == 0 || (fromCol + k) % GROUP == 0) groupScales(weight, row, (fromCol + k) / GROUP, scales);
            Squares.turn(bytes, (long) row * weight.cols() + fromCol + k, weight.cols(), square);
            store(square, FloatVector.fromArray(Lanes.FLOAT, scales, 0), panels, to + k * PANEL);
        }
        return body;
    }

    /** The scales of one group of SIDE rows. */
    static void groupScales(QuantizedTensor weight, int row, int group, float[] scales) {
        MemorySegment codes = weight.scales().bytes();
        long at = (long) group * weight.rows() + row;
        for (int i = 0; i < SIDE; i++) scales[i] = codes.get(ValueLayout.JAVA_BYTE, at + i) * weight.rowScale(row + i);
    }

    static float element(QuantizedTensor weight, int row, int col) {
        return weight.code(row, col) * weight.scale(row, col / GROUP);
    }

    private static void store(int[] square, FloatVector scales, float[] panels, int out) {
        for (int i = 0; i < SIDE; i++) {
            IntVector four = Squares.column(square, i);
            for (int n = 0; n < PER_INT; n++) weights(four, n, scales).intoArray(panels, out + (PER_INT * i + n) * PANEL);
        }
    }

    /** Byte n of every int, times the scales. */
    static FloatVector weights(IntVector four, int n, FloatVector scales) {
        IntVector code = four.lanewise(LSHL, Byte.SIZE * (PER_INT - 1 - n)).lanewise(ASHR, Byte.SIZE * (PER_INT - 1));
        return ((FloatVector) code.convert(I2F, 0)).mul(scales);
    }
}
