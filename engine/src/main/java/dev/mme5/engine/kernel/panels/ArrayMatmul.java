package dev.mme5.engine.kernel.panels;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.api.Projection;
import dev.mme5.engine.kernel.gemm.PackingLimits;
import dev.mme5.engine.kernel.panels.near.NearTiles;
import dev.mme5.engine.kernel.panels.tiles.ArrayTiles1To8;
import dev.mme5.engine.kernel.panels.tiles.ArrayTiles9To12;
import dev.mme5.engine.kernel.panels.tiles.PanelTiles;
import dev.mme5.engine.kernel.pool.BufferPool;
import dev.mme5.engine.kernel.pool.RetainedFloats;
import dev.mme5.engine.kernel.pool.RowPartition;
import dev.mme5.engine.kernel.pool.TaskShares;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.simd.BlockTranspose;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.PanelTensor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Products with panels of float32 in arrays, as small encoders have them. A task takes some panels, few enough that they stay in the
 * second-level cache, and multiplies them with some groups of tokens after the other. Bias and activation follow tile by tile, on the way
 * to out. With few tokens the weights come from memory, so the tiles read ahead what this thread needs next ({@link PanelTiles}). With 16
 * registers {@link NarrowMatmul} is faster, and only products and MLPs with an odd number of columns come here.
 *
 * <p>Few tokens are packed by each thread for itself, which takes less time than a region of its own would. What is between both products
 * of an MLP is packed by the tasks that compute it.
 */
final class ArrayMatmul {
    private static final int ROWS = PanelTensor.ROWS;
    private static final int MAX_TOKENS = PanelTiles.MAX_TOKENS;

    /** Most columns at a time for several groups of tokens: x of a group and the sums stay in the first-level cache. */
    private static final int DEPTH = 384;

    /** The same for one group, so that what its tiles read ahead stays in the second-level cache. */
    private static final int ONE_TILE_DEPTH = 1024;

    /** Groups of tokens at a time. */
    private static final int GROUPS = 4;

    /** Most floats of weights in a task of more tokens: half a megabyte. */
    private static final int MAX_WEIGHTS = 1 << 17;

    private static final int MAX_PANELS = 8;

    /** Most floats that each thread packs for itself. */
    private static final int MAX_OWN_FLOATS = 1 << 15;

    /** Most tokens times threads that pack all of them: with more threads, a region is too short for that. */
    private static final int MAX_PACKING = 128;

    private static final float[] ZEROS = new float[ROWS];

    private final WorkerPool pool;
    private final BufferPool<Buffers[]> bufferPool;
    private final Map<Shape, ColumnBlocks> blocks = new ConcurrentHashMap<>();

    /**
     * Where each thread began the product that followed the last time, by the array offset of a product's first weight. Because a model
     * multiplies its weights in the same order for every text, a thread's last task can read ahead the beginning of the next product. This
     * changes no result, so it does no harm where the order is another, as that of concurrent callers, or the weights are in another
     * array: a place outside of the array is not read ({@code fits}).
     */
    private final Map<Integer, int[]> followers = new ConcurrentHashMap<>();

    private volatile int previousWeight = -1;

    /** @param groups of tokens that are multiplied at a time, at most {@link #GROUPS} */
    private record Shape(int cols, int groups) {}

    /** Of a thread. */
    private static final class Buffers {
        /** [panels, tokens, ROWS] */
        private final float[] sums = new float[(MAX_PANELS * GROUPS * MAX_TOKENS + BlockTranspose.BLOCK_SIDE) * ROWS];

        private final RetainedFloats x = new RetainedFloats();
        private final float[] packed = new float[ROWS * MAX_TOKENS + BlockTranspose.BLOCK_SIDE]; // [ROWS, tokens of a group]
        private final int[] block = new int[2 * BlockTranspose.BLOCK_SIDE * BlockTranspose.BLOCK_SIDE];

        /** Of no meaning; see {@link PanelTiles}. */
        private int touched;
    }

    ArrayMatmul(WorkerPool pool) {
        this.pool = pool;
        bufferPool = new BufferPool<>(2, () -> new Buffers[pool.threads()]); // of a region
    }

    /** Whether {@link #project(Matrix, List, List)} takes x. */
    boolean acceptsRows(Matrix x) {
        return (long) x.rows() * x.cols() <= MAX_OWN_FLOATS && x.rows() * pool.threads() <= MAX_PACKING;
    }

    /** Whether {@link #mlp} takes x: what is between the products is not cut into parts. */
    boolean acceptsMlp(Matrix x, Projection down) {
        return acceptsRows(x) && x.rows() <= PackingLimits.maxTokens(down.weight().cols());
    }

