package dev.mme5.engine.kernel.int4;

import static dev.mme5.engine.kernel.simd.Species.FILE_ORDER;
import static dev.mme5.engine.kernel.simd.Species.INT;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.mme5.engine.kernel.simd.PageFaultGuard;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/** Register tiles of 4-bit panels and 6 to 8 tokens, written by {@code Int4TileSource}; {@link Int4Tiles} explains them. */
final class Int4Tiles6To8 {
    private static final int MASK = Int4Tiles.MASK;
    private static final int LANES = Int4Tiles.LANES;
    private static final int STEP = Int4Tiles.STEP;
    private static final int BLOCK = Int4Tiles.BLOCK_BYTES;

    private Int4Tiles6To8() {}

    static int multiply(
            int tokens, int[] x, int xOffset, MemorySegment w, long wOffset, int length, short[] sums, int sumsOffset, long ahead) {
        return switch (tokens) {
            case 6 -> tokens6(x, xOffset, w, wOffset, length, sums, sumsOffset, ahead);
            case 7 -> tokens7(x, xOffset, w, wOffset, length, sums, sumsOffset, ahead);
            default -> tokens8(x, xOffset, w, wOffset, length, sums, sumsOffset, ahead);
        };
    }

    private static int tokens6(
            int[] x, int j, MemorySegment w, long wOffset, int length, short[] sums, int s, long ahead) {
        PageFaultGuard.set();
        int touched = 0;
        for (int from = 0; from < length; from += BLOCK) {
            int to = Math.min(length, from + BLOCK);
            ShortVector s0 = IntVector.broadcast(INT, x[j]).reinterpretAsShorts();
            ShortVector s1 = IntVector.broadcast(INT, x[j + 1]).reinterpretAsShorts();
            ShortVector s2 = IntVector.broadcast(INT, x[j + 2]).reinterpretAsShorts();
            ShortVector s3 = IntVector.broadcast(INT, x[j + 3]).reinterpretAsShorts();
            ShortVector s4 = IntVector.broadcast(INT, x[j + 4]).reinterpretAsShorts();
            ShortVector s5 = IntVector.broadcast(INT, x[j + 5]).reinterpretAsShorts();
            j += 6;
            for (int i = from; i < to; i += STEP) {
                touched += w.get(ValueLayout.JAVA_BYTE, ahead + i);
                IntVector four = IntVector.fromMemorySegment(INT, w, wOffset + i, FILE_ORDER);
                ShortVector w0 = four.and(MASK).reinterpretAsShorts();
                ShortVector w1 = four.lanewise(LSHR, 4).and(MASK).reinterpretAsShorts();
                ShortVector w2 = four.lanewise(LSHR, 8).and(MASK).reinterpretAsShorts();
                ShortVector w3 = four.lanewise(LSHR, 12).and(MASK).reinterpretAsShorts();
                s0 = s0.add(w0.mul(IntVector.broadcast(INT, x[j]).reinterpretAsShorts()));
                s1 = s1.add(w0.mul(IntVector.broadcast(INT, x[j + 1]).reinterpretAsShorts()));
                s2 = s2.add(w0.mul(IntVector.broadcast(INT, x[j + 2]).reinterpretAsShorts()));
                s3 = s3.add(w0.mul(IntVector.broadcast(INT, x[j + 3]).reinterpretAsShorts()));
                s4 = s4.add(w0.mul(IntVector.broadcast(INT, x[j + 4]).reinterpretAsShorts()));
                s5 = s5.add(w0.mul(IntVector.broadcast(INT, x[j + 5]).reinterpretAsShorts()));
                s0 = s0.add(w1.mul(IntVector.broadcast(INT, x[j + 6]).reinterpretAsShorts()));
                s1 = s1.add(w1.mul(IntVector.broadcast(INT, x[j + 7]).reinterpretAsShorts()));
                s2 = s2.add(w1.mul(IntVector.broadcast(INT, x[j + 8]).reinterpretAsShorts()));
                s3 = s3.add(w1.mul(IntVector.broadcast(INT, x[j + 9]).reinterpretAsShorts()));
                s4 = s4.add(w1.mul(IntVector.broadcast(INT, x[j + 10]).reinterpretAsShorts()));
                s5 = s5.add(w1.mul(IntVector.broadcast(INT, x[j + 11]).reinterpretAsShorts()));
                s0 = s0.add(w2.mul(IntVector.broadcast(INT, x[j + 12]).reinterpretAsShorts()));
                s1 = s1.add(w2.mul(IntVector.broadcast(INT, x[j + 13]).reinterpretAsShorts()));
                s2 = s2.add(w2.mul(IntVector.broadcast(INT, x[j + 14]).reinterpretAsShorts()));
                s3 = s3.add(w2.mul(IntVector.broadcast(INT, x[j + 15]).reinterpretAsShorts()));
                s4 = s4.add(w2.mul(IntVector.broadcast(INT, x[j + 16]).reinterpretAsShorts()));
                s5 = s5.add(w2.mul(IntVector.broadcast(INT, x[j + 17]).reinterpretAsShorts()));
                s0 = s0.add(w3.mul(IntVector.broadcast(INT, x[j + 18]).reinterpretAsShorts()));
                s1 = s1.add(w3.mul(IntVector.broadcast(INT, x[j + 19]).reinterpretAsShorts()));
                s2 = s2.add(w3.mul(IntVector.broadcast(INT, x[j + 20]).reinterpretAsShorts()));
                s3 = s3.add(w3.mul(IntVector.broadcast(INT, x[j + 21]).reinterpretAsShorts()));
                s4 = s4.add(w3.mul(IntVector.broadcast(INT, x[j + 22]).reinterpretAsShorts()));
                s5 = s5.add(w3.mul(IntVector.broadcast(INT, x[j + 23]).reinterpretAsShorts()));
                j += 24;
            }
            s0.intoArray(sums, s);
            s1.intoArray(sums, s + LANES);
            s2.intoArray(sums, s + 2 * LANES);
            s3.intoArray(sums, s + 3 * LANES);
            s4.intoArray(sums, s + 4 * LANES);
            s5.intoArray(sums, s + 5 * LANES);
            s += 6 * LANES;
        }
        return touched;
    }

