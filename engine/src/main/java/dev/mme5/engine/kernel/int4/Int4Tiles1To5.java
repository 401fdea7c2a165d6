package dev.mme5.engine.kernel.int4;

import static dev.mme5.engine.kernel.simd.Species.FILE_ORDER;
import static dev.mme5.engine.kernel.simd.Species.INT;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.mme5.engine.kernel.simd.PageFaultGuard;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/** Register tiles of 4-bit panels and 1 to 5 tokens, written by {@code Int4TileSource}; {@link Int4Tiles} explains them. */
final class Int4Tiles1To5 {
    private static final int MASK = Int4Tiles.MASK;
    private static final int LANES = Int4Tiles.LANES;
    private static final int STEP = Int4Tiles.STEP;
    private static final int BLOCK = Int4Tiles.BLOCK_BYTES;

    private Int4Tiles1To5() {}

    static int multiply(
            int tokens, int[] x, int xOffset, MemorySegment w, long wOffset, int length, short[] sums, int sumsOffset, long ahead) {
        return switch (tokens) {
            case 1 -> tokens1(x, xOffset, w, wOffset, length, sums, sumsOffset, ahead);
            case 2 -> tokens2(x, xOffset, w, wOffset, length, sums, sumsOffset, ahead);
            case 3 -> tokens3(x, xOffset, w, wOffset, length, sums, sumsOffset, ahead);
            case 4 -> tokens4(x, xOffset, w, wOffset, length, sums, sumsOffset, ahead);
            default -> tokens5(x, xOffset, w, wOffset, length, sums, sumsOffset, ahead);
        };
    }

