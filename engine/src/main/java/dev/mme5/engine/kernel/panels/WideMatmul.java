package dev.mme5.engine.kernel.panels;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.api.Projection;
import dev.mme5.engine.kernel.gemm.PackingLimits;
import dev.mme5.engine.kernel.gemm.WeightPacker;
import dev.mme5.engine.kernel.panels.near.NearTiles;
import dev.mme5.engine.kernel.panels.tiles.PanelTiles;
import dev.mme5.engine.kernel.pool.ArrayAlignment;
import dev.mme5.engine.kernel.pool.BufferPool;
import dev.mme5.engine.kernel.pool.RetainedFloats;
import dev.mme5.engine.kernel.pool.RowPartition;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.rows.VectorRows;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.WeightMatrix;
import java.util.List;
import jdk.incubator.vector.FloatVector;

/**
 * out = x · weightᵀ for weights of a file, floats or 8 bits: of many tokens with weights in panels, and of any number with weights in rows.
 *
 * <p>A task computes some panels. It brings some columns of a panel to floats in an array that stays in the first-level cache
 * ({@link WeightPacker}), once for all groups of tokens, and multiplies them with the tokens, which lie in blocks of as many columns
 * ({@link TokenBlocks}). Sums of the columns before stay in the second-level cache. The order of sums is that of {@link PanelMatmul}.
 * Nothing is read ahead: that costs as much as it saves here.
 */
public final class WideMatmul {
    private static final int ROWS = PanelTensor.ROWS;

    /** Columns at a time: 24 KB of floats. */
    private static final int DEPTH = TokenBlocks.DEPTH;

    /** Most panels in a task. The more panels, the fewer times the tokens are read from further away. */
    private static final int MAX_PANELS = 16;

    /** Most tokens at a time. With some columns of them and the sums, a task stays in the second-level cache. */
    private static final int BLOCK_TOKENS = 22 * 12;

    /** Floats of all tokens up to which they stay near by themselves, and a task takes panel after panel. */
    private static final int FEW_FLOATS = 1 << 19;

    /** Floats of a panel in a buffer. */
    private static final int PANEL = DEPTH * ROWS;

    /** Floats of a thread: a panel, and sums [panels, tokens, ROWS]. */
    private static final int THREAD_FLOATS = PANEL + MAX_PANELS * BLOCK_TOKENS * ROWS;

    /** Floats in a cache line; those of a thread are a multiple. */
    private static final int LINE = 16;

    private static final float[] ZEROS = new float[ROWS];

    private final WorkerPool pool;
    private final BufferPool<RetainedFloats> activationPool;
    private final BufferPool<WeightPacker[]> packerPool;

    /** @param activationPool retains the tokens */
    public WideMatmul(WorkerPool pool, BufferPool<RetainedFloats> activationPool) {
        this.pool = pool;
        this.activationPool = activationPool;
        packerPool = new BufferPool<>(1, () -> new WeightPacker[pool.threads()]);
    }

    /** What is retained beside the tokens, in the same array, because a large one is aligned. */
    public static long bytes(int threads) {
        return Float.BYTES * (LINE + (long) threads * THREAD_FLOATS);
    }

    /** outs[i] = act(x · weightᵀ + bias) of projection i: for each part of the tokens a region that copies them and one that multiplies. */
    void project(Matrix x, List<Projection> projections, List<Matrix> outs) {
        int count = Math.ceilDiv(x.rows(), PackingLimits.maxTokens(x.cols()));
        int part = Math.ceilDiv(x.rows(), Math.max(1, count));
        RetainedFloats floats = activationPool.acquire();
        WeightPacker[] packers = packerPool.acquire();
        for (int from = 0; from < x.rows(); from += part) {
            int first = from;
            int to = Math.min(x.rows(), from + part);
            Matrix rows = x.rows(from, to);
            long size = PackingLimits.floats(rows.rows(), x.cols()) + bytes(pool.threads()) / Float.BYTES;
            TokenBlocks tokens = new TokenBlocks(rows.rows(), x.cols(), floats.atLeast(Math.toIntExact(size)));
            pool.forEach(Math.ceilDiv(x.cols(), DEPTH), block -> tokens.load(rows, block));
            multiply(tokens, projections, outs.stream().map(out -> out.rows(first, to)).toList(), packers);
        }
        packerPool.release(packers);
        activationPool.release(floats);
    }