    private static int tokens7(
            int[] x, int j, MemorySegment w, long wOffset, int length, short[] sums, int s, long ahead) {
        PageFaultGuard.set();
        int touched = 0;
        for (int from = 0; from < length; from += BLOCK) {
            int to = Math.min(length, from + BLOCK);
            ShortVector s0 = IntVector.broadcast(INT, x[j]).reinterpretAsShorts();
            ShortVector s1 = IntVector.broadcast(INT, x[j + 1]).reinterpretAsShorts();
            ShortVector s2 = IntVector.broadcast(INT, x[j + 2]).reinterpretAsShorts();
            ShortVector s3 = IntVector.broadcast(INT, x[j + 3]).reinterpretAsShorts();
            ShortVector s4 = IntVector.broadcast(INT, x[j + 4]).reinterpretAsShorts();
            ShortVector s5 = IntVector.broadcast(INT, x[j + 5]).reinterpretAsShorts();
            ShortVector s6 = IntVector.broadcast(INT, x[j + 6]).reinterpretAsShorts();
            j += 7;
            for (int i = from; i < to; i += STEP) {
                touched += w.get(ValueLayout.JAVA_BYTE, ahead + i);
                IntVector four = IntVector.fromMemorySegment(INT, w, wOffset + i, FILE_ORDER);
                ShortVector w0 = four.and(MASK).reinterpretAsShorts();
                ShortVector w1 = four.lanewise(LSHR, 4).and(MASK).reinterpretAsShorts();
                ShortVector w2 = four.lanewise(LSHR, 8).and(MASK).reinterpretAsShorts();
                ShortVector w3 = four.lanewise(LSHR, 12).and(MASK).reinterpretAsShorts();
                s0 = s0.add(w0.mul(IntVector.broadcast(INT, x[j]).reinterpretAsShorts()));
                s1 = s1.add(w0.mul(IntVector.broadcast(INT, x[j + 1]).reinterpretAsShorts()));
                s2 = s2.add(w0.mul(IntVector.broadcast(INT, x[j + 2]).reinterpretAsShorts()));
                s3 = s3.add(w0.mul(IntVector.broadcast(INT, x[j + 3]).reinterpretAsShorts()));
                s4 = s4.add(w0.mul(IntVector.broadcast(INT, x[j + 4]).reinterpretAsShorts()));
                s5 = s5.add(w0.mul(IntVector.broadcast(INT, x[j + 5]).reinterpretAsShorts()));
                s6 = s6.add(w0.mul(IntVector.broadcast(INT, x[j + 6]).reinterpretAsShorts()));
                s0 = s0.add(w1.mul(IntVector.broadcast(INT, x[j + 7]).reinterpretAsShorts()));
                s1 = s1.add(w1.mul(IntVector.broadcast(INT, x[j + 8]).reinterpretAsShorts()));
                s2 = s2.add(w1.mul(IntVector.broadcast(INT, x[j + 9]).reinterpretAsShorts()));
                s3 = s3.add(w1.mul(IntVector.broadcast(INT, x[j + 10]).reinterpretAsShorts()));
                s4 = s4.add(w1.mul(IntVector.broadcast(INT, x[j + 11]).reinterpretAsShorts()));
                s5 = s5.add(w1.mul(IntVector.broadcast(INT, x[j + 12]).reinterpretAsShorts()));
                s6 = s6.add(w1.mul(IntVector.broadcast(INT, x[j + 13]).reinterpretAsShorts()));
                s0 = s0.add(w2.mul(IntVector.broadcast(INT, x[j + 14]).reinterpretAsShorts()));
                s1 = s1.add(w2.mul(IntVector.broadcast(INT, x[j + 15]).reinterpretAsShorts()));
                s2 = s2.add(w2.mul(IntVector.broadcast(INT, x[j + 16]).reinterpretAsShorts()));
                s3 = s3.add(w2.mul(IntVector.broadcast(INT, x[j + 17]).reinterpretAsShorts()));
                s4 = s4.add(w2.mul(IntVector.broadcast(INT, x[j + 18]).reinterpretAsShorts()));
                s5 = s5.add(w2.mul(IntVector.broadcast(INT, x[j + 19]).reinterpretAsShorts()));
                s6 = s6.add(w2.mul(IntVector.broadcast(INT, x[j + 20]).reinterpretAsShorts()));
                s0 = s0.add(w3.mul(IntVector.broadcast(INT, x[j + 21]).reinterpretAsShorts()));
                s1 = s1.add(w3.mul(IntVector.broadcast(INT, x[j + 22]).reinterpretAsShorts()));
                s2 = s2.add(w3.mul(IntVector.broadcast(INT, x[j + 23]).reinterpretAsShorts()));
                s3 = s3.add(w3.mul(IntVector.broadcast(INT, x[j + 24]).reinterpretAsShorts()));
                s4 = s4.add(w3.mul(IntVector.broadcast(INT, x[j + 25]).reinterpretAsShorts()));
                s5 = s5.add(w3.mul(IntVector.broadcast(INT, x[j + 26]).reinterpretAsShorts()));
                s6 = s6.add(w3.mul(IntVector.broadcast(INT, x[j + 27]).reinterpretAsShorts()));
                j += 28;
            }
            s0.intoArray(sums, s);
            s1.intoArray(sums, s + LANES);
            s2.intoArray(sums, s + 2 * LANES);
            s3.intoArray(sums, s + 3 * LANES);
            s4.intoArray(sums, s + 4 * LANES);
            s5.intoArray(sums, s + 5 * LANES);
            s6.intoArray(sums, s + 6 * LANES);
            s += 7 * LANES;
        }
        return touched;
    }

