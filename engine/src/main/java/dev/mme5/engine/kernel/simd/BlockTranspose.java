package dev.mme5.engine.kernel.simd;

import static jdk.incubator.vector.VectorOperators.LSHL;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Transposes blocks of {@code BLOCK_SIDE} x {@code BLOCK_SIDE} ints or floats, so that one vector holds one column of BLOCK_SIDE rows.
 * The network has log2(BLOCK_SIDE) equal stages. Each interleaves vector i with vector i + BLOCK_SIDE / 2 into vectors 2i and 2i + 1.
 * Two stages at a time stay in registers.
 */
public final class BlockTranspose {
    /** Rows and columns of a block: the lanes of a vector. */
    public static final int BLOCK_SIDE = Species.COUNT;

    /** Whether selecting from two vectors takes many instructions. */
    private static final boolean ROTATED = Species.FEW_REGISTERS && BLOCK_SIDE == 8;

    /** Selects x0 y0 x1 y1 ... from the lower halves of two vectors. */
    private static final IntVector LOWER = interleaving(0);

    /** Selects the same from the upper halves. */
    private static final IntVector UPPER = interleaving(BLOCK_SIDE / 2);

    private BlockTranspose() {}

    /** Lane numbers that interleave two vectors, from lane {@code first} of both. */
    private static IntVector interleaving(int first) {
        int[] lanes = new int[BLOCK_SIDE];
        for (int i = 0; i < BLOCK_SIDE; i++) lanes[i] = first + i / 2 + i % 2 * BLOCK_SIDE;
        return IntVector.fromArray(Species.INT, lanes, 0);
    }

    /**
     * Reads BLOCK_SIDE ints from each of BLOCK_SIDE rows, {@code rowBytes} apart, and transposes them. {@link #column} gives the result.
     *
     * @param block a buffer of 2 * BLOCK_SIDE * BLOCK_SIDE ints
     */
    public static void transpose(MemorySegment bytes, long offset, long rowBytes, int[] block) {
        if (ROTATED) {
            rotated(bytes, offset, rowBytes, block);
            return;
        }
        firstStages(bytes, offset, rowBytes, block);
        lastTwoStages(block);
    }

    private static void rotated(MemorySegment bytes, long offset, long rowBytes, int[] block) {
        for (int i = 0; i < BLOCK_SIDE; i++) load(bytes, offset + i * rowBytes).intoArray(block, i * BLOCK_SIDE);
        RotatedTranspose.transpose(block);
    }

    /**
     * Reads 2 * BLOCK_SIDE BF16 values from each of BLOCK_SIDE rows, and writes the columns, widened to floats. The last stages are those
     * of {@link #transpose}, written out so that their results stay in registers: a quarter less time than transposing, then widening.
     *
     * @param block a buffer as in {@link #transpose}
     * @param out receives BLOCK_SIDE floats for each column, {@code stride} apart
     */
    public static void transposeBf16(MemorySegment bytes, long offset, long rowBytes, int[] block, float[] out, int outOffset, int stride) {
        if (ROTATED) {
            rotated(bytes, offset, rowBytes, block);
            for (int i = 0; i < BLOCK_SIDE; i++) {
                IntVector pairs = column(block, i);
                ((FloatVector) pairs.lanewise(LSHL, 16).reinterpretShape(Species.FLOAT, 0)).intoArray(out, outOffset + 2 * i * stride);
                ((FloatVector) pairs.and(0xffff0000).reinterpretShape(Species.FLOAT, 0)).intoArray(out, outOffset + (2 * i + 1) * stride);
            }
            return;
        }
        firstStages(bytes, offset, rowBytes, block);
        int quarter = BLOCK_SIDE / 4 * BLOCK_SIDE;
        for (int i = 0; i < BLOCK_SIDE / 4; i++) {
            int row = i * BLOCK_SIDE;
            IntVector a = IntVector.fromArray(Species.INT, block, row);
            IntVector b = IntVector.fromArray(Species.INT, block, row + quarter);
            IntVector c = IntVector.fromArray(Species.INT, block, row + 2 * quarter);
            IntVector d = IntVector.fromArray(Species.INT, block, row + 3 * quarter);
            IntVector lowerAc = LOWER.selectFrom(a, c);
            IntVector upperAc = UPPER.selectFrom(a, c);
            IntVector lowerBd = LOWER.selectFrom(b, d);
            IntVector upperBd = UPPER.selectFrom(b, d);
            int first = outOffset + 8 * i * stride; // the lower half of an int is the earlier column
            IntVector pairs0 = LOWER.selectFrom(lowerAc, lowerBd);
            ((FloatVector) pairs0.lanewise(LSHL, 16).reinterpretShape(Species.FLOAT, 0)).intoArray(out, first);
            ((FloatVector) pairs0.and(0xffff0000).reinterpretShape(Species.FLOAT, 0)).intoArray(out, first + stride);
            IntVector pairs1 = UPPER.selectFrom(lowerAc, lowerBd);
            ((FloatVector) pairs1.lanewise(LSHL, 16).reinterpretShape(Species.FLOAT, 0)).intoArray(out, first + 2 * stride);
            ((FloatVector) pairs1.and(0xffff0000).reinterpretShape(Species.FLOAT, 0)).intoArray(out, first + 3 * stride);
            IntVector pairs2 = LOWER.selectFrom(upperAc, upperBd);
            ((FloatVector) pairs2.lanewise(LSHL, 16).reinterpretShape(Species.FLOAT, 0)).intoArray(out, first + 4 * stride);
            ((FloatVector) pairs2.and(0xffff0000).reinterpretShape(Species.FLOAT, 0)).intoArray(out, first + 5 * stride);
            IntVector pairs3 = UPPER.selectFrom(upperAc, upperBd);
            ((FloatVector) pairs3.lanewise(LSHL, 16).reinterpretShape(Species.FLOAT, 0)).intoArray(out, first + 6 * stride);
            ((FloatVector) pairs3.and(0xffff0000).reinterpretShape(Species.FLOAT, 0)).intoArray(out, first + 7 * stride);
        }
    }

