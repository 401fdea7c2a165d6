package dev.mme5.engine.kernel.int4;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.panels.TokenGroups;
import dev.mme5.engine.kernel.pool.BufferPool;
import dev.mme5.engine.kernel.pool.RetainedFloats;
import dev.mme5.engine.kernel.pool.RowPartition;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.weights.QuantizedTensor;
import java.util.Arrays;

/**
 * out = x · weightᵀ with INT4 weights. Activations are quantised to 8-bit integers first, so that all sums within a block of 32 are
 * exact. Blocks follow in one chain of fused multiply-adds from +0, so the bits of an output do not depend on tiles, threads or
 * vector width.
 *
 * <p>A task computes a block of weight rows. It packs some columns of them at a time, then multiplies a few tokens at a time.
 * Accumulators are stored in {@code out}. A partial panel is computed in a full-width buffer.
 */
public final class Int4Matmul {
    private static final int DEPTH = Int4MicroKernel.DEPTH;
    private static final int PANEL = Int4MicroKernel.PANEL;
    private static final int TOKENS = Int4MicroKernel.TOKENS;
    private static final int BLOCK = ActivationQuantizer.BLOCK;
    private static final int DEPTH_BLOCKS = Int4MicroKernel.DEPTH_BLOCKS;

    /** Most weight rows in a task: their packed panels fit into a part of a core's second-level cache. */
    private static final int MAX_BLOCK_ROWS = 512;

    /**
     * With weights in panels and fewer tokens, a task takes as few rows as leave its packed weights in the first-level cache, or with 16
     * registers in the second-level cache.
     */
    private static final int FEW_TOKENS = 64;

    /** More without tiles of floats: with few rows, a quarter of the time of 8 tokens would go into expanding their factors. */
    private static final int FEW_ROWS = Int4WordTiles.USED ? 256 : 64;

    private final WorkerPool pool;
    private final BufferPool<QuantizedActivations> codesPool = new BufferPool<>(1, QuantizedActivations::new);
    private final BufferPool<RetainedFloats> activationPool;
    private final BufferPool<Buffers> bufferPool;
    private final Int4PanelMatmul panels;
    private final Int4WordMatmul words;

    /** Working buffers of one task. */
    private static final class Buffers {
        private final Int4WeightPacker packer = new Int4WeightPacker();
        private final short[] panels = new short[MAX_BLOCK_ROWS * DEPTH];
        private final float[] scales = new float[MAX_BLOCK_ROWS * DEPTH_BLOCKS];
        private final int[][] factors = new int[DEPTH_BLOCKS][BLOCK * TOKENS];
        private final int[][] zeros = new int[DEPTH_BLOCKS][TOKENS];
        private final short[] sums = new short[DEPTH_BLOCKS * TOKENS * PANEL];
        private final float[] tile = new float[TOKENS * PANEL];
    }

    /** @param activationPool retains packed activations */
    public Int4Matmul(WorkerPool pool, BufferPool<RetainedFloats> activationPool) {
        this.pool = pool;
        this.activationPool = activationPool;
        bufferPool = new BufferPool<>(2 * pool.threads(), Buffers::new);
        panels = new Int4PanelMatmul(pool);
        words = new Int4WordMatmul(pool);
    }

    /** out = x · weightᵀ, with x [tokens, in], weight [out, in], out [tokens, out]. */
    public void multiply(Matrix x, QuantizedTensor weight, Matrix out) {
        int max = Int4PackingLimits.maxTokens(x.cols(), TOKENS);
        int parts = Math.max(1, Math.ceilDiv(x.rows(), max));
        int part = Math.ceilDiv(Math.ceilDiv(x.rows(), parts), TOKENS) * TOKENS;
        QuantizedActivations codes = codesPool.acquire();
        for (int from = 0; from < x.rows(); from += part) {
            int to = Math.min(from + part, x.rows());
            multiply(x.rows(from, to), codes, weight, out.rows(from, to));
        }
        codesPool.release(codes);
    }

    /** Bytes of codes and scales that are retained for the next matmul. */
    long retainedBytes() {
        QuantizedActivations codes = codesPool.acquire();
        codesPool.release(codes);
        return codes.bytes();
    }