    /** outs[i] = act(x · weightᵀ + bias) of projection i, all in one parallel region. */
    void project(PackedTokens x, List<Projection> projections, List<Matrix> outs) {
        new Region(null, x, projections, outs, false).run();
    }

    /** The same with few tokens. */
    void project(Matrix x, List<Projection> projections, List<Matrix> outs) {
        new Region(x, null, projections, outs, false).run();
    }

    /**
     * out = projection down of projection up of few tokens.
     *
     * @param between buffer
     */
    void mlp(Matrix x, Projection up, Projection down, RetainedFloats between, Matrix out) {
        int width = up.weight().rows();
        TokenGroups groups = TokenGroups.of(x.rows());
        float[] floats = between.atLeast(Math.toIntExact(PackingLimits.floats(x.rows(), width)));
        new Region(x, null, List.of(up), List.of(new Matrix(floats, 0, x.rows(), width)), true).run();
        project(new PackedTokens(groups, floats, 0), List.of(down), List.of(out));
    }

    /** The columns of a product, in blocks of about equal size. */
    ColumnBlocks blocks(int cols, int groups) {
        return blocks.computeIfAbsent(new Shape(cols, Math.min(GROUPS, groups)), shape -> {
            int max = shape.groups == 1 ? ONE_TILE_DEPTH : DEPTH;
            int count = Math.max(1, Math.ceilDiv(cols, max));
            return ColumnBlocks.of(cols, Math.max(1, Math.ceilDiv(cols, count)), ROWS, shape.groups, PanelTiles.STREAMS);
        });
    }

    /** Records that a product begins, and returns where each thread will probably begin the next one; null if this is not known. */
    int[] begin(int weight, int[] starts) {
        followers.put(previousWeight, starts);
        previousWeight = weight;
        return followers.get(weight);
    }

    /** A product of some tokens. */
    private final class Region {
        private final Matrix rows;
        private final PackedTokens packed;
        private final TokenGroups groups;
        private final List<Projection> projections;
        private final List<Matrix> outs;
        private final boolean packsOut;
        private final ColumnBlocks blocks;
        private final int panels; // of a task
        private final int[] firstTasks; // of the projections, and the number of tasks
        private final int[] firstTokens; // of the groups, and the number of tokens
        private final int[] order;

        /**
         * @param rows the tokens, or null
         * @param packed the tokens, if rows is null
         * @param packsOut whether the results are stored as {@link PackedTokens} are, in the floats of outs
         */
        Region(Matrix rows, PackedTokens packed, List<Projection> projections, List<Matrix> outs, boolean packsOut) {
            this.rows = rows;
            this.packed = packed;
            this.groups = rows == null ? packed.groups() : TokenGroups.of(rows.rows());
            this.projections = projections;
            this.outs = outs;
            this.packsOut = packsOut;
            int cols = projections.getFirst().weight().cols();
            blocks = blocks(cols, groups.groups());
            panels = taskPanels(outs.stream().mapToInt(Matrix::cols).sum(), cols, groups.groups());
            firstTasks = new int[outs.size() + 1];
            for (int i = 0; i < outs.size(); i++) {
                firstTasks[i + 1] = firstTasks[i] + Math.ceilDiv(PanelTensor.count(outs.get(i).cols()), panels);
            }
            firstTokens = new int[groups.groups() + 1];
            for (int group = 0; group < firstTokens.length; group++) firstTokens[group] = groups.first(group);
            order = order(firstTasks);
        }

        void run() {
            int[] following = begin(weight(0).arrayOffset(), starts());
            Buffers[] buffers = bufferPool.acquire();
            PackedTokens[] x = new PackedTokens[pool.threads()];
            pool.forEachNeighbour(order.length, (thread, position, nextPosition) -> {
                if (buffers[thread] == null) buffers[thread] = new Buffers();
                if (x[thread] == null) x[thread] = rows == null ? packed : PackedTokens.of(rows, buffers[thread].x, buffers[thread].block);
                int afterRegion = following == null ? -1 : following[thread];
                run(x[thread], buffers[thread], order[position], nextPosition < 0 ? afterRegion : start(order[nextPosition]));
            });
            bufferPool.release(buffers);
        }

        /** Where the weights of each thread's first task begin. */
        private int[] starts() {
            int[] starts = new int[pool.threads()];
            for (int i = 0; i < starts.length; i++) {
                int position = TaskShares.start(order.length, i, starts.length);
                starts[i] = position < order.length ? start(order[position]) : -1;
            }
            return starts;
        }

        /** Where the weights of a task begin. */
        private int start(int task) {
            int i = projection(task);
            return weight(i).arrayOffset() + (task - firstTasks[i]) * panels * blocks.cols() * ROWS;
        }

        private PanelTensor weight(int projection) {
            return (PanelTensor) projections.get(projection).weight();
        }

