package dev.mme5.engine.kernel;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.GE;

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
 * holds one column of as many rows. Out: panels of {@code PANEL} rows, each [DEPTH, PANEL].
 *
 * <p>It goes by squares of 4 x 4 ints, which four-lane vectors turn in registers; an int is one float or two neighbouring
 * 16-bit numbers, separated when the turning is done. Four lanes, because every machine has them, and the code is the same for all.
 */
final class WeightPanels {
    /** Floats from one panel to the next. */
    static final int PANEL_FLOATS = TileKernel.DEPTH * TileKernel.PANEL;

    private static final int PANEL = TileKernel.PANEL;
    private static final int SIDE = 4;
    private static final IntVector LOW_HALVES = IntVector.fromArray(Lanes.FOUR_INTS, new int[] {0, 4, 1, 5}, 0);
    private static final IntVector HIGH_HALVES = IntVector.fromArray(Lanes.FOUR_INTS, new int[] {2, 6, 3, 7}, 0);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(Lanes.FILE_ORDER);
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(Lanes.FILE_ORDER);

    private WeightPanels() {}

    /** Rows fromRow to toRow of the weight, columns fromCol to fromCol + depth; what is missing in the last panel is zero. */
    static void fill(MappedTensor weight, int fromRow, int toRow, int fromCol, int depth, float[] panels) {
        int rows = toRow - fromRow;
        if (rows % PANEL != 0) {
            int last = rows / PANEL * PANEL_FLOATS;
            Arrays.fill(panels, last, last + depth * PANEL, 0f);
        }
        long rowBytes = weight.rowBytes();
        long elementBytes = weight.dtype().bits() / 8;
        for (int row = 0; row < rows; row += SIDE) {
            long at = (fromRow + row) * rowBytes + fromCol * elementBytes;
            int to = row / PANEL * PANEL_FLOATS + row % PANEL;
            int done = rows - row < SIDE ? 0 : fourRows(weight.dtype(), weight.bytes(), at, rowBytes, depth, panels, to);
            for (int i = 0; i < Math.min(SIDE, rows - row); i++) {
                for (int k = done; k < depth; k++) {
                    panels[to + k * PANEL + i] = element(weight.dtype(), weight.bytes(), at + i * rowBytes + k * elementBytes);
                }
            }
        }
    }

    private static float element(DType dtype, MemorySegment bytes, long at) {
        return switch (dtype) {
            case BF16 -> Float.intBitsToFloat(bytes.get(SHORT, at) << 16);
            case F16 -> Float.float16ToFloat(bytes.get(SHORT, at));
            default -> bytes.get(FLOAT, at);
        };
    }

    /** As many columns of four rows as fill whole squares; returns their number. */
    private static int fourRows(DType dtype, MemorySegment bytes, long at, long rowBytes, int depth, float[] panels, int to) {
        return switch (dtype) {
            case BF16 -> fourRowsOfBf16(bytes, at, rowBytes, depth, panels, to);
            case F16 -> fourRowsOfF16(bytes, at, rowBytes, depth, panels, to);
            default -> fourRowsOfF32(bytes, at, rowBytes, depth, panels, to);
        };
    }

    private static int fourRowsOfF32(MemorySegment bytes, long at, long rowBytes, int depth, float[] panels, int to) {
        int body = depth - depth % SIDE;
        for (int k = 0; k < body; k += SIDE) {
            long from = at + (long) k * Float.BYTES;
            IntVector row0 = load(bytes, from);
            IntVector row1 = load(bytes, from + rowBytes);
            IntVector row2 = load(bytes, from + 2 * rowBytes);
            IntVector row3 = load(bytes, from + 3 * rowBytes);
            IntVector even0 = lowHalves(row0, row2);
            IntVector even1 = highHalves(row0, row2);
            IntVector odd0 = lowHalves(row1, row3);
            IntVector odd1 = highHalves(row1, row3);
            int out = to + k * PANEL;
            lowHalves(even0, odd0).reinterpretAsFloats().intoArray(panels, out);
            highHalves(even0, odd0).reinterpretAsFloats().intoArray(panels, out + PANEL);
            lowHalves(even1, odd1).reinterpretAsFloats().intoArray(panels, out + 2 * PANEL);
            highHalves(even1, odd1).reinterpretAsFloats().intoArray(panels, out + 3 * PANEL);
        }
        return body;
    }

