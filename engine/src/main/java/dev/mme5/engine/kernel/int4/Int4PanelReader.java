package dev.mme5.engine.kernel.int4;

import static jdk.incubator.vector.VectorOperators.B2I;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.mme5.engine.kernel.simd.PageFaultGuard;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.QuantizedTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/**
 * Spreads 4-bit weights that lie in panels of the file, four columns of 32 rows in 64 bytes, for {@link Int4MicroKernel}, as
 * {@link Int4WeightPacker} describes. Nothing needs to be transposed. Reads their scales for {@link Int4PanelMatmul}.
 */
final class Int4PanelReader {
    private static final int COUNT = Species.COUNT;
    private static final int PANEL = Int4MicroKernel.PANEL;
    private static final int HALF = PanelTensor.ROWS / 2;
    private static final int COLUMNS = PanelTensor.INT4_COLUMNS;

    /** Bytes of COLUMNS columns of a panel in the file. */
    private static final int QUAD_BYTES = PanelTensor.ROWS * Short.BYTES;

    /** Scales in one load: as many as a float vector has lanes, or twice as many where vectors are short. */
    private static final int STEP = Species.SOME_BYTES.length();

    private Int4PanelReader() {}

    /**
     * Spreads PANEL rows, columns fromCol to fromCol + depth.
     *
     * @param row a multiple of PANEL
     * @param fromCol a multiple of 32
     * @param panels receives [depth in whole blocks, PANEL] at offset, panelShorts in all; zeros where there is no weight
     */
    static void read(QuantizedTensor weight, int row, int fromCol, int depth, short[] panels, int offset, int panelShorts) {
        int quads = Math.ceilDiv(depth, COLUMNS);
        Arrays.fill(panels, offset + quads * COLUMNS * PANEL, offset + panelShorts, (short) 0);
        for (int v = 0; v < 2; v++) {
            int first = row + v * Int4MicroKernel.SECOND;
            int target = offset + v * PANEL / 2;
            if (first / PanelTensor.ROWS >= PanelTensor.count(weight.rows())) {
                for (int k = 0; k < quads * COLUMNS; k++) {
                    Arrays.fill(panels, target + k * PANEL, target + k * PANEL + PANEL / 2, (short) 0);
                }
                continue;
            }
            long source = (long) (first / PanelTensor.ROWS) * weight.codes().rowBytes() + (long) (fromCol / COLUMNS) * QUAD_BYTES;
            if (COUNT == HALF) oneVector(weight.codes().bytes(), source, quads, panels, target);
            else if (2 * COUNT < HALF) halves(weight.codes().bytes(), source, first % PanelTensor.ROWS, quads, panels, target);
            else if (v == 0) twoVectors(weight.codes().bytes(), source, quads, panels, target); // all rows
        }
    }

    /** All rows of a panel in one vector: they lie in the right order already. */
    private static void oneVector(MemorySegment bytes, long offset, int quads, short[] panels, int target) {
        PageFaultGuard.set();
        for (int quad = 0; quad < quads; quad++) {
            ShortVector four = ShortVector.fromMemorySegment(Species.SHORT, bytes, offset + quad * QUAD_BYTES, Species.FILE_ORDER);
            int column = target + quad * COLUMNS * PANEL;
            four.intoArray(panels, column);
            four.lanewise(LSHR, 4).intoArray(panels, column + PANEL);
            four.lanewise(LSHR, 8).intoArray(panels, column + 2 * PANEL);
            four.lanewise(LSHR, 12).intoArray(panels, column + 3 * PANEL);
        }
    }

