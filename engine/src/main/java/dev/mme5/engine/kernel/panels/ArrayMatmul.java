package dev.mme5.engine.kernel.panels;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.api.Projection;
import dev.mme5.engine.kernel.panels.near.NearTiles;
import dev.mme5.engine.kernel.panels.tiles.ArrayTiles1To8;
import dev.mme5.engine.kernel.panels.tiles.ArrayTiles9To12;
import dev.mme5.engine.kernel.panels.tiles.PanelTiles;
import dev.mme5.engine.kernel.pool.BufferPool;
import dev.mme5.engine.kernel.pool.RowPartition;
import dev.mme5.engine.kernel.pool.TaskOrder;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.PanelTensor;
import java.util.List;

/**
 * Products with panels of float32 in arrays, as small encoders have them. A task takes some panels, few enough that they stay in the
 * second-level cache, and multiplies them with some groups of tokens after the other. Bias and activation follow tile by tile, on the way
 * to out. With few tokens the weights come from memory, so the tiles read ahead what this thread needs next ({@link PanelTiles}).
 */
final class ArrayMatmul {
    private static final int ROWS = PanelTensor.ROWS;
    private static final int MAX_TOKENS = PanelTiles.MAX_TOKENS;

    /** Most columns at a time for several groups of tokens: x of a group and the sums stay in the first-level cache. */
    private static final int DEPTH = 384;

    /** Groups of tokens at a time. */
    private static final int GROUPS = 4;

    /** Most floats of weights in a task of more tokens: half a megabyte. */
    private static final int MAX_WEIGHTS = 1 << 17;

    private static final int MAX_PANELS = 8;

    private static final float[] ZEROS = new float[ROWS];

    private final WorkerPool pool;
    private final BufferPool<Buffers> bufferPool;

    private static final class Buffers {
        private final float[] sums = new float[MAX_PANELS * GROUPS * MAX_TOKENS * ROWS]; // [panels, tokens, ROWS]

        /** Of no meaning; see {@link PanelTiles}. */
        private int touched;
    }

    ArrayMatmul(WorkerPool pool) {
        this.pool = pool;
        bufferPool = new BufferPool<>(2 * pool.threads(), Buffers::new);
    }

    /** outs[i] = act(x · weightᵀ + bias) of projection i, all in one parallel region. */
    void project(TurnedTokens x, List<Projection> projections, List<Matrix> outs) {
        int cols = projections.getFirst().weight().cols();
        int panels = taskPanels(outs.stream().mapToInt(Matrix::cols).sum(), cols, x.groups().groups());
        int[] firstTasks = new int[outs.size() + 1];
        for (int i = 0; i < outs.size(); i++) {
            firstTasks[i + 1] = firstTasks[i] + Math.ceilDiv(PanelTensor.count(outs.get(i).cols()), panels);
        }
        int groups = x.groups().groups();
        int maxDepth = groups == 1 ? cols : Math.ceilDiv(cols, Math.max(1, Math.ceilDiv(cols, DEPTH)));
        ColumnBlocks blocks = ColumnBlocks.of(cols, Math.max(1, maxDepth), ROWS, Math.min(GROUPS, groups));
        int[] firstTokens = new int[x.groups().groups() + 1];
        for (int group = 0; group < firstTokens.length; group++) firstTokens[group] = x.groups().first(group);
        pool.forEach(firstTasks[outs.size()], task -> {
            int i = 0;
            while (firstTasks[i + 1] <= task) i++;
            Projection projection = projections.get(i);
            int count = PanelTensor.count(outs.get(i).cols());
            int position = task - firstTasks[i];
            int tasks = firstTasks[i + 1] - firstTasks[i];
            int from = TaskOrder.taskAt(position, tasks, pool.threads()) * panels;
            int to = Math.min(count, from + panels);
            int later = position + pool.threads(); // the next position of this thread, if threads are equally fast
            int next = later < tasks ? TaskOrder.taskAt(later, tasks, pool.threads()) * panels : -1;
            Buffers buffers = bufferPool.acquire();
            new Task(x.floats(), x.offset(), firstTokens, ((PanelTensor) projection.weight()).array(), blocks, projection, outs.get(i),
                    buffers, from, to, next).run();
            bufferPool.release(buffers);
        });
    }