    private static int tokens1(
            int[] x, int j, MemorySegment w, long wOffset, int length, short[] sums, int s, long ahead) {
        PageFaultGuard.set();
        int whole = length / BLOCK * BLOCK;
        for (int from = 0; from < whole; from += BLOCK) {
            ShortVector s0 = IntVector.broadcast(INT, x[j]).reinterpretAsShorts();
            IntVector four = IntVector.fromMemorySegment(INT, w, wOffset + from, FILE_ORDER);
            ShortVector w0 = four.and(MASK).reinterpretAsShorts();
            ShortVector w1 = four.lanewise(LSHR, 4).and(MASK).reinterpretAsShorts();
            ShortVector w2 = four.lanewise(LSHR, 8).and(MASK).reinterpretAsShorts();
            ShortVector w3 = four.lanewise(LSHR, 12).and(MASK).reinterpretAsShorts();
            s0 = s0.add(w0.mul(IntVector.broadcast(INT, x[j + 1]).reinterpretAsShorts()));
            s0 = s0.add(w1.mul(IntVector.broadcast(INT, x[j + 2]).reinterpretAsShorts()));
            s0 = s0.add(w2.mul(IntVector.broadcast(INT, x[j + 3]).reinterpretAsShorts()));
            s0 = s0.add(w3.mul(IntVector.broadcast(INT, x[j + 4]).reinterpretAsShorts()));
            four = IntVector.fromMemorySegment(INT, w, wOffset + from + 1 * STEP, FILE_ORDER);
            w0 = four.and(MASK).reinterpretAsShorts();
            w1 = four.lanewise(LSHR, 4).and(MASK).reinterpretAsShorts();
            w2 = four.lanewise(LSHR, 8).and(MASK).reinterpretAsShorts();
            w3 = four.lanewise(LSHR, 12).and(MASK).reinterpretAsShorts();
            s0 = s0.add(w0.mul(IntVector.broadcast(INT, x[j + 5]).reinterpretAsShorts()));
            s0 = s0.add(w1.mul(IntVector.broadcast(INT, x[j + 6]).reinterpretAsShorts()));
            s0 = s0.add(w2.mul(IntVector.broadcast(INT, x[j + 7]).reinterpretAsShorts()));
            s0 = s0.add(w3.mul(IntVector.broadcast(INT, x[j + 8]).reinterpretAsShorts()));
            four = IntVector.fromMemorySegment(INT, w, wOffset + from + 2 * STEP, FILE_ORDER);
            w0 = four.and(MASK).reinterpretAsShorts();
            w1 = four.lanewise(LSHR, 4).and(MASK).reinterpretAsShorts();
            w2 = four.lanewise(LSHR, 8).and(MASK).reinterpretAsShorts();
            w3 = four.lanewise(LSHR, 12).and(MASK).reinterpretAsShorts();
            s0 = s0.add(w0.mul(IntVector.broadcast(INT, x[j + 9]).reinterpretAsShorts()));
            s0 = s0.add(w1.mul(IntVector.broadcast(INT, x[j + 10]).reinterpretAsShorts()));
            s0 = s0.add(w2.mul(IntVector.broadcast(INT, x[j + 11]).reinterpretAsShorts()));
            s0 = s0.add(w3.mul(IntVector.broadcast(INT, x[j + 12]).reinterpretAsShorts()));
            four = IntVector.fromMemorySegment(INT, w, wOffset + from + 3 * STEP, FILE_ORDER);
            w0 = four.and(MASK).reinterpretAsShorts();
            w1 = four.lanewise(LSHR, 4).and(MASK).reinterpretAsShorts();
            w2 = four.lanewise(LSHR, 8).and(MASK).reinterpretAsShorts();
            w3 = four.lanewise(LSHR, 12).and(MASK).reinterpretAsShorts();
            s0 = s0.add(w0.mul(IntVector.broadcast(INT, x[j + 13]).reinterpretAsShorts()));
            s0 = s0.add(w1.mul(IntVector.broadcast(INT, x[j + 14]).reinterpretAsShorts()));
            s0 = s0.add(w2.mul(IntVector.broadcast(INT, x[j + 15]).reinterpretAsShorts()));
            s0 = s0.add(w3.mul(IntVector.broadcast(INT, x[j + 16]).reinterpretAsShorts()));
            four = IntVector.fromMemorySegment(INT, w, wOffset + from + 4 * STEP, FILE_ORDER);
            w0 = four.and(MASK).reinterpretAsShorts();
            w1 = four.lanewise(LSHR, 4).and(MASK).reinterpretAsShorts();
            w2 = four.lanewise(LSHR, 8).and(MASK).reinterpretAsShorts();
            w3 = four.lanewise(LSHR, 12).and(MASK).reinterpretAsShorts();
            s0 = s0.add(w0.mul(IntVector.broadcast(INT, x[j + 17]).reinterpretAsShorts()));
            s0 = s0.add(w1.mul(IntVector.broadcast(INT, x[j + 18]).reinterpretAsShorts()));
            s0 = s0.add(w2.mul(IntVector.broadcast(INT, x[j + 19]).reinterpretAsShorts()));
            s0 = s0.add(w3.mul(IntVector.broadcast(INT, x[j + 20]).reinterpretAsShorts()));
            four = IntVector.fromMemorySegment(INT, w, wOffset + from + 5 * STEP, FILE_ORDER);
            w0 = four.and(MASK).reinterpretAsShorts();
            w1 = four.lanewise(LSHR, 4).and(MASK).reinterpretAsShorts();
            w2 = four.lanewise(LSHR, 8).and(MASK).reinterpretAsShorts();
            w3 = four.lanewise(LSHR, 12).and(MASK).reinterpretAsShorts();
            s0 = s0.add(w0.mul(IntVector.broadcast(INT, x[j + 21]).reinterpretAsShorts()));
            s0 = s0.add(w1.mul(IntVector.broadcast(INT, x[j + 22]).reinterpretAsShorts()));
            s0 = s0.add(w2.mul(IntVector.broadcast(INT, x[j + 23]).reinterpretAsShorts()));
            s0 = s0.add(w3.mul(IntVector.broadcast(INT, x[j + 24]).reinterpretAsShorts()));
            four = IntVector.fromMemorySegment(INT, w, wOffset + from + 6 * STEP, FILE_ORDER);
            w0 = four.and(MASK).reinterpretAsShorts();
            w1 = four.lanewise(LSHR, 4).and(MASK).reinterpretAsShorts();
            w2 = four.lanewise(LSHR, 8).and(MASK).reinterpretAsShorts();
            w3 = four.lanewise(LSHR, 12).and(MASK).reinterpretAsShorts();
            s0 = s0.add(w0.mul(IntVector.broadcast(INT, x[j + 25]).reinterpretAsShorts()));
            s0 = s0.add(w1.mul(IntVector.broadcast(INT, x[j + 26]).reinterpretAsShorts()));
            s0 = s0.add(w2.mul(IntVector.broadcast(INT, x[j + 27]).reinterpretAsShorts()));
            s0 = s0.add(w3.mul(IntVector.broadcast(INT, x[j + 28]).reinterpretAsShorts()));
            four = IntVector.fromMemorySegment(INT, w, wOffset + from + 7 * STEP, FILE_ORDER);
            w0 = four.and(MASK).reinterpretAsShorts();
            w1 = four.lanewise(LSHR, 4).and(MASK).reinterpretAsShorts();
            w2 = four.lanewise(LSHR, 8).and(MASK).reinterpretAsShorts();
            w3 = four.lanewise(LSHR, 12).and(MASK).reinterpretAsShorts();
            s0 = s0.add(w0.mul(IntVector.broadcast(INT, x[j + 29]).reinterpretAsShorts()));
            s0 = s0.add(w1.mul(IntVector.broadcast(INT, x[j + 30]).reinterpretAsShorts()));
            s0 = s0.add(w2.mul(IntVector.broadcast(INT, x[j + 31]).reinterpretAsShorts()));
            s0 = s0.add(w3.mul(IntVector.broadcast(INT, x[j + 32]).reinterpretAsShorts()));
            j += 1 + 32;
            s0.intoArray(sums, s);
            s += LANES;
        }
        return whole == length ? 0 : rest1(x, j, w, wOffset + whole, length - whole, sums, s, ahead);
    }

