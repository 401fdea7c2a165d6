package dev.mme5.engine.kernel;

import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;

import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * Brings a block of weights from its file to where {@link TileKernel} wants it: widened to float and turned, so that one vector
 * holds one column of as many rows. Out: panels of {@code PANEL} rows, each [depth, PANEL], one behind the other.
 *
 * <p>It goes by squares of ints, an int being one float or two neighbouring 16-bit numbers, which are separated when they have
 * been turned. Many rows are read side by side, each in long runs: so memory delivers fastest.
 */
final class WeightPanels {
    private static final int PANEL = TileKernel.PANEL;
    private static final int SIDE = Squares.SIDE;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(Lanes.FILE_ORDER);
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(Lanes.FILE_ORDER);

    private final int[] square = new int[2 * SIDE * SIDE];

    /** Rows fromRow to toRow of the weight, columns fromCol to fromCol + depth; what is missing in the last panel is zero. */
    void fill(MappedTensor weight, int fromRow, int toRow, int fromCol, int depth, float[] panels) {
        int rows = toRow - fromRow;
        int panelFloats = depth * PANEL;
        if (rows % PANEL != 0) {
            int last = rows / PANEL * panelFloats;
            Arrays.fill(panels, last, last + panelFloats, 0f);
        }
        DType dtype = weight.dtype();
        int elementBytes = dtype.bits() / 8;
        for (int row = 0; row < rows; row += SIDE) {
            long at = (fromRow + row) * weight.rowBytes() + (long) fromCol * elementBytes;
            int to = row / PANEL * panelFloats + row % PANEL;
            int width = Math.min(SIDE, rows - row);
            int done = width < SIDE ? 0 : fillSquares(dtype, weight.bytes(), at, weight.rowBytes(), depth, panels, to);
            for (int k = done; k < depth; k++) {
                for (int i = 0; i < width; i++) {
                    panels[to + k * PANEL + i] = element(dtype, weight.bytes(), at + i * weight.rowBytes() + (long) k * elementBytes);
                }
            }
        }
    }

    /** As many columns of SIDE rows as fill whole squares; returns their number. */
    private int fillSquares(DType dtype, MemorySegment bytes, long at, long rowBytes, int depth, float[] panels, int to) {
        int columns = columnsOfSquare(dtype);
        int body = depth - depth % columns;
        for (int k = 0; k < body; k += columns) {
            Squares.turn(bytes, at + (long) k * Integer.BYTES * SIDE / columns, rowBytes, square);
            int out = to + k * PANEL;
            switch (dtype) {
                case BF16 -> storeBf16(square, panels, out);
                case F16 -> storeF16(square, panels, out);
                default -> Squares.copy(square, panels, out, PANEL);
            }
        }
        return body;
    }

    /** How many numbers of a row lie in one square. */
    static int columnsOfSquare(DType dtype) {
        return SIDE * Integer.SIZE / dtype.bits();
    }

    static float element(DType dtype, MemorySegment bytes, long at) {
        return switch (dtype) {
            case BF16 -> Float.intBitsToFloat(bytes.get(SHORT, at) << 16);
            case F16 -> Float.float16ToFloat(bytes.get(SHORT, at));
            default -> bytes.get(FLOAT, at);
        };
    }

    private static void storeBf16(int[] square, float[] panels, int out) {
        for (int i = 0; i < SIDE; i++) {
            IntVector pairs = Squares.column(square, i);
            earlierBf16(pairs).intoArray(panels, out + 2 * i * PANEL);
            laterBf16(pairs).intoArray(panels, out + 2 * i * PANEL + PANEL);
        }
    }

    /** A bfloat16 is the upper half of a float; of two in an int the lower one comes first. */
    static FloatVector earlierBf16(IntVector pairs) {
        return pairs.lanewise(LSHL, 16).reinterpretAsFloats();
    }

    static FloatVector laterBf16(IntVector pairs) {
        return pairs.and(0xffff0000).reinterpretAsFloats();
    }

    private static void storeF16(int[] square, float[] panels, int out) {
        for (int i = 0; i < SIDE; i++) {
            IntVector pairs = Squares.column(square, i);
            earlierF16(pairs).intoArray(panels, out + 2 * i * PANEL);
            laterF16(pairs).intoArray(panels, out + 2 * i * PANEL + PANEL);
        }
    }

    static FloatVector earlierF16(IntVector pairs) {
        return widenF16(pairs.lanewise(LSHL, 16));
    }

    static FloatVector laterF16(IntVector pairs) {
        return widenF16(pairs.and(0xffff0000));
    }

    /** The half in the upper 16 bits of each lane as a float, exactly; NaN and infinity too. */
    private static FloatVector widenF16(IntVector half) {
        IntVector sign = half.and(0x80000000);
        IntVector magnitude = half.and(0x7fff0000).lanewise(LSHR, 3); // exponent and fraction where a float has them
        int bias = (127 - 15) << 23;
        IntVector normal = magnitude.add(bias);
        VectorMask<Integer> special = magnitude.compare(GE, 31 << 23);
        normal = normal.blend(normal.add(bias), special);

        int smallest = (127 - 14) << 23; // 2^-14: a subnormal is that much too large when given this exponent
        IntVector subnormal = magnitude.add(smallest).reinterpretAsFloats().sub(Float.intBitsToFloat(smallest)).reinterpretAsInts();
        return normal.blend(subnormal, magnitude.compare(LT, 1 << 23)).or(sign).reinterpretAsFloats();
    }
}
