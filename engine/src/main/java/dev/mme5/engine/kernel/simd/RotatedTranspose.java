package dev.mme5.engine.kernel.simd;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Transposes blocks of 8 x 8 ints where no instruction selects lanes from two vectors, as on x86 without AVX-512. There the network of
 * {@link BlockTranspose} takes some eight instructions for each of its 24 selections; this one takes 14 permutations and 24 blends.
 *
 * <p>Row r is rotated by r lanes, so that the numbers of a column lie in different lanes. Then every lane rotates by its number over the
 * vectors: by 1, 2 and 4, in the lanes whose number has that bit. Now each vector has one column, and is rotated back.
 */
final class RotatedTranspose {
    private static final int SIDE = 8;

    private static final VectorShuffle<Integer> BY_1 = rotation(1);
    private static final VectorShuffle<Integer> BY_2 = rotation(2);
    private static final VectorShuffle<Integer> BY_3 = rotation(3);
    private static final VectorShuffle<Integer> BY_4 = rotation(4);
    private static final VectorShuffle<Integer> BY_5 = rotation(5);
    private static final VectorShuffle<Integer> BY_6 = rotation(6);
    private static final VectorShuffle<Integer> BY_7 = rotation(7);

    private static final VectorMask<Integer> BIT_0 = VectorMask.fromLong(IntVector.SPECIES_256, 0b10101010);
    private static final VectorMask<Integer> BIT_1 = VectorMask.fromLong(IntVector.SPECIES_256, 0b11001100);
    private static final VectorMask<Integer> BIT_2 = VectorMask.fromLong(IntVector.SPECIES_256, 0b11110000);

    private RotatedTranspose() {}

    private static VectorShuffle<Integer> rotation(int lanes) {
        return VectorShuffle.fromOp(IntVector.SPECIES_256, i -> (i + lanes) % SIDE);
    }

    /** Transposes the first 64 ints into the next 64. */
    static void transpose(int[] block) {
        IntVector a0 = IntVector.fromArray(IntVector.SPECIES_256, block, 0);
        IntVector a7 = IntVector.fromArray(IntVector.SPECIES_256, block, SIDE).rearrange(BY_7);
        IntVector a6 = IntVector.fromArray(IntVector.SPECIES_256, block, 2 * SIDE).rearrange(BY_6);
        IntVector a5 = IntVector.fromArray(IntVector.SPECIES_256, block, 3 * SIDE).rearrange(BY_5);
        IntVector a4 = IntVector.fromArray(IntVector.SPECIES_256, block, 4 * SIDE).rearrange(BY_4);
        IntVector a3 = IntVector.fromArray(IntVector.SPECIES_256, block, 5 * SIDE).rearrange(BY_3);
        IntVector a2 = IntVector.fromArray(IntVector.SPECIES_256, block, 6 * SIDE).rearrange(BY_2);
        IntVector a1 = IntVector.fromArray(IntVector.SPECIES_256, block, 7 * SIDE).rearrange(BY_1);
        IntVector b0 = a0.blend(a7, BIT_0);
        IntVector b1 = a1.blend(a0, BIT_0);
        IntVector b2 = a2.blend(a1, BIT_0);
        IntVector b3 = a3.blend(a2, BIT_0);
        IntVector b4 = a4.blend(a3, BIT_0);
        IntVector b5 = a5.blend(a4, BIT_0);
        IntVector b6 = a6.blend(a5, BIT_0);
        IntVector b7 = a7.blend(a6, BIT_0);
        a0 = b0.blend(b6, BIT_1);
        a1 = b1.blend(b7, BIT_1);
        a2 = b2.blend(b0, BIT_1);
        a3 = b3.blend(b1, BIT_1);
        a4 = b4.blend(b2, BIT_1);
        a5 = b5.blend(b3, BIT_1);
        a6 = b6.blend(b4, BIT_1);
        a7 = b7.blend(b5, BIT_1);
        a0.blend(a4, BIT_2).intoArray(block, 8 * SIDE);
        a1.blend(a5, BIT_2).rearrange(BY_1).intoArray(block, 9 * SIDE);
        a2.blend(a6, BIT_2).rearrange(BY_2).intoArray(block, 10 * SIDE);
        a3.blend(a7, BIT_2).rearrange(BY_3).intoArray(block, 11 * SIDE);
        a4.blend(a0, BIT_2).rearrange(BY_4).intoArray(block, 12 * SIDE);
        a5.blend(a1, BIT_2).rearrange(BY_5).intoArray(block, 13 * SIDE);
        a6.blend(a2, BIT_2).rearrange(BY_6).intoArray(block, 14 * SIDE);
        a7.blend(a3, BIT_2).rearrange(BY_7).intoArray(block, 15 * SIDE);
    }
}
