package dev.mme5.engine.kernel.int4;

import dev.mme5.engine.kernel.panels.TokenGroups;
import dev.mme5.engine.kernel.pool.RetainedFloats;
import dev.mme5.engine.kernel.pool.WorkerPool;

/**
 * Codes of activations packed for the register tiles: a group of tokens is [32 blocks, tokens of the group], so that a tile reads one run
 * of neighbours. The group whose first token is t starts at t * 32 * blocks.
 *
 * @param groups the tokens
 * @param activations their scales, and what their sums begin with
 * @param floats the codes times 2^16
 */
record PackedCodes(TokenGroups groups, QuantizedActivations activations, float[] floats) {
    private static final int BLOCK = ActivationQuantizer.BLOCK;
    private static final int BLOCK_INTS = ActivationQuantizer.BLOCK_INTS;

    /** Blocks that one task packs. */
    private static final int CHUNK_BLOCKS = 16;

    /** Packs all tokens that were encoded last, and sets their zeros. */
    static PackedCodes of(QuantizedActivations x, int tokens, RetainedFloats buffer, WorkerPool pool) {
        int blocks = x.blocks();
        PackedCodes packed = new PackedCodes(new TokenGroups(tokens, Math.ceilDiv(tokens, Int4Tiles.MAX_TOKENS)), x,
                buffer.atLeast(tokens * blocks * BLOCK));
        int chunks = Math.ceilDiv(blocks, CHUNK_BLOCKS);
        pool.forEach(packed.groups.groups() * chunks, task -> {
            int from = task % chunks * CHUNK_BLOCKS;
            packed.pack(task / chunks, from, Math.min(blocks, from + CHUNK_BLOCKS));
        });
        return packed;
    }

    /** Offset of a block of a group. */
    int offset(int group, int block) {
        return (groups.first(group) * activations.blocks() + block * groups.size(group)) * BLOCK;
    }

    private void pack(int group, int fromBlock, int toBlock) {
        int tokens = groups.size(group);
        for (int i = 0; i < tokens; i++) {
            int first = (groups.first(group) + i) * activations.blocks();
            for (int block = fromBlock; block < toBlock; block++) {
                activations.zeros()[first + block] =
                        pack(activations.codes(), (first + block) * BLOCK_INTS, floats, offset(group, block) + i, tokens);
            }
        }
    }

    /** Packs a block of one token, and returns what its sums begin with. */
    private static float pack(int[] codes, int offset, float[] out, int outOffset, int stride) {
        int even = 0;
        int odd = 0;
        for (int i = 0; i < BLOCK_INTS; i += 2) {
            int p = codes[offset + i];
            int q = codes[offset + i + 1];
            out[outOffset + i * stride] = p << Short.SIZE;
            out[outOffset + (i + 1) * stride] = q << Short.SIZE;
            out[outOffset + (i + BLOCK_INTS) * stride] = p & 0xffff0000;
            out[outOffset + (i + 1 + BLOCK_INTS) * stride] = q & 0xffff0000;
            even += (short) p + (p >> Short.SIZE);
            odd += (short) q + (q >> Short.SIZE);
        }
        return -(Int4Tiles.EVEN_BIAS * even + Int4Tiles.ODD_BIAS * odd) * (float) (1 << Short.SIZE);
    }
}
