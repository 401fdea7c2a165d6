package dev.mme5.engine.kernel.panels.tiles;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;

import dev.mme5.engine.kernel.simd.PageFaultGuard;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.PanelTensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Register tiles of whole columns of 8-bit panels. An integer of 32 bits has the codes of four neighbouring rows, and shifts take them
 * apart, so sums and scales are in the order of {@link Int8Columns}. Arithmetic is the limit, not memory: nothing is read ahead.
 * {@link PanelTiles} explains tiles.
 */
public final class Int8ColumnTiles {
    private static final int ROWS = PanelTensor.ROWS;
    private static final int GROUP = PanelTiles.GROUP;

    private Int8ColumnTiles() {}

    /**
     * Adds the products of some columns to sums.
     *
     * @param tokens 1 or 2
     * @param scales [groups, ROWS]; the first column begins a group
     * @param x [depth, tokens] from xOffset on
     * @param sums [tokens, ROWS]
     */
    public static void multiply(int tokens, MemorySegment w, long wOffset, float[] scales, int depth, float[] x, int xOffset,
            float[] sums) {
        for (int k = 0; k < depth; k += GROUP) {
            int end = Math.min(GROUP, depth - k) * ROWS;
            int scale = k / GROUP * ROWS;
            if (tokens == 1) tokens1(w, wOffset + (long) k * ROWS, end, scales, scale, x, xOffset + k, sums);
            else tokens2(w, wOffset + (long) k * ROWS, end, scales, scale, x, xOffset + 2 * k, sums);
        }
    }

    /** The columns of a group. */
    private static void tokens1(MemorySegment w, long wOffset, int end, float[] scales, int scalesOffset, float[] x, int j, float[] sums) {
        PageFaultGuard.set();
        FloatVector sa = FloatVector.fromArray(Species.FLOAT, scales, scalesOffset);
        FloatVector sb = FloatVector.fromArray(Species.FLOAT, scales, scalesOffset + 8);
        FloatVector sc = FloatVector.fromArray(Species.FLOAT, scales, scalesOffset + 16);
        FloatVector sd = FloatVector.fromArray(Species.FLOAT, scales, scalesOffset + 24);
        FloatVector a0 = FloatVector.fromArray(Species.FLOAT, sums, 0);
        FloatVector b0 = FloatVector.fromArray(Species.FLOAT, sums, 8);
        FloatVector c0 = FloatVector.fromArray(Species.FLOAT, sums, 16);
        FloatVector d0 = FloatVector.fromArray(Species.FLOAT, sums, 24);
        for (int i = 0; i < end; i += 32) {
            IntVector codes = IntVector.fromMemorySegment(Species.INT, w, wOffset + i, Species.FILE_ORDER);
            FloatVector x0 = FloatVector.broadcast(Species.FLOAT, x[j]);
            a0 = ((FloatVector) codes.lanewise(LSHL, 24).lanewise(ASHR, 24).convertShape(I2F, Species.FLOAT, 0)).mul(sa).fma(x0, a0);
            b0 = ((FloatVector) codes.lanewise(LSHL, 16).lanewise(ASHR, 24).convertShape(I2F, Species.FLOAT, 0)).mul(sb).fma(x0, b0);
            c0 = ((FloatVector) codes.lanewise(LSHL, 8).lanewise(ASHR, 24).convertShape(I2F, Species.FLOAT, 0)).mul(sc).fma(x0, c0);
            d0 = ((FloatVector) codes.lanewise(ASHR, 24).convertShape(I2F, Species.FLOAT, 0)).mul(sd).fma(x0, d0);
            j++;
        }
        a0.intoArray(sums, 0);
        b0.intoArray(sums, 8);
        c0.intoArray(sums, 16);
        d0.intoArray(sums, 24);
    }

    private static void tokens2(MemorySegment w, long wOffset, int end, float[] scales, int scalesOffset, float[] x, int j, float[] sums) {
        PageFaultGuard.set();
        FloatVector sa = FloatVector.fromArray(Species.FLOAT, scales, scalesOffset);
        FloatVector sb = FloatVector.fromArray(Species.FLOAT, scales, scalesOffset + 8);
        FloatVector sc = FloatVector.fromArray(Species.FLOAT, scales, scalesOffset + 16);
        FloatVector sd = FloatVector.fromArray(Species.FLOAT, scales, scalesOffset + 24);
        FloatVector a0 = FloatVector.fromArray(Species.FLOAT, sums, 0);
        FloatVector b0 = FloatVector.fromArray(Species.FLOAT, sums, 8);
        FloatVector c0 = FloatVector.fromArray(Species.FLOAT, sums, 16);
        FloatVector d0 = FloatVector.fromArray(Species.FLOAT, sums, 24);
        FloatVector a1 = FloatVector.fromArray(Species.FLOAT, sums, 32);
        FloatVector b1 = FloatVector.fromArray(Species.FLOAT, sums, 40);
        FloatVector c1 = FloatVector.fromArray(Species.FLOAT, sums, 48);
        FloatVector d1 = FloatVector.fromArray(Species.FLOAT, sums, 56);
        for (int i = 0; i < end; i += 32) {
            IntVector codes = IntVector.fromMemorySegment(Species.INT, w, wOffset + i, Species.FILE_ORDER);
            FloatVector x0 = FloatVector.broadcast(Species.FLOAT, x[j]);
            FloatVector x1 = FloatVector.broadcast(Species.FLOAT, x[j + 1]);
            FloatVector a = ((FloatVector) codes.lanewise(LSHL, 24).lanewise(ASHR, 24).convertShape(I2F, Species.FLOAT, 0)).mul(sa);
            a0 = a.fma(x0, a0);
            a1 = a.fma(x1, a1);
            FloatVector b = ((FloatVector) codes.lanewise(LSHL, 16).lanewise(ASHR, 24).convertShape(I2F, Species.FLOAT, 0)).mul(sb);
            b0 = b.fma(x0, b0);
            b1 = b.fma(x1, b1);
            FloatVector c = ((FloatVector) codes.lanewise(LSHL, 8).lanewise(ASHR, 24).convertShape(I2F, Species.FLOAT, 0)).mul(sc);
            c0 = c.fma(x0, c0);
            c1 = c.fma(x1, c1);
            FloatVector d = ((FloatVector) codes.lanewise(ASHR, 24).convertShape(I2F, Species.FLOAT, 0)).mul(sd);
            d0 = d.fma(x0, d0);
            d1 = d.fma(x1, d1);
            j += 2;
        }
        a0.intoArray(sums, 0);
        b0.intoArray(sums, 8);
        c0.intoArray(sums, 16);
        d0.intoArray(sums, 24);
        a1.intoArray(sums, 32);
        b1.intoArray(sums, 40);
        c1.intoArray(sums, 48);
        d1.intoArray(sums, 56);
    }
}