    private static int rest1(
            int[] x, int j, MemorySegment w, long wOffset, int length, short[] sums, int s, long ahead) {
        PageFaultGuard.set();
        int touched = 0;
        for (int from = 0; from < length; from += BLOCK) {
            int to = Math.min(length, from + BLOCK);
            ShortVector s0 = IntVector.broadcast(INT, x[j]).reinterpretAsShorts();
            j += 1;
            for (int i = from; i < to; i += STEP) {
                touched += w.get(ValueLayout.JAVA_BYTE, ahead + i);
                IntVector four = IntVector.fromMemorySegment(INT, w, wOffset + i, FILE_ORDER);
                ShortVector w0 = four.and(MASK).reinterpretAsShorts();
                ShortVector w1 = four.lanewise(LSHR, 4).and(MASK).reinterpretAsShorts();
                ShortVector w2 = four.lanewise(LSHR, 8).and(MASK).reinterpretAsShorts();
                ShortVector w3 = four.lanewise(LSHR, 12).and(MASK).reinterpretAsShorts();
                s0 = s0.add(w0.mul(IntVector.broadcast(INT, x[j]).reinterpretAsShorts()));
                s0 = s0.add(w1.mul(IntVector.broadcast(INT, x[j + 1]).reinterpretAsShorts()));
                s0 = s0.add(w2.mul(IntVector.broadcast(INT, x[j + 2]).reinterpretAsShorts()));
                s0 = s0.add(w3.mul(IntVector.broadcast(INT, x[j + 3]).reinterpretAsShorts()));
                j += 4;
            }
            s0.intoArray(sums, s);
            s += LANES;
        }
        return touched;
    }

