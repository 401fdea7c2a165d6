package dev.mme5.engine.kernel.int4;

import static dev.mme5.engine.kernel.simd.Species.FILE_ORDER;
import static dev.mme5.engine.kernel.simd.Species.INT;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.mme5.engine.kernel.simd.PageFaultGuard;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/** Register tiles of 4-bit panels and 9 to 11 tokens, written by {@code Int4TileSource}; {@link Int4Tiles} explains them. */
final class Int4Tiles9To11 {
    private static final int MASK = Int4Tiles.MASK;
    private static final int LANES = Int4Tiles.LANES;
    private static final int STEP = Int4Tiles.STEP;
    private static final int BLOCK = Int4Tiles.BLOCK_BYTES;

    private Int4Tiles9To11() {}

    static int multiply(
            int tokens, int[] x, int xOffset, MemorySegment w, long wOffset, int length, short[] sums, int sumsOffset, long ahead) {
        return switch (tokens) {
            case 9 -> tokens9(x, xOffset, w, wOffset, length, sums, sumsOffset, ahead);
            case 10 -> tokens10(x, xOffset, w, wOffset, length, sums, sumsOffset, ahead);
            default -> tokens11(x, xOffset, w, wOffset, length, sums, sumsOffset, ahead);
        };
    }

    private static int tokens9(
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
            ShortVector s8 = IntVector.broadcast(INT, x[j + 8]).reinterpretAsShorts();
            j += 9;
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
                s8 = s8.add(w0.mul(IntVector.broadcast(INT, x[j + 8]).reinterpretAsShorts()));
                s0 = s0.add(w1.mul(IntVector.broadcast(INT, x[j + 9]).reinterpretAsShorts()));
                s1 = s1.add(w1.mul(IntVector.broadcast(INT, x[j + 10]).reinterpretAsShorts()));
                s2 = s2.add(w1.mul(IntVector.broadcast(INT, x[j + 11]).reinterpretAsShorts()));
                s3 = s3.add(w1.mul(IntVector.broadcast(INT, x[j + 12]).reinterpretAsShorts()));
                s4 = s4.add(w1.mul(IntVector.broadcast(INT, x[j + 13]).reinterpretAsShorts()));
                s5 = s5.add(w1.mul(IntVector.broadcast(INT, x[j + 14]).reinterpretAsShorts()));
                s6 = s6.add(w1.mul(IntVector.broadcast(INT, x[j + 15]).reinterpretAsShorts()));
                s7 = s7.add(w1.mul(IntVector.broadcast(INT, x[j + 16]).reinterpretAsShorts()));
                s8 = s8.add(w1.mul(IntVector.broadcast(INT, x[j + 17]).reinterpretAsShorts()));
                s0 = s0.add(w2.mul(IntVector.broadcast(INT, x[j + 18]).reinterpretAsShorts()));
                s1 = s1.add(w2.mul(IntVector.broadcast(INT, x[j + 19]).reinterpretAsShorts()));
                s2 = s2.add(w2.mul(IntVector.broadcast(INT, x[j + 20]).reinterpretAsShorts()));
                s3 = s3.add(w2.mul(IntVector.broadcast(INT, x[j + 21]).reinterpretAsShorts()));
                s4 = s4.add(w2.mul(IntVector.broadcast(INT, x[j + 22]).reinterpretAsShorts()));
                s5 = s5.add(w2.mul(IntVector.broadcast(INT, x[j + 23]).reinterpretAsShorts()));
                s6 = s6.add(w2.mul(IntVector.broadcast(INT, x[j + 24]).reinterpretAsShorts()));
                s7 = s7.add(w2.mul(IntVector.broadcast(INT, x[j + 25]).reinterpretAsShorts()));
                s8 = s8.add(w2.mul(IntVector.broadcast(INT, x[j + 26]).reinterpretAsShorts()));
                s0 = s0.add(w3.mul(IntVector.broadcast(INT, x[j + 27]).reinterpretAsShorts()));
                s1 = s1.add(w3.mul(IntVector.broadcast(INT, x[j + 28]).reinterpretAsShorts()));
                s2 = s2.add(w3.mul(IntVector.broadcast(INT, x[j + 29]).reinterpretAsShorts()));
                s3 = s3.add(w3.mul(IntVector.broadcast(INT, x[j + 30]).reinterpretAsShorts()));
                s4 = s4.add(w3.mul(IntVector.broadcast(INT, x[j + 31]).reinterpretAsShorts()));
                s5 = s5.add(w3.mul(IntVector.broadcast(INT, x[j + 32]).reinterpretAsShorts()));
                s6 = s6.add(w3.mul(IntVector.broadcast(INT, x[j + 33]).reinterpretAsShorts()));
                s7 = s7.add(w3.mul(IntVector.broadcast(INT, x[j + 34]).reinterpretAsShorts()));
                s8 = s8.add(w3.mul(IntVector.broadcast(INT, x[j + 35]).reinterpretAsShorts()));
                j += 36;
            }
            s0.intoArray(sums, s);
            s1.intoArray(sums, s + LANES);
            s2.intoArray(sums, s + 2 * LANES);
            s3.intoArray(sums, s + 3 * LANES);
            s4.intoArray(sums, s + 4 * LANES);
            s5.intoArray(sums, s + 5 * LANES);
            s6.intoArray(sums, s + 6 * LANES);
            s7.intoArray(sums, s + 7 * LANES);
            s8.intoArray(sums, s + 8 * LANES);
            s += 9 * LANES;
        }
        return touched;
    }

    private static int tokens10(
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
            ShortVector s8 = IntVector.broadcast(INT, x[j + 8]).reinterpretAsShorts();
            ShortVector s9 = IntVector.broadcast(INT, x[j + 9]).reinterpretAsShorts();
            j += 10;
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
                s8 = s8.add(w0.mul(IntVector.broadcast(INT, x[j + 8]).reinterpretAsShorts()));
                s9 = s9.add(w0.mul(IntVector.broadcast(INT, x[j + 9]).reinterpretAsShorts()));
                s0 = s0.add(w1.mul(IntVector.broadcast(INT, x[j + 10]).reinterpretAsShorts()));
                s1 = s1.add(w1.mul(IntVector.broadcast(INT, x[j + 11]).reinterpretAsShorts()));
                s2 = s2.add(w1.mul(IntVector.broadcast(INT, x[j + 12]).reinterpretAsShorts()));
                s3 = s3.add(w1.mul(IntVector.broadcast(INT, x[j + 13]).reinterpretAsShorts()));
                s4 = s4.add(w1.mul(IntVector.broadcast(INT, x[j + 14]).reinterpretAsShorts()));
                s5 = s5.add(w1.mul(IntVector.broadcast(INT, x[j + 15]).reinterpretAsShorts()));
                s6 = s6.add(w1.mul(IntVector.broadcast(INT, x[j + 16]).reinterpretAsShorts()));
                s7 = s7.add(w1.mul(IntVector.broadcast(INT, x[j + 17]).reinterpretAsShorts()));
                s8 = s8.add(w1.mul(IntVector.broadcast(INT, x[j + 18]).reinterpretAsShorts()));
                s9 = s9.add(w1.mul(IntVector.broadcast(INT, x[j + 19]).reinterpretAsShorts()));
                s0 = s0.add(w2.mul(IntVector.broadcast(INT, x[j + 20]).reinterpretAsShorts()));
                s1 = s1.add(w2.mul(IntVector.broadcast(INT, x[j + 21]).reinterpretAsShorts()));
                s2 = s2.add(w2.mul(IntVector.broadcast(INT, x[j + 22]).reinterpretAsShorts()));
                s3 = s3.add(w2.mul(IntVector.broadcast(INT, x[j + 23]).reinterpretAsShorts()));
                s4 = s4.add(w2.mul(IntVector.broadcast(INT, x[j + 24]).reinterpretAsShorts()));
                s5 = s5.add(w2.mul(IntVector.broadcast(INT, x[j + 25]).reinterpretAsShorts()));
                s6 = s6.add(w2.mul(IntVector.broadcast(INT, x[j + 26]).reinterpretAsShorts()));
                s7 = s7.add(w2.mul(IntVector.broadcast(INT, x[j + 27]).reinterpretAsShorts()));
                s8 = s8.add(w2.mul(IntVector.broadcast(INT, x[j + 28]).reinterpretAsShorts()));
                s9 = s9.add(w2.mul(IntVector.broadcast(INT, x[j + 29]).reinterpretAsShorts()));
                s0 = s0.add(w3.mul(IntVector.broadcast(INT, x[j + 30]).reinterpretAsShorts()));
                s1 = s1.add(w3.mul(IntVector.broadcast(INT, x[j + 31]).reinterpretAsShorts()));
                s2 = s2.add(w3.mul(IntVector.broadcast(INT, x[j + 32]).reinterpretAsShorts()));
                s3 = s3.add(w3.mul(IntVector.broadcast(INT, x[j + 33]).reinterpretAsShorts()));
                s4 = s4.add(w3.mul(IntVector.broadcast(INT, x[j + 34]).reinterpretAsShorts()));
                s5 = s5.add(w3.mul(IntVector.broadcast(INT, x[j + 35]).reinterpretAsShorts()));
                s6 = s6.add(w3.mul(IntVector.broadcast(INT, x[j + 36]).reinterpretAsShorts()));
                s7 = s7.add(w3.mul(IntVector.broadcast(INT, x[j + 37]).reinterpretAsShorts()));
                s8 = s8.add(w3.mul(IntVector.broadcast(INT, x[j + 38]).reinterpretAsShorts()));
                s9 = s9.add(w3.mul(IntVector.broadcast(INT, x[j + 39]).reinterpretAsShorts()));
                j += 40;
            }
            s0.intoArray(sums, s);
            s1.intoArray(sums, s + LANES);
            s2.intoArray(sums, s + 2 * LANES);
            s3.intoArray(sums, s + 3 * LANES);
            s4.intoArray(sums, s + 4 * LANES);
            s5.intoArray(sums, s + 5 * LANES);
            s6.intoArray(sums, s + 6 * LANES);
            s7.intoArray(sums, s + 7 * LANES);
            s8.intoArray(sums, s + 8 * LANES);
            s9.intoArray(sums, s + 9 * LANES);
            s += 10 * LANES;
        }
        return touched;
    }

    private static int tokens11(
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
            ShortVector s8 = IntVector.broadcast(INT, x[j + 8]).reinterpretAsShorts();
            ShortVector s9 = IntVector.broadcast(INT, x[j + 9]).reinterpretAsShorts();
            ShortVector s10 = IntVector.broadcast(INT, x[j + 10]).reinterpretAsShorts();
            j += 11;
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
                s8 = s8.add(w0.mul(IntVector.broadcast(INT, x[j + 8]).reinterpretAsShorts()));
                s9 = s9.add(w0.mul(IntVector.broadcast(INT, x[j + 9]).reinterpretAsShorts()));
                s10 = s10.add(w0.mul(IntVector.broadcast(INT, x[j + 10]).reinterpretAsShorts()));
                s0 = s0.add(w1.mul(IntVector.broadcast(INT, x[j + 11]).reinterpretAsShorts()));
                s1 = s1.add(w1.mul(IntVector.broadcast(INT, x[j + 12]).reinterpretAsShorts()));
                s2 = s2.add(w1.mul(IntVector.broadcast(INT, x[j + 13]).reinterpretAsShorts()));
                s3 = s3.add(w1.mul(IntVector.broadcast(INT, x[j + 14]).reinterpretAsShorts()));
                s4 = s4.add(w1.mul(IntVector.broadcast(INT, x[j + 15]).reinterpretAsShorts()));
                s5 = s5.add(w1.mul(IntVector.broadcast(INT, x[j + 16]).reinterpretAsShorts()));
                s6 = s6.add(w1.mul(IntVector.broadcast(INT, x[j + 17]).reinterpretAsShorts()));
                s7 = s7.add(w1.mul(IntVector.broadcast(INT, x[j + 18]).reinterpretAsShorts()));
                s8 = s8.add(w1.mul(IntVector.broadcast(INT, x[j + 19]).reinterpretAsShorts()));
                s9 = s9.add(w1.mul(IntVector.broadcast(INT, x[j + 20]).reinterpretAsShorts()));
                s10 = s10.add(w1.mul(IntVector.broadcast(INT, x[j + 21]).reinterpretAsShorts()));
                s0 = s0.add(w2.mul(IntVector.broadcast(INT, x[j + 22]).reinterpretAsShorts()));
                s1 = s1.add(w2.mul(IntVector.broadcast(INT, x[j + 23]).reinterpretAsShorts()));
                s2 = s2.add(w2.mul(IntVector.broadcast(INT, x[j + 24]).reinterpretAsShorts()));
                s3 = s3.add(w2.mul(IntVector.broadcast(INT, x[j + 25]).reinterpretAsShorts()));
                s4 = s4.add(w2.mul(IntVector.broadcast(INT, x[j + 26]).reinterpretAsShorts()));
                s5 = s5.add(w2.mul(IntVector.broadcast(INT, x[j + 27]).reinterpretAsShorts()));
                s6 = s6.add(w2.mul(IntVector.broadcast(INT, x[j + 28]).reinterpretAsShorts()));
                s7 = s7.add(w2.mul(IntVector.broadcast(INT, x[j + 29]).reinterpretAsShorts()));
                s8 = s8.add(w2.mul(IntVector.broadcast(INT, x[j + 30]).reinterpretAsShorts()));
                s9 = s9.add(w2.mul(IntVector.broadcast(INT, x[j + 31]).reinterpretAsShorts()));
                s10 = s10.add(w2.mul(IntVector.broadcast(INT, x[j + 32]).reinterpretAsShorts()));
                s0 = s0.add(w3.mul(IntVector.broadcast(INT, x[j + 33]).reinterpretAsShorts()));
                s1 = s1.add(w3.mul(IntVector.broadcast(INT, x[j + 34]).reinterpretAsShorts()));
                s2 = s2.add(w3.mul(IntVector.broadcast(INT, x[j + 35]).reinterpretAsShorts()));
                s3 = s3.add(w3.mul(IntVector.broadcast(INT, x[j + 36]).reinterpretAsShorts()));
                s4 = s4.add(w3.mul(IntVector.broadcast(INT, x[j + 37]).reinterpretAsShorts()));
                s5 = s5.add(w3.mul(IntVector.broadcast(INT, x[j + 38]).reinterpretAsShorts()));
                s6 = s6.add(w3.mul(IntVector.broadcast(INT, x[j + 39]).reinterpretAsShorts()));
                s7 = s7.add(w3.mul(IntVector.broadcast(INT, x[j + 40]).reinterpretAsShorts()));
                s8 = s8.add(w3.mul(IntVector.broadcast(INT, x[j + 41]).reinterpretAsShorts()));
                s9 = s9.add(w3.mul(IntVector.broadcast(INT, x[j + 42]).reinterpretAsShorts()));
                s10 = s10.add(w3.mul(IntVector.broadcast(INT, x[j + 43]).reinterpretAsShorts()));
                j += 44;
            }
            s0.intoArray(sums, s);
            s1.intoArray(sums, s + LANES);
            s2.intoArray(sums, s + 2 * LANES);
            s3.intoArray(sums, s + 3 * LANES);
            s4.intoArray(sums, s + 4 * LANES);
            s5.intoArray(sums, s + 5 * LANES);
            s6.intoArray(sums, s + 6 * LANES);
            s7.intoArray(sums, s + 7 * LANES);
            s8.intoArray(sums, s + 8 * LANES);
            s9.intoArray(sums, s + 9 * LANES);
            s10.intoArray(sums, s + 10 * LANES);
            s += 11 * LANES;
        }
        return touched;
    }
}