    /** Panels in a task: one for few tokens, so that threads finish together. */
    private int taskPanels(int rows, int cols, int groups) {
        int max = groups <= GROUPS ? 1 : Math.clamp(MAX_WEIGHTS / ((long) ROWS * Math.max(1, cols)), 1, MAX_PANELS);
        return RowPartition.size(rows, ROWS, max * ROWS, pool.threads()) / ROWS;
    }

    /**
     * The panels of one task.
     *
     * @param x turned tokens
     * @param firstTokens of the groups, and the number of tokens
     * @param w panels
     * @param nextPanel which this thread probably computes after this task, or -1
     */
    private record Task(
            float[] x, int xOffset, int[] firstTokens, float[] w, ColumnBlocks blocks, Projection projection, Matrix out, Buffers buffers,
            int fromPanel, int toPanel, int nextPanel) {
        void run() {
            int groups = firstTokens.length - 1;
            int cols = blocks.cols();
            for (int group = 0; group < groups; group += GROUPS) {
                int k = 0;
                do { // once even for 0 columns, so that out is set to zero
                    int depth = blocks.depth(k);
                    for (int panel = fromPanel; panel < toPanel; panel++) {
                        tiles(panel, k, depth, group, Math.min(groups, group + GROUPS));
                    }
                    k += depth;
                } while (k < cols);
            }
        }

        /** Multiplies some columns of a panel with some groups of tokens. */
        private void tiles(int panel, int k, int depth, int fromGroup, int toGroup) {
            int cols = blocks.cols();
            boolean first = k == 0;
            boolean last = k + depth == cols;
            boolean sameColumns = panel + 1 < toPanel;
            int aheadPanel = sameColumns ? panel + 1 : last ? nextPanel : fromPanel; // what this thread needs next
            int aheadK = sameColumns ? k : last ? 0 : k + depth;
            ColumnBlocks.Ahead ahead = aheadPanel < 0 ? blocks.nothing() : blocks.ahead(k, aheadK);
            int aheadOffset = aheadPanel < 0 ? 0 : (aheadPanel * cols + aheadK) * ROWS;
            int weights = (panel * cols + k) * ROWS;
            int before = firstTokens[fromGroup];
            int sums = (panel - fromPanel) * (firstTokens[toGroup] - before) * ROWS;
            for (int group = fromGroup; group < toGroup; group++) {
                int token = firstTokens[group];
                int tokens = firstTokens[group + 1] - token;
                int xFirst = xOffset + token * cols + k * tokens;
                int target = sums + (token - before) * ROWS;
                int far = fromGroup > 0 ? -1 : aheadOffset + ahead.first(group);
                for (int lane = 0; lane < PanelTiles.HALF; lane += Species.COUNT) {
                    tile(tokens, weights + lane, depth, xFirst, first, target + lane, far, ahead.order());
                }
                if (last) PanelOutput.write(buffers.sums, target, tokens, projection, panel, out, token);
            }
        }

        /** @param far where the tile begins to read ahead, or -1 */
        private void tile(int tokens, int weights, int depth, int xFirst, boolean first, int sums, int far, int[] order) {
            float[] in = first ? ZEROS : buffers.sums;
            int inOffset = first ? 0 : sums;
            int inStride = first ? 0 : ROWS;
            if (far < 0) {
                NearTiles.array(tokens, w, weights, depth, x, xFirst, in, inOffset, inStride, buffers.sums, sums, ROWS);
                return;
            }
            buffers.touched += tokens <= 8
                    ? ArrayTiles1To8.multiply(tokens, w, weights, depth, x, xFirst, in, inOffset, inStride, buffers.sums, sums, ROWS,
                            far, order)
                    : ArrayTiles9To12.multiply(tokens, w, weights, depth, x, xFirst, in, inOffset, inStride, buffers.sums, sums, ROWS,
                            far, order);
        }
    }
}
