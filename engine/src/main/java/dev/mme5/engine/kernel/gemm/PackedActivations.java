package dev.mme5.engine.kernel.gemm;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.microkernel.HalfVectorMicroKernel;
import dev.mme5.engine.kernel.microkernel.TwoVectorMicroKernel;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.simd.BlockTranspose;
import java.util.Arrays;

/**
 * The tokens of a product where the tiles want them: turned, so that one vector holds one column of as many tokens. Panels of
 * {@code PANEL} tokens, each [cols, PANEL], one behind the other. The last ones are narrower when that leaves less of them empty,
 * a vector or half a vector wide; what is empty is zero.
 */
final class PackedActivations {
    private static final int PANEL = TwoVectorMicroKernel.PANEL;
    private static final int SIDE = BlockTranspose.SIDE;
    private static final int HALF = HalfVectorMicroKernel.WIDTH;

    /** Columns that are turned in one task. */
    private static final int CHUNK = 512;

    private float[] floats = new float[0];

    /** The panels that were packed last: that which begins with token t is at t * cols. */
    float[] floats() {
        return floats;
    }

    /** Width of the panel that begins with the first of the last so many tokens. */
    static int width(int tokens) {
        if (tokens > (HALF < SIDE ? SIDE + HALF : SIDE)) return PANEL;
        return tokens > HALF ? SIDE : HALF;
    }

    void pack(Matrix x, WorkerPool pool) {
        int panels = 0;
        int room = 0;
        for (; room < x.rows(); room += width(x.rows() - room)) panels++;
        int needed = Math.multiplyExact(room, x.cols());
        if (floats.length < needed) {
            floats = new float[0]; // not both at once
            floats = new float[needed];
        }
        int chunks = Math.ceilDiv(x.cols(), CHUNK);
        pool.forEach(panels * chunks, task -> {
            int from = task % chunks * CHUNK;
            pack(x, firstToken(x.rows(), task / chunks), from, Math.min(x.cols(), from + CHUNK));
        });
    }

    /** All panels but the last two are whole. */
    private static int firstToken(int tokens, int panel) {
        int token = Math.min(panel, tokens / PANEL) * PANEL;
        return token == panel * PANEL ? token : token + width(tokens - token);
    }

    /** Columns from to to of the panel that begins with this token. */
    private void pack(Matrix x, int token, int from, int to) {
        int width = width(x.rows() - token);
        int[] square = new int[2 * SIDE * SIDE];
        for (int lane = 0; lane < width; lane += SIDE) {
            int at = token * x.cols() + lane; // [k, width] of the panel, and this lane
            int lanes = Math.min(SIDE, width - lane);
            int present = Math.clamp(x.rows() - token - lane, 0, lanes);
            int body = present == SIDE ? to - (to - from) % SIDE : from;
            int row = x.offset() + (token + lane) * x.cols();
            for (int k = from; k < body; k += SIDE) {
                BlockTranspose.turn(x.data(), row + k, x.cols(), square);
                BlockTranspose.copy(square, floats, at + k * width, width);
            }
            for (int k = body; k < to; k++) {
                for (int i = 0; i < present; i++) floats[at + k * width + i] = x.data()[row + i * x.cols() + k];
                Arrays.fill(floats, at + k * width + present, at + k * width + lanes, 0f);
            }
        }
    }
}
