package dev.mme5.engine.kernel.panels.tiles;

import static jdk.incubator.vector.VectorOperators.LSHL;

import dev.mme5.engine.kernel.simd.PageFaultGuard;
import dev.mme5.engine.kernel.simd.Species;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** Register tiles of whole columns of bfloat16 panels, written by {@code TileSource}; {@link PanelTiles} explains them. */
public final class Bf16ColumnTiles {
    private Bf16ColumnTiles() {}

    /** @param tokens 1 or 2 */
    public static int multiply(
            int tokens, MemorySegment w, long wOffset, int depth, float[] x, int xOffset,
            float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride, long ahead, int[] order) {
        return switch (tokens) {
            case 1 -> tokens1(w, wOffset, depth, x, xOffset, in, inOffset, inStride, out, outOffset, outStride,
                    ahead, order);
            default -> tokens2(w, wOffset, depth, x, xOffset, in, inOffset, inStride, out, outOffset, outStride,
                    ahead, order);
        };
    }

    private static int tokens1(
            MemorySegment w, long wOffset, int depth, float[] x, int xOffset,
            float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride, long ahead, int[] order) {
        PageFaultGuard.set();
        FloatVector a0 = FloatVector.fromArray(Species.FLOAT, in, inOffset);
        FloatVector b0 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 8);
        FloatVector c0 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 16);
        FloatVector d0 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 24);
        int touched = 0;
        for (int k = 0; k < depth; k++) {
            touched += w.get(ValueLayout.JAVA_BYTE, ahead + order[k]);
            IntVector p = IntVector.fromMemorySegment(Species.INT, w, wOffset + 64L * k, Species.FILE_ORDER);
            IntVector q = IntVector.fromMemorySegment(Species.INT, w, wOffset + 64L * k + 32, Species.FILE_ORDER);
            FloatVector a = (FloatVector) p.lanewise(LSHL, 16).reinterpretShape(Species.FLOAT, 0);
            FloatVector b = (FloatVector) q.lanewise(LSHL, 16).reinterpretShape(Species.FLOAT, 0);
            FloatVector c = (FloatVector) p.and(0xffff0000).reinterpretShape(Species.FLOAT, 0);
            FloatVector d = (FloatVector) q.and(0xffff0000).reinterpretShape(Species.FLOAT, 0);
            FloatVector x0 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            c0 = c.fma(x0, c0);
            d0 = d.fma(x0, d0);
        }
        a0.intoArray(out, outOffset);
        b0.intoArray(out, outOffset + 8);
        c0.intoArray(out, outOffset + 16);
        d0.intoArray(out, outOffset + 24);
        return touched;
    }

    private static int tokens2(
            MemorySegment w, long wOffset, int depth, float[] x, int xOffset,
            float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride, long ahead, int[] order) {
        PageFaultGuard.set();
        FloatVector a0 = FloatVector.fromArray(Species.FLOAT, in, inOffset);
        FloatVector b0 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 8);
        FloatVector c0 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 16);
        FloatVector d0 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 24);
        FloatVector a1 = FloatVector.fromArray(Species.FLOAT, in, inOffset + inStride);
        FloatVector b1 = FloatVector.fromArray(Species.FLOAT, in, inOffset + inStride + 8);
        FloatVector c1 = FloatVector.fromArray(Species.FLOAT, in, inOffset + inStride + 16);
        FloatVector d1 = FloatVector.fromArray(Species.FLOAT, in, inOffset + inStride + 24);
        int touched = 0;
        for (int k = 0; k < depth; k++) {
            touched += w.get(ValueLayout.JAVA_BYTE, ahead + order[k]);
            IntVector p = IntVector.fromMemorySegment(Species.INT, w, wOffset + 64L * k, Species.FILE_ORDER);
            IntVector q = IntVector.fromMemorySegment(Species.INT, w, wOffset + 64L * k + 32, Species.FILE_ORDER);
            FloatVector a = (FloatVector) p.lanewise(LSHL, 16).reinterpretShape(Species.FLOAT, 0);
            FloatVector b = (FloatVector) q.lanewise(LSHL, 16).reinterpretShape(Species.FLOAT, 0);
            FloatVector c = (FloatVector) p.and(0xffff0000).reinterpretShape(Species.FLOAT, 0);
            FloatVector d = (FloatVector) q.and(0xffff0000).reinterpretShape(Species.FLOAT, 0);
            FloatVector x0 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 2 * k]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            c0 = c.fma(x0, c0);
            d0 = d.fma(x0, d0);
            FloatVector x1 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 2 * k + 1]);
            a1 = a.fma(x1, a1);
            b1 = b.fma(x1, b1);
            c1 = c.fma(x1, c1);
            d1 = d.fma(x1, d1);
        }
        a0.intoArray(out, outOffset);
        b0.intoArray(out, outOffset + 8);
        c0.intoArray(out, outOffset + 16);
        d0.intoArray(out, outOffset + 24);
        a1.intoArray(out, outOffset + outStride);
        b1.intoArray(out, outOffset + outStride + 8);
        c1.intoArray(out, outOffset + outStride + 16);
        d1.intoArray(out, outOffset + outStride + 24);
        return touched;
    }
}