    /** All rows of a panel in two vectors. */
    private static void twoVectors(MemorySegment bytes, long offset, int quads, short[] panels, int target) {
        PageFaultGuard.set();
        for (int quad = 0; quad < quads; quad++) {
            long from = offset + quad * QUAD_BYTES;
            ShortVector left = ShortVector.fromMemorySegment(Species.SHORT, bytes, from, Species.FILE_ORDER);
            ShortVector right = ShortVector.fromMemorySegment(Species.SHORT, bytes, from + QUAD_BYTES / 2, Species.FILE_ORDER);
            int column = target + quad * COLUMNS * PANEL;
            left.intoArray(panels, column);
            right.intoArray(panels, column + PANEL / 2);
            left.lanewise(LSHR, 4).intoArray(panels, column + PANEL);
            right.lanewise(LSHR, 4).intoArray(panels, column + PANEL + PANEL / 2);
            left.lanewise(LSHR, 8).intoArray(panels, column + 2 * PANEL);
            right.lanewise(LSHR, 8).intoArray(panels, column + 2 * PANEL + PANEL / 2);
            left.lanewise(LSHR, 12).intoArray(panels, column + 3 * PANEL);
            right.lanewise(LSHR, 12).intoArray(panels, column + 3 * PANEL + PANEL / 2);
        }
    }

    /** Rows first to first + COUNT of a panel in the even lanes, the next ones in the odd lanes. */
    private static void halves(MemorySegment bytes, long offset, int first, int quads, short[] panels, int target) {
        PageFaultGuard.set();
        int next = first + COUNT;
        long evenOffset = offset + (long) (first % HALF) * Integer.BYTES;
        long oddOffset = offset + (long) (next % HALF) * Integer.BYTES;
        int evenShift = first / HALF * Short.SIZE;
        int oddShift = next / HALF * Short.SIZE;
        for (int quad = 0; quad < quads; quad++) {
            IntVector even = IntVector.fromMemorySegment(Species.INT, bytes, evenOffset + quad * QUAD_BYTES, Species.FILE_ORDER)
                    .lanewise(LSHR, evenShift).and(0xffff);
            IntVector odd = IntVector.fromMemorySegment(Species.INT, bytes, oddOffset + quad * QUAD_BYTES, Species.FILE_ORDER)
                    .lanewise(LSHR, oddShift).lanewise(LSHL, Short.SIZE);
            ShortVector four = (ShortVector) even.or(odd).reinterpretShape(Species.SHORT, 0);
            for (int n = 0; n < COLUMNS; n++) {
                four.lanewise(LSHR, 4 * n).intoArray(panels, target + (quad * COLUMNS + n) * PANEL);
            }
        }
    }

    /**
     * The scales of a panel, each the product of code, row scale and 2^-16, of groups from..to.
     *
     * @param rowScales a buffer for 32 floats
     * @param out receives [groups, 32] at offset; zeros for rows beyond the last
     */
    static void scales(QuantizedTensor weight, int panel, int from, int to, float[] rowScales, float[] out, int offset) {
        int row = panel * PanelTensor.ROWS;
        int rows = Math.min(PanelTensor.ROWS, weight.rows() - row);
        for (int i = 0; i < rows; i++) rowScales[i] = weight.rowScale(row + i);
        MemorySegment codes = weight.scales().bytes();
        for (int group = from; group < to; group++) {
            int target = offset + (group - from) * PanelTensor.ROWS;
            long source = (long) group * weight.rows() + row;
            if (rows == PanelTensor.ROWS) {
                for (int i = 0; i < rows; i += STEP) widen(codes, source + i, rowScales, i, out, target + i);
            } else {
                Arrays.fill(out, target, target + PanelTensor.ROWS, 0f);
                for (int i = 0; i < rows; i++) {
                    out[target + i] = codes.get(ValueLayout.JAVA_BYTE, source + i) * rowScales[i] * Int4MicroKernel.SCALING;
                }
            }
        }
    }

    private static void widen(MemorySegment codes, long offset, float[] scales, int scalesOffset, float[] out, int outOffset) {
        PageFaultGuard.set();
        ByteVector bytes = ByteVector.fromMemorySegment(Species.SOME_BYTES, codes, offset, Species.FILE_ORDER);
        for (int part = 0; part < STEP / COUNT; part++) {
            int lane = part * COUNT;
            FloatVector floats = (FloatVector) bytes.convertShape(B2I, Species.INT, part).convertShape(I2F, Species.FLOAT, 0);
            floats.mul(FloatVector.fromArray(Species.FLOAT, scales, scalesOffset + lane)).mul(Int4MicroKernel.SCALING)
                    .intoArray(out, outOffset + lane);
        }
    }
}
