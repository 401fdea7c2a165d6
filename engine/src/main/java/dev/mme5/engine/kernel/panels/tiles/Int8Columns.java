package dev.mme5.engine.kernel.panels.tiles;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;

import dev.mme5.engine.kernel.gemm.Int8Panels;
import dev.mme5.engine.kernel.simd.PageFaultGuard;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.QuantizedTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * The order of rows in which tiles take whole columns of 8-bit panels, where a column is four vectors of floats. An integer of 32 bits has
 * the codes of four neighbouring rows, and shifts take them apart: place 8 v + i has row 4 i + v. That is faster than to load and widen 8
 * bytes at a time. Only where {@link PanelTiles#WHOLE_COLUMNS}.
 */
public final class Int8Columns {
    private static final int ROWS = PanelTensor.ROWS;
    private static final int VECTORS = 4;
    private static final int LANES = ROWS / VECTORS;

    private Int8Columns() {}

    private static int row(int place) {
        return place % LANES * VECTORS + place / LANES;
    }

    /** Brings [32] values from the order of rows to scattered order. */
    public static void scatter(float[] rows, int offset, float[] out, int outOffset) {
        for (int place = 0; place < ROWS; place++) out[outOffset + place] = rows[offset + row(place)];
    }

    /** Brings [32] values from scattered order to that of rows. */
    public static void gather(float[] places, int offset, float[] out, int outOffset) {
        for (int place = 0; place < ROWS; place++) out[outOffset + row(place)] = places[offset + place];
    }

    /** {@link Int8Panels#scales} in scattered order. */
    public static void scales(QuantizedTensor weight, int panel, int fromGroup, int toGroup, float[] rowScales, float[] out) {
        int first = panel * ROWS;
        int rows = Math.min(ROWS, weight.rows() - first);
        for (int place = 0; place < ROWS; place++) rowScales[place] = row(place) < rows ? weight.rowScale(first + row(place)) : 0;
        MemorySegment codes = weight.scales().bytes();
        for (int group = fromGroup; group < toGroup; group++) {
            int target = (group - fromGroup) * ROWS;
            long offset = (long) group * weight.rows() + first;
            if (rows == ROWS) {
                widen(codes, offset, rowScales, out, target);
                continue;
            }
            Arrays.fill(out, target, target + ROWS, 0f);
            for (int place = 0; place < ROWS; place++) {
                if (row(place) < rows) out[target + place] = codes.get(ValueLayout.JAVA_BYTE, offset + row(place)) * rowScales[place];
            }
        }
    }

    /** Widens a column. */
    private static void widen(MemorySegment codes, long offset, float[] scales, float[] out, int outOffset) {
        PageFaultGuard.set();
        IntVector four = IntVector.fromMemorySegment(Species.INT, codes, offset, Species.FILE_ORDER);
        multiply(four.lanewise(LSHL, 24), scales, 0, out, outOffset);
        multiply(four.lanewise(LSHL, 16), scales, LANES, out, outOffset);
        multiply(four.lanewise(LSHL, 8), scales, 2 * LANES, out, outOffset);
        multiply(four, scales, 3 * LANES, out, outOffset);
    }

    /** Multiplies the codes in the uppermost bytes. */
    private static void multiply(IntVector codes, float[] scales, int place, float[] out, int outOffset) {
        FloatVector floats = (FloatVector) codes.lanewise(ASHR, 24).convertShape(I2F, Species.FLOAT, 0);
        floats.mul(FloatVector.fromArray(Species.FLOAT, scales, place)).intoArray(out, outOffset + place);
    }
}