    private static int tokens2(
            int[] x, int j, MemorySegment w, long wOffset, int length, short[] sums, int s, long ahead) {
        PageFaultGuard.set();
        int touched = 0;
        for (int from = 0; from < length; from += BLOCK) {
            int to = Math.min(length, from + BLOCK);
            ShortVector s0 = IntVector.broadcast(INT, x[j]).reinterpretAsShorts();
            ShortVector s1 = IntVector.broadcast(INT, x[j + 1]).reinterpretAsShorts();
            j += 2;
            for (int i = from; i < to; i += STEP) {
                touched += w.get(ValueLayout.JAVA_BYTE, ahead + i);
                IntVector four = IntVector.fromMemorySegment(INT, w, wOffset + i, FILE_ORDER);
                ShortVector w0 = four.and(MASK).reinterpretAsShorts();
                ShortVector w1 = four.lanewise(LSHR, 4).and(MASK).reinterpretAsShorts();
                ShortVector w2 = four.lanewise(LSHR, 8).and(MASK).reinterpretAsShorts();
                ShortVector w3 = four.lanewise(LSHR, 12).and(MASK).reinterpretAsShorts();
                s0 = s0.add(w0.mul(IntVector.broadcast(INT, x[j]).reinterpretAsShorts()));
                s1 = s1.add(w0.mul(IntVector.broadcast(INT, x[j + 1]).reinterpretAsShorts()));
                s0 = s0.add(w1.mul(IntVector.broadcast(INT, x[j + 2]).reinterpretAsShorts()));
                s1 = s1.add(w1.mul(IntVector.broadcast(INT, x[j + 3]).reinterpretAsShorts()));
                s0 = s0.add(w2.mul(IntVector.broadcast(INT, x[j + 4]).reinterpretAsShorts()));
                s1 = s1.add(w2.mul(IntVector.broadcast(INT, x[j + 5]).reinterpretAsShorts()));
                s0 = s0.add(w3.mul(IntVector.broadcast(INT, x[j + 6]).reinterpretAsShorts()));
                s1 = s1.add(w3.mul(IntVector.broadcast(INT, x[j + 7]).reinterpretAsShorts()));
                j += 8;
            }
            s0.intoArray(sums, s);
            s1.intoArray(sums, s + LANES);
            s += 2 * LANES;
        }
        return touched;
    }

