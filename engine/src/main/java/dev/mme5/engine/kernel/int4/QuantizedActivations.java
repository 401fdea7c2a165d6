package dev.mme5.engine.kernel.int4;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.panels.TokenGroups;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.simd.Species;
import jdk.incubator.vector.IntVector;

/**
 * Activations of an INT4 matmul, in blocks of 32: 8-bit codes as {@link ActivationQuantizer} encodes them, or their factors, and scales.
 *
 * <p>Codes are [tokens, blocks, BLOCK_INTS]. Factors are cut into groups of tokens for the register tiles, [groups, blocks, BLOCK_INTS,
 * slots]: the tokens of a group are neighbours. Slots that a group does not use hold anything.
 */
final class QuantizedActivations {
    /** Least values that one task encodes. */
    private static final int MIN_TASK_VALUES = 16_384;

    private static final int BLOCK = ActivationQuantizer.BLOCK;
    private static final int BLOCK_INTS = ActivationQuantizer.BLOCK_INTS;

    private int[] codes = new int[0];
    private float[] scales = new float[0];
    private float[] zeros = new float[0];
    private int blocks;
    private TokenGroups groups;
    private int slots;

    /** Codes of the activations that were encoded last. */
    int[] codes() {
        return codes;
    }

    /** Scales of the activations that were encoded last, [tokens, blocks]. */
    float[] scales() {
        return scales;
    }

    /** What sums begin with, [tokens, blocks]. Beside codes {@link PackedCodes} sets them, for {@link Int4Tiles}. */
    float[] zeros() {
        return zeros;
    }

    /** Blocks of one token, the last of which may be padded with zeros. */
    int blocks() {
        return blocks;
    }

    /** The groups of the factors that were encoded last. */
    TokenGroups groups() {
        return groups;
    }

    /** Slots of each group. */
    int slots() {
        return slots;
    }

    /** Bytes of all buffers. */
    long bytes() {
        return Integer.BYTES * (long) codes.length + Float.BYTES * ((long) scales.length + zeros.length);
    }

    /** Encodes all rows of x, of which there are at most {@link Int4PackingLimits#maxTokens}. */
    void encode(Matrix x, WorkerPool pool) {
        allocate(x, x.rows());
        forEachToken(x, pool, (token, buffer, ignored) -> {
            for (int block = 0; block < blocks; block++) {
                int index = token * blocks + block;
                scales[index] = encode(x, token, block, buffer, codes, index * BLOCK_INTS);
            }
        });
    }

    /**
     * The same, but with factors instead of codes, and what sums begin with.
     *
     * @param groups of all tokens
     * @param slots at least the tokens of the largest group
     */
    void encodeAsFactors(Matrix x, TokenGroups groups, int slots, WorkerPool pool) {
        this.groups = groups;
        this.slots = slots;
        allocate(x, groups.groups() * slots);
        forEachToken(x, pool, (token, buffer, factors) -> {
            int group = groups.group(token);
            for (int block = 0; block < blocks; block++) {
                int index = token * blocks + block;
                scales[index] = encode(x, token, block, buffer, factors, 0);
                zeros[index] = ActivationQuantizer.replaceByFactors(factors);
                int out = offset(group, block) + token - groups.first(group);
                for (int i = 0; i < BLOCK_INTS; i++) codes[out + i * slots] = factors[i];
            }
        });
    }

    /**
     * Expands the factors of a block of a group to ints that hold one factor in both halves, so that its broadcast is a plain load.
     *
     * @param out receives [BLOCK, slots] at outOffset
     */
    void expand(int group, int block, int[] out, int outOffset) {
        int offset = offset(group, block);
        int pairs = BLOCK_INTS * slots;
        for (int i = 0; i < pairs; i += Species.COUNT) {
            IntVector pair = IntVector.fromArray(Species.INT, codes, offset + i);
            IntVector lower = pair.and(0xffff).or(pair.lanewise(LSHL, Short.SIZE));
            IntVector upper = pair.and(0xffff0000).or(pair.lanewise(LSHR, Short.SIZE));
            lower.intoArray(out, outOffset + i);
            upper.intoArray(out, outOffset + pairs + i);
        }
    }

    private int offset(int group, int block) {
        return (group * blocks + block) * BLOCK_INTS * slots;
    }

    private static float encode(Matrix x, int token, int block, float[] buffer, int[] codes, int codesOffset) {
        int column = block * BLOCK;
        return ActivationQuantizer.encode(
                x.data(), x.offset() + token * x.cols() + column, Math.min(BLOCK, x.cols() - column), buffer, codes, codesOffset);
    }

    private void allocate(Matrix x, int codeTokens) {
        blocks = (int) Int4PackingLimits.blocks(x.cols());
        int size = Math.multiplyExact(x.rows(), blocks);
        int codesSize = Math.multiplyExact(Math.multiplyExact(codeTokens, blocks), BLOCK_INTS);
        if (codes.length < codesSize) {
            codes = new int[0]; // frees the old buffer before the new one is allocated
            codes = new int[codesSize];
        }
        if (scales.length < size) {
            scales = new float[size];
            zeros = new float[size];
        }
    }

    private interface TokenTask {
        /**
         * @param buffer for the floats of a block
         * @param codes a buffer for the codes of a block
         */
        void run(int token, float[] buffer, int[] codes);
    }

    private static void forEachToken(Matrix x, WorkerPool pool, TokenTask task) {
        pool.forEachRange(x.rows(), Math.ceilDiv(MIN_TASK_VALUES, Math.max(1, x.cols())), (from, to) -> {
            float[] buffer = new float[BLOCK];
            int[] codes = new int[BLOCK_INTS];
            for (int token = from; token < to; token++) task.run(token, buffer, codes);
        });
    }
}