        private int projection(int task) {
            int i = 0;
            while (firstTasks[i + 1] <= task) i++;
            return i;
        }

        /** @param next where the weights begin that this thread probably needs after the task, or -1 */
        private void run(PackedTokens x, Buffers buffers, int task, int next) {
            int i = projection(task);
            int from = (task - firstTasks[i]) * panels;
            int to = Math.min(PanelTensor.count(outs.get(i).cols()), from + panels);
            float[] w = weight(i).array();
            boolean fits = next <= w.length - blocks.depth(0) * ROWS;
            new Task(x.floats(), x.offset(), firstTokens, w, weight(i).arrayOffset(), blocks, projections.get(i), outs.get(i), packsOut,
                    buffers, from, to, fits ? next : -1).run();
        }
    }

    /** The tasks of all projections, so that a thread has the same part of each. */
    private int[] order(int[] firstTasks) {
        int threads = pool.threads();
        int[] order = new int[firstTasks[firstTasks.length - 1]];
        int position = 0;
        for (int share = 0; share < threads; share++) {
            for (int i = 0; i + 1 < firstTasks.length; i++) {
                int tasks = firstTasks[i + 1] - firstTasks[i];
                int end = TaskShares.start(tasks, share + 1, threads);
                for (int task = TaskShares.start(tasks, share, threads); task < end; task++) order[position++] = firstTasks[i] + task;
            }
        }
        return order;
    }

    /** Panels in a task: one for few tokens, so that threads finish together. */
    private int taskPanels(int rows, int cols, int groups) {
        int max = groups <= GROUPS ? 1 : Math.clamp(MAX_WEIGHTS / ((long) ROWS * Math.max(1, cols)), 1, MAX_PANELS);
        return RowPartition.size(rows, ROWS, max * ROWS, pool.threads()) / ROWS;
    }

    /**
     * The panels of one task.
     *
     * @param x packed tokens
     * @param firstTokens of the groups, and the number of tokens
     * @param w panels, from {@code wOffset} on
     * @param packsOut whether the results are packed
     * @param next where the weights begin that this thread probably needs after the task, or -1
     */
    private record Task(
            float[] x, int xOffset, int[] firstTokens, float[] w, int wOffset, ColumnBlocks blocks, Projection projection,
            Matrix out, boolean packsOut, Buffers buffers, int fromPanel, int toPanel, int next) {
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
            int aheadPanel = sameColumns ? panel + 1 : fromPanel; // what this thread needs next
            int aheadK = sameColumns ? k : last ? 0 : k + depth;
            int aheadOffset = last && !sameColumns ? next : wOffset + (aheadPanel * cols + aheadK) * ROWS;
            ColumnBlocks.Ahead ahead = aheadOffset < 0 ? blocks.nothing() : blocks.ahead(k, aheadK);
            int weights = wOffset + (panel * cols + k) * ROWS;
            int before = firstTokens[fromGroup];
            int sums = (panel - fromPanel) * (firstTokens[toGroup] - before) * ROWS;
            for (int group = fromGroup; group < toGroup; group++) {
                int token = firstTokens[group];
                int tokens = firstTokens[group + 1] - token;
                int xFirst = xOffset + token * cols + k * tokens;
                int target = sums + (token - before) * ROWS;
                int far = fromGroup > 0 ? -1 : Math.max(0, aheadOffset) + ahead.first(group);
                for (int lane = 0; lane < PanelTiles.HALF; lane += Species.COUNT) {
                    tile(tokens, weights + lane, depth, xFirst, first, target + lane, far, ahead.order());
                }
                if (last && packsOut) pack(target, panel, token, tokens);
                else if (last) PanelOutput.write(buffers.sums, target, tokens, projection, panel, out, token);
            }
        }

        /** Activates the sums of some tokens, and stores them packed. */
        private void pack(int sums, int panel, int token, int tokens) {
            int row = panel * ROWS;
            int width = Math.min(ROWS, out.cols() - row);
            PanelOutput.activate(buffers.sums, sums, tokens, projection, row, width);
            int side = BlockTranspose.BLOCK_SIDE;
            if (tokens <= side) {
                for (int k = 0; k < ROWS; k += side) { // whole vectors, the last of which ends beyond the panel
                    BlockTranspose.transpose(buffers.sums, sums + k, ROWS, buffers.block);
                    BlockTranspose.copy(buffers.block, buffers.packed, k * tokens, tokens);
                }
            } else {
                for (int t = 0; t < tokens; t++) {
                    for (int k = 0; k < width; k++) buffers.packed[k * tokens + t] = buffers.sums[sums + t * ROWS + k];
                }
            }
            System.arraycopy(buffers.packed, 0, out.data(), out.offset() + token * out.cols() + row * tokens, width * tokens);
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
