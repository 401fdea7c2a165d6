package dev.mme5.engine.kernel.gemm;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.microkernel.HalfVectorMicroKernel;
import dev.mme5.engine.kernel.microkernel.TwoVectorMicroKernel;
import dev.mme5.engine.kernel.pool.RetainedFloats;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.simd.BlockTranspose;
import java.util.Arrays;

/**
 * Activations in panels, transposed so that one vector holds one column of several tokens. A panel is [cols, PANEL] for PANEL tokens.
 * The last panels are narrower, one vector or half a vector wide, where that leaves fewer lanes unused. Unused lanes are zero.
 */
final class PackedActivations {
    private static final int PANEL = TwoVectorMicroKernel.PANEL;
    private static final int BLOCK_SIDE = BlockTranspose.BLOCK_SIDE;
    private static final int HALF = HalfVectorMicroKernel.WIDTH;

    /** Columns that one task packs. */
    private static final int CHUNK_COLUMNS = 512;

    private final RetainedFloats buffer;
    private float[] floats;

    /** @param buffer receives the panels */
    PackedActivations(RetainedFloats buffer) {
        this.buffer = buffer;
        floats = buffer.floats();
    }

    /** The panels that were packed last. The panel whose first token is t starts at t * cols. */
    float[] floats() {
        return floats;
    }

    /** Width of the next panel when {@code tokens} are left. */
    static int width(int tokens) {
        if (tokens > (HALF < BLOCK_SIDE ? BLOCK_SIDE + HALF : BLOCK_SIDE)) return PANEL;
        return tokens > HALF ? BLOCK_SIDE : HALF;
    }

    /** Packs all rows of x, of which there are at most {@link PackingLimits#maxTokens}. */
    void pack(Matrix x, WorkerPool pool) {
        int panels = 0;
        for (int token = 0; token < x.rows(); token += width(x.rows() - token)) panels++;
        floats = null; // a larger buffer may take its place
        floats = buffer.atLeast(Math.toIntExact(PackingLimits.floats(x.rows(), x.cols())));
        int chunks = Math.ceilDiv(x.cols(), CHUNK_COLUMNS);
        pool.forEach(panels * chunks, task -> {
            int from = task % chunks * CHUNK_COLUMNS;
            pack(x, firstToken(x.rows(), task / chunks), from, Math.min(x.cols(), from + CHUNK_COLUMNS));
        });
    }

    /** First token of a panel. All panels but the last two are PANEL wide. */
    private static int firstToken(int tokens, int panel) {
        int token = Math.min(panel, tokens / PANEL) * PANEL;
        return token == panel * PANEL ? token : token + width(tokens - token);
    }

    /** Packs columns from..to of the panel whose first token this is. */
    private void pack(Matrix x, int token, int from, int to) {
        int width = width(x.rows() - token);
        int[] block = new int[2 * BLOCK_SIDE * BLOCK_SIDE];
        for (int lane = 0; lane < width; lane += BLOCK_SIDE) {
            int offset = token * x.cols() + lane; // of this lane in the panel [k, width]
            int lanes = Math.min(BLOCK_SIDE, width - lane);
            int present = Math.clamp(x.rows() - token - lane, 0, lanes);
            int body = present == BLOCK_SIDE ? to - (to - from) % BLOCK_SIDE : from;
            int row = x.offset() + (token + lane) * x.cols();
            for (int k = from; k < body; k += BLOCK_SIDE) {
                BlockTranspose.transpose(x.data(), row + k, x.cols(), block);
                BlockTranspose.copy(block, floats, offset + k * width, width);
            }
            for (int k = body; k < to; k++) {
                for (int i = 0; i < present; i++) floats[offset + k * width + i] = x.data()[row + i * x.cols() + k];
                Arrays.fill(floats, offset + k * width + present, offset + k * width + lanes, 0f);
            }
        }
    }
}