    private static void firstStages(MemorySegment bytes, long offset, long rowBytes, int[] block) {
        for (int i = 0; i < 4; i++) {
            long row = offset + i * rowBytes;
            switch (BLOCK_SIDE) {
                case 16 -> twoStages(load(bytes, row), load(bytes, row + 4 * rowBytes), load(bytes, row + 8 * rowBytes),
                        load(bytes, row + 12 * rowBytes), block, 4 * i * BLOCK_SIDE);
                case 8 -> oneStage(load(bytes, row), load(bytes, row + 4 * rowBytes), block, 2 * i * BLOCK_SIDE);
                default -> load(bytes, row).intoArray(block, i * BLOCK_SIDE);
            }
        }
    }

    /** Transposes floats from BLOCK_SIDE rows that are {@code stride} apart. */
    public static void transpose(float[] rows, int offset, int stride, int[] block) {
        if (ROTATED) {
            for (int i = 0; i < BLOCK_SIDE; i++) load(rows, offset + i * stride).intoArray(block, i * BLOCK_SIDE);
            RotatedTranspose.transpose(block);
            return;
        }
        for (int i = 0; i < 4; i++) {
            int row = offset + i * stride;
            switch (BLOCK_SIDE) {
                case 16 -> twoStages(load(rows, row), load(rows, row + 4 * stride), load(rows, row + 8 * stride),
                        load(rows, row + 12 * stride), block, 4 * i * BLOCK_SIDE);
                case 8 -> oneStage(load(rows, row), load(rows, row + 4 * stride), block, 2 * i * BLOCK_SIDE);
                default -> load(rows, row).intoArray(block, i * BLOCK_SIDE);
            }
        }
        lastTwoStages(block);
    }

    private static void lastTwoStages(int[] block) {
        int quarter = BLOCK_SIDE / 4 * BLOCK_SIDE;
        for (int i = 0; i < BLOCK_SIDE / 4; i++) {
            int row = i * BLOCK_SIDE;
            twoStages(vector(block, row), vector(block, row + quarter), vector(block, row + 2 * quarter),
                    vector(block, row + 3 * quarter), block, BLOCK_SIDE * BLOCK_SIDE + 4 * i * BLOCK_SIDE);
        }
    }

    /** Writes the columns of a transposed block of floats to rows that are {@code stride} apart. */
    public static void copy(int[] block, float[] out, int offset, int stride) {
        for (int i = 0; i < BLOCK_SIDE; i++)
            ((FloatVector) column(block, i).reinterpretShape(Species.FLOAT, 0)).intoArray(out, offset + i * stride);
    }

    /** The same, the last column first, for rows that overlap: a store must not overwrite the part of its neighbour that counts. */
    public static void copyBackwards(int[] block, float[] out, int offset, int stride) {
        for (int i = BLOCK_SIDE - 1; i >= 0; i--)
            ((FloatVector) column(block, i).reinterpretShape(Species.FLOAT, 0)).intoArray(out, offset + i * stride);
    }

    /** Column i of the block that was transposed last. */
    public static IntVector column(int[] block, int i) {
        return IntVector.fromArray(Species.INT, block, columnOffset(i));
    }

    /** Offset of column i in the buffer. */
    public static int columnOffset(int i) {
        return BLOCK_SIDE * BLOCK_SIDE + i * BLOCK_SIDE;
    }

    private static void oneStage(IntVector a, IntVector b, int[] out, int offset) {
        LOWER.selectFrom(a, b).intoArray(out, offset);
        UPPER.selectFrom(a, b).intoArray(out, offset + BLOCK_SIDE);
    }

    /** Two stages: from vectors i, i + BLOCK_SIDE / 4, i + BLOCK_SIDE / 2 and i + 3 BLOCK_SIDE / 4 to vectors 4i ... 4i + 3. */
    private static void twoStages(IntVector a, IntVector b, IntVector c, IntVector d, int[] out, int offset) {
        IntVector lowerAc = LOWER.selectFrom(a, c);
        IntVector upperAc = UPPER.selectFrom(a, c);
        IntVector lowerBd = LOWER.selectFrom(b, d);
        IntVector upperBd = UPPER.selectFrom(b, d);
        LOWER.selectFrom(lowerAc, lowerBd).intoArray(out, offset);
        UPPER.selectFrom(lowerAc, lowerBd).intoArray(out, offset + BLOCK_SIDE);
        LOWER.selectFrom(upperAc, upperBd).intoArray(out, offset + 2 * BLOCK_SIDE);
        UPPER.selectFrom(upperAc, upperBd).intoArray(out, offset + 3 * BLOCK_SIDE);
    }

    private static IntVector vector(int[] block, int offset) {
        return IntVector.fromArray(Species.INT, block, offset);
    }

    private static IntVector load(float[] rows, int offset) {
        return (IntVector) FloatVector.fromArray(Species.FLOAT, rows, offset).reinterpretShape(Species.INT, 0);
    }

    private static IntVector load(MemorySegment bytes, long offset) {
        PageFaultGuard.set();
        return IntVector.fromMemorySegment(Species.INT, bytes, offset, Species.FILE_ORDER);
    }
}