    private static int tokens3(
            int[] x, int j, MemorySegment w, long wOffset, int length, short[] sums, int s, long ahead) {
        PageFaultGuard.set();
        int touched = 0;
        for (int from = 0; from < length; from += BLOCK) {
            int to = Math.min(length, from + BLOCK);
            ShortVector s0 = IntVector.broadcast(INT, x[j]).reinterpretAsShorts();
            ShortVector s1 = IntVector.broadcast(INT, x[j + 1]).reinterpretAsShorts();
            ShortVector s2 = IntVector.broadcast(INT, x[j + 2]).reinterpretAsShorts();
            j += 3;
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
                s0 = s0.add(w1.mul(IntVector.broadcast(INT, x[j + 3]).reinterpretAsShorts()));
                s1 = s1.add(w1.mul(IntVector.broadcast(INT, x[j + 4]).reinterpretAsShorts()));
                s2 = s2.add(w1.mul(IntVector.broadcast(INT, x[j + 5]).reinterpretAsShorts()));
                s0 = s0.add(w2.mul(IntVector.broadcast(INT, x[j + 6]).reinterpretAsShorts()));
                s1 = s1.add(w2.mul(IntVector.broadcast(INT, x[j + 7]).reinterpretAsShorts()));
                s2 = s2.add(w2.mul(IntVector.broadcast(INT, x[j + 8]).reinterpretAsShorts()));
                s0 = s0.add(w3.mul(IntVector.broadcast(INT, x[j + 9]).reinterpretAsShorts()));
                s1 = s1.add(w3.mul(IntVector.broadcast(INT, x[j + 10]).reinterpretAsShorts()));
                s2 = s2.add(w3.mul(IntVector.broadcast(INT, x[j + 11]).reinterpretAsShorts()));
                j += 12;
            }
            s0.intoArray(sums, s);
            s1.intoArray(sums, s + LANES);
            s2.intoArray(sums, s + 2 * LANES);
            s += 3 * LANES;
        }
        return touched;
    }

    private static int tokens4(
            int[] x, int j, MemorySegment w, long wOffset, int length, short[] sums, int s, long ahead) {
        PageFaultGuard.set();
        int touched = 0;
        for (int from = 0; from < length; from += BLOCK) {
            int to = Math.min(length, from + BLOCK);
            ShortVector s0 = IntVector.broadcast(INT, x[j]).reinterpretAsShorts();
            ShortVector s1 = IntVector.broadcast(INT, x[j + 1]).reinterpretAsShorts();
            ShortVector s2 = IntVector.broadcast(INT, x[j + 2]).reinterpretAsShorts();
            ShortVector s3 = IntVector.broadcast(INT, x[j + 3]).reinterpretAsShorts();
            j += 4;
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
                s0 = s0.add(w1.mul(IntVector.broadcast(INT, x[j + 4]).reinterpretAsShorts()));
                s1 = s1.add(w1.mul(IntVector.broadcast(INT, x[j + 5]).reinterpretAsShorts()));
                s2 = s2.add(w1.mul(IntVector.broadcast(INT, x[j + 6]).reinterpretAsShorts()));
                s3 = s3.add(w1.mul(IntVector.broadcast(INT, x[j + 7]).reinterpretAsShorts()));
                s0 = s0.add(w2.mul(IntVector.broadcast(INT, x[j + 8]).reinterpretAsShorts()));
                s1 = s1.add(w2.mul(IntVector.broadcast(INT, x[j + 9]).reinterpretAsShorts()));
                s2 = s2.add(w2.mul(IntVector.broadcast(INT, x[j + 10]).reinterpretAsShorts()));
                s3 = s3.add(w2.mul(IntVector.broadcast(INT, x[j + 11]).reinterpretAsShorts()));
                s0 = s0.add(w3.mul(IntVector.broadcast(INT, x[j + 12]).reinterpretAsShorts()));
                s1 = s1.add(w3.mul(IntVector.broadcast(INT, x[j + 13]).reinterpretAsShorts()));
                s2 = s2.add(w3.mul(IntVector.broadcast(INT, x[j + 14]).reinterpretAsShorts()));
                s3 = s3.add(w3.mul(IntVector.broadcast(INT, x[j + 15]).reinterpretAsShorts()));
                j += 16;
            }
            s0.intoArray(sums, s);
            s1.intoArray(sums, s + LANES);
            s2.intoArray(sums, s + 2 * LANES);
            s3.intoArray(sums, s + 3 * LANES);
            s += 4 * LANES;
        }
        return touched;
    }

    private static int tokens5(
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
            j += 5;
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
                s0 = s0.add(w1.mul(IntVector.broadcast(INT, x[j + 5]).reinterpretAsShorts()));
                s1 = s1.add(w1.mul(IntVector.broadcast(INT, x[j + 6]).reinterpretAsShorts()));
                s2 = s2.add(w1.mul(IntVector.broadcast(INT, x[j + 7]).reinterpretAsShorts()));
                s3 = s3.add(w1.mul(IntVector.broadcast(INT, x[j + 8]).reinterpretAsShorts()));
                s4 = s4.add(w1.mul(IntVector.broadcast(INT, x[j + 9]).reinterpretAsShorts()));
                s0 = s0.add(w2.mul(IntVector.broadcast(INT, x[j + 10]).reinterpretAsShorts()));
                s1 = s1.add(w2.mul(IntVector.broadcast(INT, x[j + 11]).reinterpretAsShorts()));
                s2 = s2.add(w2.mul(IntVector.broadcast(INT, x[j + 12]).reinterpretAsShorts()));
                s3 = s3.add(w2.mul(IntVector.broadcast(INT, x[j + 13]).reinterpretAsShorts()));
                s4 = s4.add(w2.mul(IntVector.broadcast(INT, x[j + 14]).reinterpretAsShorts()));
                s0 = s0.add(w3.mul(IntVector.broadcast(INT, x[j + 15]).reinterpretAsShorts()));
                s1 = s1.add(w3.mul(IntVector.broadcast(INT, x[j + 16]).reinterpretAsShorts()));
                s2 = s2.add(w3.mul(IntVector.broadcast(INT, x[j + 17]).reinterpretAsShorts()));
                s3 = s3.add(w3.mul(IntVector.broadcast(INT, x[j + 18]).reinterpretAsShorts()));
                s4 = s4.add(w3.mul(IntVector.broadcast(INT, x[j + 19]).reinterpretAsShorts()));
                j += 20;
            }
            s0.intoArray(sums, s);
            s1.intoArray(sums, s + LANES);
            s2.intoArray(sums, s + 2 * LANES);
            s3.intoArray(sums, s + 3 * LANES);
            s4.intoArray(sums, s + 4 * LANES);
            s += 5 * LANES;
        }
        return touched;
    }
}
