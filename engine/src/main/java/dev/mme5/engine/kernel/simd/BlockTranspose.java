package dev.mme5.engine.kernel.simd;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Turns squares of {@code SIDE} x {@code SIDE} ints or floats, so that one vector holds one column of as many
 * rows. It is the network of log2(SIDE) equal stages, each of which interleaves vector i with vector i + SIDE / 2 into vectors
 * 2i and 2i + 1; two stages at a time stay in registers.
 */
public final class BlockTranspose {
    public static final int SIDE = Species.COUNT;

    /** x0 y0 x1 y1 ... of the lower halves of two vectors. */
    private static final IntVector LOWER = interleaving(0);

    /** The same of the upper halves. */
    private static final IntVector UPPER = interleaving(SIDE / 2);

    private BlockTranspose() {}

    /** The lanes that interleave two vectors, from lane {@code first} of both. */
    private static IntVector interleaving(int first) {
        int[] lanes = new int[SIDE];
        for (int i = 0; i < SIDE; i++) lanes[i] = first + i / 2 + i % 2 * SIDE;
        return IntVector.fromArray(Species.INT, lanes, 0);
    }

    /**
     * Reads SIDE ints at each of SIDE rows, {@code rowBytes} apart, and leaves them turned for {@link #column}.
     *
     * @param square room for 2 * SIDE * SIDE ints
     */
    public static void turn(MemorySegment bytes, long at, long rowBytes, int[] square) {
        for (int i = 0; i < 4; i++) {
            long row = at + i * rowBytes;
            switch (SIDE) {
                case 16 -> twoStages(load(bytes, row), load(bytes, row + 4 * rowBytes), load(bytes, row + 8 * rowBytes),
                        load(bytes, row + 12 * rowBytes), square, 4 * i * SIDE);
                case 8 -> oneStage(load(bytes, row), load(bytes, row + 4 * rowBytes), square, 2 * i * SIDE);
                default -> load(bytes, row).intoArray(square, i * SIDE);
            }
        }
        lastTwoStages(square);
    }

    /** The same of floats, at each of SIDE rows that are {@code stride} apart. */
    public static void turn(float[] rows, int at, int stride, int[] square) {
        for (int i = 0; i < 4; i++) {
            int row = at + i * stride;
            switch (SIDE) {
                case 16 -> twoStages(load(rows, row), load(rows, row + 4 * stride), load(rows, row + 8 * stride),
                        load(rows, row + 12 * stride), square, 4 * i * SIDE);
                case 8 -> oneStage(load(rows, row), load(rows, row + 4 * stride), square, 2 * i * SIDE);
                default -> load(rows, row).intoArray(square, i * SIDE);
            }
        }
        lastTwoStages(square);
    }

    private static void lastTwoStages(int[] square) {
        int quarter = SIDE / 4 * SIDE;
        for (int i = 0; i < SIDE / 4; i++) {
            int row = i * SIDE;
            twoStages(vector(square, row), vector(square, row + quarter), vector(square, row + 2 * quarter),
                    vector(square, row + 3 * quarter), square, SIDE * SIDE + 4 * i * SIDE);
        }
    }

    /** Copies the columns of a square of floats to rows that are {@code stride} apart. */
    public static void copy(int[] square, float[] out, int at, int stride) {
        for (int i = 0; i < SIDE; i++) column(square, i).reinterpretAsFloats().intoArray(out, at + i * stride);
    }

    /** Column i of the square that was turned last. */
    public static IntVector column(int[] square, int i) {
        return IntVector.fromArray(Species.INT, square, columnAt(i));
    }

    /** Where column i begins in the square. */
    public static int columnAt(int i) {
        return SIDE * SIDE + i * SIDE;
    }

    private static void oneStage(IntVector a, IntVector b, int[] out, int at) {
        LOWER.selectFrom(a, b).intoArray(out, at);
        UPPER.selectFrom(a, b).intoArray(out, at + SIDE);
    }

    /** Of the vectors i, i + SIDE / 4, i + SIDE / 2 and i + 3 SIDE / 4 to 4i ... 4i + 3. */
    private static void twoStages(IntVector a, IntVector b, IntVector c, IntVector d, int[] out, int at) {
        IntVector lowerAc = LOWER.selectFrom(a, c);
        IntVector upperAc = UPPER.selectFrom(a, c);
        IntVector lowerBd = LOWER.selectFrom(b, d);
        IntVector upperBd = UPPER.selectFrom(b, d);
        LOWER.selectFrom(lowerAc, lowerBd).intoArray(out, at);
        UPPER.selectFrom(lowerAc, lowerBd).intoArray(out, at + SIDE);
        LOWER.selectFrom(upperAc, upperBd).intoArray(out, at + 2 * SIDE);
        UPPER.selectFrom(upperAc, upperBd).intoArray(out, at + 3 * SIDE);
    }

    private static IntVector vector(int[] square, int at) {
        return IntVector.fromArray(Species.INT, square, at);
    }

    private static IntVector load(float[] rows, int at) {
        return FloatVector.fromArray(Species.FLOAT, rows, at).reinterpretAsInts();
    }

    private static IntVector load(MemorySegment bytes, long at) {
        PageFaultGuard.set();
        return IntVector.fromMemorySegment(Species.INT, bytes, at, Species.FILE_ORDER);
    }
}