    private static int tokens8(
            int[] x, int j, MemorySegment w, long wOffset, int length, short[] sums, int s, long ahead) {
        PageFaultGuard.set();
        int touched = 0;
        for (int from = 0; from < length; from += BLOCK) {
            int to = Math.min(length, from + BLOCK);
            ShortVector s0 = IntVector.broadcast(INT, x[j]).reinterpretAsShorts();
            ShortVector s1 = IntVector.broadcast(INT, x[j + 1]).reinterpretAsShorts();
            ShortVector s2 = IntVector.broadcast(INT, x[j + 2]).reinterpretAsShorts();
            ShortVector s3 = IntVector.broadcast(INT, x[j + 3]).reinterpretAsShorts();
            ShortVector s4 = IntVector.broadcast(INT, x[j + 4]).reinterpretAsShorts();
            ShortVector s5 = IntVector.broadcast(INT, x[j + 5]).reinterpretAsShorts();
            ShortVector s6 = IntVector.broadcast(INT, x[j + 6]).reinterpretAsShorts();
            ShortVector s7 = IntVector.broadcast(INT, x[j + 7]).reinterpretAsShorts();
            j += 8;
            for (int i = from; i < to; i += STEP) {
                touched += w.get(ValueLayout.JAVA_BYTE, ahead + i);
                IntVector four = IntVector.fromMemorySegment(INT, w, wOffset + i, FILE_ORDER);
                ShortVector w0 = four.and(MASK).reinterpretAsShorts();
                ShortVector w1 = four.lanewise(LSHR, 4).and(MASK).reinterpretAsShorts();
                ShortVector w2 = four.lanewise(LSHR, 8).and(MASK).reinterpretAsShorts();
                ShortVector w3 = four.lanewise(LSHR, 12).and(MASK).reinterpretAsShorts();
                s0 = s0.add(w0.mul(IntVector.broadcast(INT, x[j]).reinterpretAsShorts()));
                s1 = s1.add(w0.mul(IntVector.broadcast(INT, x[j + 1]).reinterpretAsShorts()));
                s2 = s2.add(w0.mul(IntVector.broadcast(INT, x[j + 2]).reinterpretAsShorts()));
                s3 = s3.add(w0.mul(IntVector.broadcast(INT, x[j + 3]).reinterpretAsShorts()));
                s4 = s4.add(w0.mul(IntVector.broadcast(INT, x[j + 4]).reinterpretAsShorts()));
                s5 = s5.add(w0.mul(IntVector.broadcast(INT, x[j + 5]).reinterpretAsShorts()));
                s6 = s6.add(w0.mul(IntVector.broadcast(INT, x[j + 6]).reinterpretAsShorts()));
                s7 = s7.add(w0.mul(IntVector.broadcast(INT, x[j + 7]).reinterpretAsShorts()));
                s0 = s0.add(w1.mul(IntVector.broadcast(INT, x[j + 8]).reinterpretAsShorts()));
                s1 = s1.add(w1.mul(IntVector.broadcast(INT, x[j + 9]).reinterpretAsShorts()));
                s2 = s2.add(w1.mul(IntVector.broadcast(INT, x[j + 10]).reinterpretAsShorts()));
                s3 = s3.add(w1.mul(IntVector.broadcast(INT, x[j + 11]).reinterpretAsShorts()));
                s4 = s4.add(w1.mul(IntVector.broadcast(INT, x[j + 12]).reinterpretAsShorts()));
                s5 = s5.add(w1.mul(IntVector.broadcast(INT, x[j + 13]).reinterpretAsShorts()));
                s6 = s6.add(w1.mul(IntVector.broadcast(INT, x[j + 14]).reinterpretAsShorts()));
                s7 = s7.add(w1.mul(IntVector.broadcast(INT, x[j + 15]).reinterpretAsShorts()));
                s0 = s0.add(w2.mul(IntVector.broadcast(INT, x[j + 16]).reinterpretAsShorts()));
                s1 = s1.add(w2.mul(IntVector.broadcast(INT, x[j + 17]).reinterpretAsShorts()));
                s2 = s2.add(w2.mul(IntVector.broadcast(INT, x[j + 18]).reinterpretAsShorts()));
                s3 = s3.add(w2.mul(IntVector.broadcast(INT, x[j + 19]).reinterpretAsShorts()));
                s4 = s4.add(w2.mul(IntVector.broadcast(INT, x[j + 20]).reinterpretAsShorts()));
                s5 = s5.add(w2.mul(IntVector.broadcast(INT, x[j + 21]).reinterpretAsShorts()));
                s6 = s6.add(w2.mul(IntVector.broadcast(INT, x[j + 22]).reinterpretAsShorts()));
                s7 = s7.add(w2.mul(IntVector.broadcast(INT, x[j + 23]).reinterpretAsShorts()));
                s0 = s0.add(w3.mul(IntVector.broadcast(INT, x[j + 24]).reinterpretAsShorts()));
                s1 = s1.add(w3.mul(IntVector.broadcast(INT, x[j + 25]).reinterpretAsShorts()));
                s2 = s2.add(w3.mul(IntVector.broadcast(INT, x[j + 26]).reinterpretAsShorts()));
                s3 = s3.add(w3.mul(IntVector.broadcast(INT, x[j + 27]).reinterpretAsShorts()));
                s4 = s4.add(w3.mul(IntVector.broadcast(INT, x[j + 28]).reinterpretAsShorts()));
                s5 = s5.add(w3.mul(IntVector.broadcast(INT, x[j + 29]).reinterpretAsShorts()));
                s6 = s6.add(w3.mul(IntVector.broadcast(INT, x[j + 30]).reinterpretAsShorts()));
                s7 = s7.add(w3.mul(IntVector.broadcast(INT, x[j + 31]).reinterpretAsShorts()));
                j += 32;
            }
            s0.intoArray(sums, s);
            s1.intoArray(sums, s + LANES);
            s2.intoArray(sums, s + 2 * LANES);
            s3.intoArray(sums, s + 3 * LANES);
            s4.intoArray(sums, s + 4 * LANES);
            s5.intoArray(sums, s + 5 * LANES);
            s6.intoArray(sums, s + 6 * LANES);
            s7.intoArray(sums, s + 7 * LANES);
            s += 8 * LANES;
        }
        return touched;
    }
}
