package dev.mme5.engine.kernel.int4;

import dev.mme5.engine.kernel.panels.TokenGroups;
import dev.mme5.engine.kernel.pool.WorkerPool;

/**
 * Codes of activations packed for the register tiles, each in both halves of an int: a group of tokens is [blocks, 33, tokens of the
 * group], so that a tile reads one run of neighbours. First in a block are the zeros, what sums begin with; its 32 columns follow. The
 * group whose first token is t starts at t * 33 * blocks.
 *
 * @param groups the tokens
 * @param activations their scales
 * @param ints the zeros and codes
 */
record PackedCodes(TokenGroups groups, QuantizedActivations activations, int[] ints) {
    private static final int BLOCK_INTS = ActivationQuantizer.BLOCK_INTS;

    private static final int PACKED_INTS = Int4PackingLimits.PACKED_INTS;

    /** Blocks that one task packs. */
    private static final int CHUNK_BLOCKS = 16;

    /** What a weight in a panel has too much. */
    private static final int BIAS = 8;

    /** Packs all tokens that were encoded last. */
    static PackedCodes of(QuantizedActivations x, int tokens, WorkerPool pool) {
        int blocks = x.blocks();
        PackedCodes packed = new PackedCodes(new TokenGroups(tokens, Math.ceilDiv(tokens, Int4Tiles.MAX_TOKENS)), x, x.packed(tokens));
        int chunks = Math.ceilDiv(blocks, CHUNK_BLOCKS);
        pool.forEach(packed.groups.groups() * chunks, task -> {
            int from = task % chunks * CHUNK_BLOCKS;
            packed.pack(task / chunks, from, Math.min(blocks, from + CHUNK_BLOCKS));
        });
        return packed;
    }

    /** Offset of a block of a group. */
    int offset(int group, int block) {
        return (groups.first(group) * activations.blocks() + block * groups.size(group)) * PACKED_INTS;
    }

    private void pack(int group, int fromBlock, int toBlock) {
        int tokens = groups.size(group);
        for (int i = 0; i < tokens; i++) {
            int first = (groups.first(group) + i) * activations.blocks();
            for (int block = fromBlock; block < toBlock; block++) {
                pack(activations.codes(), (first + block) * BLOCK_INTS, ints, offset(group, block) + i, tokens);
            }
        }
    }

    /** Packs a block of one token. */
    private static void pack(int[] codes, int offset, int[] out, int outOffset, int stride) {
        int sum = 0;
        int lower = outOffset + stride;
        int upper = lower + BLOCK_INTS * stride;
        for (int i = 0; i < BLOCK_INTS; i++) {
            int p = codes[offset + i];
            int code = (short) p;
            int next = p >> Short.SIZE;
            sum += code + next;
            out[lower + i * stride] = twice(code);
            out[upper + i * stride] = twice(next);
        }
        out[outOffset] = twice(-BIAS * sum);
    }

    private static int twice(int code) {
        return code << Short.SIZE | code & 0xffff;
    }
}
