package dev.mme5.engine.kernel.gemm;

import static jdk.incubator.vector.VectorOperators.B2I;
import static jdk.incubator.vector.VectorOperators.I2F;

import dev.mme5.engine.kernel.simd.PageFaultGuard;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.QuantizedTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;

/** Reads panels of 8-bit weights: the scales of their groups, and whole columns widened to floats. */
public final class Int8Panels {
    private static final int ROWS = PanelTensor.ROWS;

    /** Columns that share scales. */
    public static final int GROUP = QuantizationScheme.INT8.group();

    /** Codes in one load: as many as a float vector has lanes, or twice as many where vectors are short. */
    private static final int STEP = Species.SOME_BYTES.length();

    /** Whether a column is four vectors of floats. */
    private static final boolean FOUR_VECTORS = 4 * Species.COUNT == ROWS;

    private Int8Panels() {}

    /**
     * The scales of some groups of a panel, each the product of code and row scale.
     *
     * @param rowScales a buffer for 32 floats
     * @param out receives [groups, 32]; zeros for rows beyond the last
     */
    public static void scales(QuantizedTensor weight, int panel, int fromGroup, int toGroup, float[] rowScales, float[] out) {
        int row = panel * ROWS;
        int rows = Math.min(ROWS, weight.rows() - row);
        for (int i = 0; i < rows; i++) rowScales[i] = weight.rowScale(row + i);
        MemorySegment codes = weight.scales().bytes();
        for (int group = fromGroup; group < toGroup; group++) {
            int target = (group - fromGroup) * ROWS;
            long offset = (long) group * weight.rows() + row;
            if (rows == ROWS) {
                for (int i = 0; i < ROWS; i += STEP) widen(codes, offset + i, rowScales, i, out, target + i);
            } else {
                Arrays.fill(out, target, target + ROWS, 0f);
                for (int i = 0; i < rows; i++) out[target + i] = codes.get(ValueLayout.JAVA_BYTE, offset + i) * rowScales[i];
            }
        }
    }

    private static void widen(MemorySegment codes, long offset, float[] scales, int scalesOffset, float[] out, int outOffset) {
        PageFaultGuard.set();
        ByteVector bytes = ByteVector.fromMemorySegment(Species.SOME_BYTES, codes, offset, Species.FILE_ORDER);
        for (int part = 0; part < STEP / Species.COUNT; part++) {
            int lane = part * Species.COUNT;
            FloatVector floats = (FloatVector) bytes.convertShape(B2I, Species.INT, part).convertShape(I2F, Species.FLOAT, 0);
            floats.mul(FloatVector.fromArray(Species.FLOAT, scales, scalesOffset + lane)).intoArray(out, outOffset + lane);
        }
    }

    /**
     * Widens some columns of a panel to floats.
     *
     * @param offset of the first column in the codes
     * @param scales of the groups of these columns, [groups, 32]; the first column begins a group
     * @param out receives [depth, 32] at outOffset. An array: after every store to a segment, loads from another one are checked again.
     */
    static void widen(MemorySegment codes, long offset, int depth, float[] scales, float[] out, int outOffset) {
        for (int k = 0; k < depth; k += GROUP) {
            int columns = Math.min(GROUP, depth - k);
            if (FOUR_VECTORS) {
                widenColumns(codes, offset + (long) k * ROWS, columns, scales, k / GROUP * ROWS, out, outOffset + k * ROWS);
                continue;
            }
            for (int i = 0; i < ROWS; i += STEP) {
                widen(codes, offset + (long) k * ROWS + i, columns, scales, k / GROUP * ROWS + i, out,
                        outOffset + k * ROWS + i);
            }
        }
    }

    /** Widens the rows of one load in some columns of a group. */
    private static void widen(MemorySegment codes, long offset, int columns, float[] scales, int scalesOffset, float[] out, int outOffset) {
        PageFaultGuard.set();
        for (int part = 0; part < STEP / Species.COUNT; part++) {
            int lane = part * Species.COUNT;
            FloatVector scale = FloatVector.fromArray(Species.FLOAT, scales, scalesOffset + lane);
            for (int k = 0; k < columns; k++) {
                ByteVector bytes =
                        ByteVector.fromMemorySegment(Species.SOME_BYTES, codes, offset + k * ROWS, Species.FILE_ORDER);
                FloatVector floats = (FloatVector) bytes.convertShape(B2I, Species.INT, part).convertShape(I2F, Species.FLOAT, 0);
                floats.mul(scale).intoArray(out, outOffset + lane + k * ROWS);
            }
        }
    }

    /** Widens whole columns of a group, where they are four vectors: in one pass over the codes. */
    private static void widenColumns(
            MemorySegment codes, long offset, int columns, float[] scales, int scalesOffset, float[] out, int outOffset) {
        PageFaultGuard.set();
        FloatVector s0 = FloatVector.fromArray(Species.FLOAT, scales, scalesOffset);
        FloatVector s1 = FloatVector.fromArray(Species.FLOAT, scales, scalesOffset + 8);
        FloatVector s2 = FloatVector.fromArray(Species.FLOAT, scales, scalesOffset + 16);
        FloatVector s3 = FloatVector.fromArray(Species.FLOAT, scales, scalesOffset + 24);
        for (int i = 0; i < ROWS * columns; i += ROWS) {
            ByteVector b0 = ByteVector.fromMemorySegment(Species.SOME_BYTES, codes, offset + i, Species.FILE_ORDER);
            ByteVector b1 = ByteVector.fromMemorySegment(Species.SOME_BYTES, codes, offset + i + 8, Species.FILE_ORDER);
            ByteVector b2 = ByteVector.fromMemorySegment(Species.SOME_BYTES, codes, offset + i + 16, Species.FILE_ORDER);
            ByteVector b3 = ByteVector.fromMemorySegment(Species.SOME_BYTES, codes, offset + i + 24, Species.FILE_ORDER);
            ((FloatVector) b0.convertShape(B2I, Species.INT, 0).convertShape(I2F, Species.FLOAT, 0)).mul(s0).intoArray(out, outOffset + i);
            ((FloatVector) b1.convertShape(B2I, Species.INT, 0).convertShape(I2F, Species.FLOAT, 0)).mul(s1).intoArray(out,
                    outOffset + i + 8);
            ((FloatVector) b2.convertShape(B2I, Species.INT, 0).convertShape(I2F, Species.FLOAT, 0)).mul(s2).intoArray(out,
                    outOffset + i + 16);
            ((FloatVector) b3.convertShape(B2I, Species.INT, 0).convertShape(I2F, Species.FLOAT, 0)).mul(s3).intoArray(out,
                    outOffset + i + 24);
        }
    }
}