    private void multiply(Matrix x, QuantizedActivations codes, QuantizedTensor weight, Matrix out) {
        if (!Int4WordTiles.USED && weight.inPanels() && x.rows() <= Int4PanelMatmul.MAX_TOKENS) {
            codes.encode(x, pool);
            RetainedFloats buffer = activationPool.acquire();
            panels.multiply(PackedCodes.of(codes, x.rows(), buffer, pool), weight, out);
            activationPool.release(buffer);
            return;
        }
        if (Int4WordTiles.USED && weight.inPanels() && x.rows() <= Int4WordTiles.MAX_TOKENS) {
            TokenGroups groups = new TokenGroups(x.rows(), Math.ceilDiv(x.rows(), Int4WordTiles.TILE));
            codes.encodeAsFactors(x, groups, groups.size(0), pool);
            words.multiply(codes, weight, out);
            return;
        }
        codes.encodeAsFactors(x, new TokenGroups(x.rows(), Math.ceilDiv(x.rows(), TOKENS)), TOKENS, pool);
        boolean few = weight.inPanels() && x.rows() < FEW_TOKENS;
        int blockRows = RowPartition.size(out.cols(), PANEL, few ? FEW_ROWS : MAX_BLOCK_ROWS, pool.threads());
        pool.forEach(Math.ceilDiv(out.cols(), blockRows), task -> {
            Buffers buffers = bufferPool.acquire();
            int fromRow = task * blockRows;
            rowBlock(codes, x.cols(), weight, fromRow, Math.min(out.cols(), fromRow + blockRows), out, buffers);
            bufferPool.release(buffers);
        });
    }

    /** Columns fromRow to toRow of out. */
    private static void rowBlock(QuantizedActivations x, int cols, QuantizedTensor weight, int fromRow, int toRow, Matrix out,
            Buffers buffers) {
        if (cols == 0) fillWithZeros(out.data(), out.offset() + fromRow, out.cols(), out.rows(), toRow - fromRow);
        for (int k = 0; k < cols; k += DEPTH) {
            int depth = Math.min(DEPTH, cols - k);
            buffers.packer.pack(weight, fromRow, toRow, k, depth, buffers.panels, buffers.scales);
            for (int group = 0; group < x.groups().groups(); group++) {
                tile(x, group, k / BLOCK, Math.ceilDiv(depth, BLOCK), fromRow, toRow, out, buffers);
            }
        }
    }

    /** Multiplies a group of tokens and some activation blocks with all panels. */
    private static void tile(
            QuantizedActivations x, int group, int fromBlock, int blocks, int fromRow, int toRow, Matrix out, Buffers b) {
        int token = x.groups().first(group);
        int tokens = x.groups().size(group);
        for (int block = 0; block < blocks; block++) {
            x.expand(group, fromBlock + block, b.factors[block], 0);
            for (int i = 0; i < tokens; i++) {
                b.zeros[block][i] = ActivationQuantizer.twice((int) x.zeros()[(token + i) * x.blocks() + fromBlock + block]);
            }
        }
        int xScales = token * x.blocks() + fromBlock;
        for (int row = fromRow; row < toRow; row += PANEL) {
            int panel = (row - fromRow) / PANEL;
            int w = panel * blocks * BLOCK * PANEL;
            int scales = panel * blocks * PANEL;
            int width = Math.min(PANEL, toRow - row);
            int outOffset = out.offset() + token * out.cols() + row;
            if (fromBlock == 0) fillWithZeros(out.data(), outOffset, out.cols(), tokens, width);
            if (width == PANEL) {
                Int4MicroKernel.multiply(
                        tokens, blocks, b.factors, b.zeros, x.scales(), xScales, x.blocks(), b.panels, w, b.scales, scales, b.sums,
                        out.data(), outOffset, out.cols());
            } else {
                copy(out.data(), outOffset, out.cols(), b.tile, 0, PANEL, tokens, width);
                Int4MicroKernel.multiply(
                        tokens, blocks, b.factors, b.zeros, x.scales(), xScales, x.blocks(), b.panels, w, b.scales, scales, b.sums,
                        b.tile, 0, PANEL);
                copy(b.tile, 0, PANEL, out.data(), outOffset, out.cols(), tokens, width);
            }
        }
    }

    private static void fillWithZeros(float[] out, int offset, int stride, int rows, int width) {
        for (int i = 0; i < rows; i++) Arrays.fill(out, offset + i * stride, offset + i * stride + width, 0f);
    }

    private static void copy(
            float[] source, int sourceOffset, int sourceStride, float[] target, int targetOffset, int targetStride, int rows, int width) {
        for (int i = 0; i < rows; i++) {
            System.arraycopy(source, sourceOffset + i * sourceStride, target, targetOffset + i * targetStride, width);
        }
    }
}