    private void multiply(TokenBlocks x, List<Projection> projections, List<Matrix> outs, WeightPacker[] packers) {
        int rows = outs.stream().mapToInt(Matrix::cols).sum();
        boolean few = (long) x.tokens() * x.cols() <= FEW_FLOATS;
        int panels = RowPartition.size(rows, ROWS, few ? ROWS : MAX_PANELS * ROWS, pool.threads()) / ROWS;
        int[] firstTasks = new int[outs.size() + 1];
        for (int i = 0; i < outs.size(); i++) {
            firstTasks[i + 1] = firstTasks[i] + Math.ceilDiv(PanelTensor.count(outs.get(i).cols()), panels);
        }
        TokenGroups groups = TokenGroups.of(x.tokens());
        pool.forEachNeighbour(firstTasks[outs.size()], (thread, task, next) -> {
            int i = 0;
            while (firstTasks[i + 1] <= task) i++;
            int from = (task - firstTasks[i]) * panels;
            int to = Math.min(PanelTensor.count(outs.get(i).cols()), from + panels);
            if (packers[thread] == null) packers[thread] = new WeightPacker();
            int own = TokenBlocks.size(x.tokens(), x.cols()) + ArrayAlignment.FLOATS + thread * THREAD_FLOATS;
            new Task(x, groups, projections.get(i), outs.get(i), from, to, packers[thread], own).run();
        });
    }

    /**
     * Some panels and all tokens.
     *
     * @param own where the panel of this thread begins in the floats of x; its sums follow
     */
    private record Task(
            TokenBlocks x, TokenGroups groups, Projection projection, Matrix out, int fromPanel, int toPanel, WeightPacker packer,
            int own) {
        void run() {
            int count = groups.groups();
            int parts = Math.ceilDiv(count, BLOCK_TOKENS / PanelTiles.MAX_TOKENS);
            for (int part = 0; part < parts; part++) run(count * part / parts, count * (part + 1) / parts);
        }

        private void run(int fromGroup, int toGroup) {
            WeightMatrix weight = projection.weight();
            int firstToken = groups.first(fromGroup);
            int tokens = groups.first(toGroup) - firstToken;
            int k = 0;
            do { // once even for 0 columns, so that out is set
                int depth = Math.min(DEPTH, x.cols() - k);
                boolean last = k + depth == x.cols();
                for (int panel = fromPanel; panel < toPanel; panel++) {
                    packer.pack(weight, panel, k, depth, x.floats(), own);
                    for (int group = fromGroup; group < toGroup; group++) {
                        int sums = own + PANEL + ((panel - fromPanel) * tokens + groups.first(group) - firstToken) * ROWS;
                        tile(panel, group, k, depth, last, sums);
                    }
                }
                k += depth;
            } while (k < x.cols());
        }

        /** Multiplies the packed columns with a group of tokens. The last columns write out, the others the sums. */
        private void tile(int panel, int group, int k, int depth, boolean last, int sums) {
            int token = groups.first(group);
            int tokens = groups.size(group);
            int xOffset = x.offset(k / DEPTH) + token * DEPTH;
            int row = panel * ROWS;
            int whole = depth - depth % PanelTiles.CHUNK_COLUMNS;
            if (last && whole == depth && row + ROWS <= out.cols()) {
                int target = out.offset() + token * out.cols() + row;
                boolean biased = projection.bias() != null;
                tiles(tokens, depth, xOffset, k == 0, sums, biased ? projection.bias() : PanelOutput.NO_BIAS, biased ? row : 0,
                        out.data(), target, out.cols());
                if (!projection.gelu()) return;
                for (int t = 0; t < tokens; t++) VectorRows.gelu(out.data(), target + t * out.cols(), ROWS);
                return;
            }
            tiles(tokens, whole, xOffset, k == 0, sums, PanelOutput.NO_BIAS, 0, x.floats(), sums, ROWS);
            if (whole < depth) multiplyColumn(whole, tokens, xOffset + whole, sums);
            if (last) PanelOutput.write(x.floats(), sums, tokens, projection, panel, out, token);
        }

        /** Runs the register tiles: one with the widest vectors, several with narrower ones. */
        private void tiles(
                int tokens, int depth, int xOffset, boolean first, int sums, float[] bias, int biasOffset, float[] target, int targetOffset,
                int targetStride) {
            float[] floats = x.floats();
            float[] in = first ? ZEROS : floats;
            int inOffset = first ? 0 : sums;
            int inStride = first ? 0 : ROWS;
            for (int lane = 0; lane < PanelTiles.HALF; lane += Species.COUNT) {
                NearTiles.chunk(tokens, floats, own + lane, depth, floats, xOffset, in, inOffset + lane, inStride, bias,
                        biasOffset + lane, target, targetOffset + lane, targetStride);
            }
        }

        /** A single column, in place: tiles take pairs. */
        private void multiplyColumn(int k, int tokens, int xOffset, int sums) {
            float[] floats = x.floats();
            for (int lane = 0; lane < ROWS; lane += Species.COUNT) {
                FloatVector weights = FloatVector.fromArray(Species.FLOAT, floats, own + k * ROWS + lane);
                for (int t = 0; t < tokens; t++) {
                    int sum = sums + t * ROWS + lane;
                    FloatVector value = FloatVector.broadcast(Species.FLOAT, floats[xOffset + t * DEPTH]);
                    weights.fma(value, FloatVector.fromArray(Species.FLOAT, floats, sum)).intoArray(floats, sum);
                }
            }
        }
    }
}