    private static int fourRowsOfBf16(MemorySegment bytes, long at, long rowBytes, int depth, float[] panels, int to) {
        int body = depth - depth % (2 * SIDE);
        for (int k = 0; k < body; k += 2 * SIDE) {
            long from = at + (long) k * Short.BYTES;
            IntVector row0 = load(bytes, from);
            IntVector row1 = load(bytes, from + rowBytes);
            IntVector row2 = load(bytes, from + 2 * rowBytes);
            IntVector row3 = load(bytes, from + 3 * rowBytes);
            IntVector even0 = lowHalves(row0, row2);
            IntVector even1 = highHalves(row0, row2);
            IntVector odd0 = lowHalves(row1, row3);
            IntVector odd1 = highHalves(row1, row3);
            int out = to + k * PANEL;
            storeBf16(lowHalves(even0, odd0), panels, out);
            storeBf16(highHalves(even0, odd0), panels, out + 2 * PANEL);
            storeBf16(lowHalves(even1, odd1), panels, out + 4 * PANEL);
            storeBf16(highHalves(even1, odd1), panels, out + 6 * PANEL);
        }
        return body;
    }

    /** A bfloat16 is the upper half of a float; the lower of two is the earlier one. */
    private static void storeBf16(IntVector pairs, float[] panels, int out) {
        pairs.lanewise(LSHL, 16).reinterpretAsFloats().intoArray(panels, out);
        pairs.and(0xffff0000).reinterpretAsFloats().intoArray(panels, out + PANEL);
    }

    private static int fourRowsOfF16(MemorySegment bytes, long at, long rowBytes, int depth, float[] panels, int to) {
        int body = depth - depth % (2 * SIDE);
        for (int k = 0; k < body; k += 2 * SIDE) {
            long from = at + (long) k * Short.BYTES;
            IntVector row0 = load(bytes, from);
            IntVector row1 = load(bytes, from + rowBytes);
            IntVector row2 = load(bytes, from + 2 * rowBytes);
            IntVector row3 = load(bytes, from + 3 * rowBytes);
            IntVector even0 = lowHalves(row0, row2);
            IntVector even1 = highHalves(row0, row2);
            IntVector odd0 = lowHalves(row1, row3);
            IntVector odd1 = highHalves(row1, row3);
            int out = to + k * PANEL;
            storeF16(lowHalves(even0, odd0), panels, out);
            storeF16(highHalves(even0, odd0), panels, out + 2 * PANEL);
            storeF16(lowHalves(even1, odd1), panels, out + 4 * PANEL);
            storeF16(highHalves(even1, odd1), panels, out + 6 * PANEL);
        }
        return body;
    }

    private static void storeF16(IntVector pairs, float[] panels, int out) {
        widenF16(pairs.lanewise(LSHL, 16)).intoArray(panels, out);
        widenF16(pairs.and(0xffff0000)).intoArray(panels, out + PANEL);
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

    private static IntVector load(MemorySegment bytes, long at) {
        return IntVector.fromMemorySegment(Lanes.FOUR_INTS, bytes, at, Lanes.FILE_ORDER);
    }

    /** x0 y0 x1 y1. */
    private static IntVector lowHalves(IntVector x, IntVector y) {
        return LOW_HALVES.selectFrom(x, y);
    }

    /** x2 y2 x3 y3. */
    private static IntVector highHalves(IntVector x, IntVector y) {
        return HIGH_HALVES.selectFrom(x, y);
    }
}
