package dev.mme5.engine.kernel.attention;

import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.kernel.api.CanonicalOrder;
import dev.mme5.engine.kernel.api.Heads;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.microkernel.TwoVectorMicroKernel;
import dev.mme5.engine.kernel.simd.BlockTranspose;
import java.util.Arrays;

/**
 * Attention of some panels of queries to the keys of one head. Lanes run over queries: one query of one head is one lane, and the
 * query heads that share a key head are in adjacent lanes. For each key block, a lane computes its scores (chains over d) and their
 * maximum, rescales its accumulators, computes the exps, and adds to its denominator and numerators key by key. Lanes are
 * independent, so the bits of a query do not depend on the other queries.
 */
final class AttentionTask {
    private static final int BLOCK = CanonicalOrder.KEY_BLOCK;
    private static final int DEPTH = TwoVectorMicroKernel.DEPTH;
    private static final int PANEL = TwoVectorMicroKernel.PANEL;
    private static final int SIDE = BlockTranspose.BLOCK_SIDE;

    /** Most lanes of a task, a multiple of the panel at every vector width. Many, because each task packs keys and values again. */
    static final int MAX_LANES = 512;

    private static final float[] ZEROS = new float[PANEL];

    private final int size;
    private final int queriesPerKey;

    private final int blockKeys; // most keys of a block
    private final float[] keyRows; // [size / DEPTH, blockKeys, DEPTH]: keys of this block, DEPTH of their columns at a time
    private final float[] valueRows; // [size, DEPTH]: values of this block, transposed
    private final int[] transposeBuffer = new int[2 * BlockTranspose.BLOCK_SIDE * BlockTranspose.BLOCK_SIDE];
    private final float[] multiplicities;
    private final float[] queries; // [panels, size, PANEL]: times 1 / √size
    private final float[] scores; // [blockKeys, PANEL]: scores of one panel
    private final OnlineSoftmax softmax;

    // The current task.
    private Matrix q;
    private Matrix k;
    private Matrix v;
    private AttentionMask mask;
    private Matrix out;
    private int kvHead;
    private int firstLane;
    private int lanes;
    private int panels;
    private final int[] firstKeys; // [panels]: first key that any lane of the panel attends to
    private final int[] lastKeys; // [panels]: one past the last such key

    /** Buffers for tasks of at most that many lanes, each of which attends to at most that many keys. */
    AttentionTask(Heads heads, int maxLanes, int maxKeys) {
        size = heads.size();
        queriesPerKey = heads.queriesPerKey();
        blockKeys = Math.min(BLOCK, maxKeys);
        keyRows = new float[Math.ceilDiv(size, DEPTH) * blockKeys * DEPTH];
        multiplicities = new float[blockKeys];
        scores = new float[blockKeys * PANEL];
        valueRows = new float[size * DEPTH];
        int maxPanels = Math.ceilDiv(maxLanes, PANEL);
        queries = new float[maxPanels * size * PANEL];
        firstKeys = new int[maxPanels];
        lastKeys = new int[maxPanels];
        softmax = new OnlineSoftmax(maxPanels, size);
    }

    /** Bytes of such buffers. */
    static long bytes(Heads heads, int maxLanes, int maxKeys) {
        long size = heads.size();
        long keys = Math.min(BLOCK, maxKeys);
        long lanes = Math.ceilDiv(maxLanes, PANEL) * (long) PANEL;
        return Float.BYTES * (2 * lanes * size + Math.ceilDiv(size, DEPTH) * keys * DEPTH + size * DEPTH + keys * PANEL);
    }

    /** Forgets what it read and wrote, which may be large. */
    void clear() {
        on(null, null, null, null, null);
    }

    /** Sets what the next tasks read and write. */
    AttentionTask on(Matrix q, Matrix k, Matrix v, AttentionMask mask, Matrix out) {
        this.q = q;
        this.k = k;
        this.v = v;
        this.mask = mask;
        this.out = out;
        return this;
    }

    /** Computes {@code count} lanes of one key head, from lane {@code first}. */
    void run(int kvHead, int first, int count) {
        this.kvHead = kvHead;
        firstLane = first;
        lanes = count;
        panels = Math.ceilDiv(lanes, PANEL);
        int from = k.rows();
        int to = 0;
        for (int panel = 0; panel < panels; panel++) {
            firstKeys[panel] = k.rows();
            lastKeys[panel] = 0;
            for (int lane = panel * PANEL; lane < Math.min(lanes, (panel + 1) * PANEL); lane++) {
                firstKeys[panel] = Math.min(firstKeys[panel], mask.from(queryOf(lane)));
                lastKeys[panel] = Math.max(lastKeys[panel], mask.to(queryOf(lane)));
            }
            from = Math.min(from, firstKeys[panel]);
            to = Math.max(to, lastKeys[panel]);
        }
        packQueries();
        for (int block = from / BLOCK * BLOCK; block < to; block += BLOCK) {
            keyBlock(block, Math.max(block, from), Math.min(block + BLOCK, to));
        }
        storeResults();
    }

    private int queryOf(int lane) {
        return queriesPerKey == 1 ? firstLane + lane : (firstLane + lane) / queriesPerKey;
    }

    private int queryCol(int lane) {
        return queriesPerKey == 1 ? kvHead * size : (kvHead * queriesPerKey + (firstLane + lane) % queriesPerKey) * size;
    }

    /** Packs scaled queries. Unused lanes hold zeros. */
    private void packQueries() {
        softmax.clear(panels);
        float scale = (float) (1 / Math.sqrt(size));
        boolean blocks = queriesPerKey == 1 && size % SIDE == 0;
        for (int lane = 0; lane < panels * PANEL; lane += SIDE) {
            int target = lane / PANEL * size * PANEL + lane % PANEL;
            if (blocks && lane + SIDE <= lanes) {
                int source = q.offset() + queryOf(lane) * q.cols() + queryCol(lane);
                for (int d = 0; d < size; d += SIDE) {
                    BlockTranspose.transpose(q.data(), source + d, q.cols(), transposeBuffer);
                    BlockTranspose.copy(transposeBuffer, queries, target + d * PANEL, PANEL);
                }
            } else {
                for (int d = 0; d < size; d++) Arrays.fill(queries, target + d * PANEL, target + d * PANEL + SIDE, 0f);
                for (int i = 0; i < Math.min(SIDE, lanes - lane); i++) {
                    int source = q.offset() + queryOf(lane + i) * q.cols() + queryCol(lane + i);
                    for (int d = 0; d < size; d++) queries[target + i + d * PANEL] = q.data()[source + d];
                }
            }
        }
        int floats = panels * size * PANEL;
        for (int i = 0; i < floats; i++) queries[i] *= scale;
        for (int i = 0; i < panels * PANEL; i++) {
            int query = queryOf(Math.min(i, lanes - 1));
            softmax.setVisible(i, mask.from(query), mask.to(query));
        }
    }

    private void storeResults() {
        softmax.divide(panels);
        boolean blocks = queriesPerKey == 1 && size % SIDE == 0;
        for (int lane = 0; lane < lanes; lane += SIDE) {
            if (blocks && lane + SIDE <= lanes) {
                int target = out.offset() + queryOf(lane) * out.cols() + queryCol(lane);
                softmax.writeBlock(lane, out.data(), target, out.cols(), transposeBuffer);
            } else {
                for (int i = lane; i < Math.min(lane + SIDE, lanes); i++) {
                    softmax.write(i, out.data(), out.offset() + queryOf(i) * out.cols() + queryCol(i));
                }
            }
        }
    }

    /** Processes keys from..to of the block that starts at key {@code block}. */
    private void keyBlock(int block, int from, int to) {
        for (int d = 0; d < size; d += DEPTH) packKeys(block, from, to, d, Math.min(DEPTH, size - d));
        transposeValues(block, from, to);
        for (int key = from; key < to; key++) multiplicities[key - block] = mask.multiplicity(key);
        for (int panel = 0; panel < panels; panel++) {
            int first = Math.max(from, firstKeys[panel]);
            int last = Math.min(to, lastKeys[panel]);
            if (first >= last) continue;
            for (int d = 0; d < size; d += DEPTH) scores(panel, first - block, last - block, d, Math.min(DEPTH, size - d));
            softmax.add(panel, block, first, last, scores, multiplicities, valueRows);
        }
    }

    private void packKeys(int block, int from, int to, int d, int depth) {
        int offset = k.offset() + kvHead * size + d;
        int rows = d * blockKeys - block * DEPTH;
        for (int key = from; key < to; key++) System.arraycopy(k.data(), offset + key * k.cols(), keyRows, rows + key * DEPTH, depth);
    }

    /** Adds the products of columns d to d + depth, for keys from..to of the block and one panel of queries, to the scores. */
    private void scores(int panel, int from, int to, int d, int depth) {
        int rows = d * blockKeys + from * DEPTH;
        int b = (panel * size + d) * PANEL;
        int offset = from * PANEL;
        if (d == 0) {
            TwoVectorMicroKernel.multiply(keyRows, rows, to - from, queries, b, depth, ZEROS, 0, 0, scores, offset, PANEL);
        } else {
            TwoVectorMicroKernel.multiply(keyRows, rows, to - from, queries, b, depth, scores, offset, PANEL, scores, offset, PANEL);
        }
    }

    private void transposeValues(int block, int from, int to) {
        int side = BlockTranspose.BLOCK_SIDE;
        int cols = v.cols();
        int key = from;
        for (; key + side <= to; key += side) {
            int offset = v.offset() + key * cols + kvHead * size;
            int d = 0;
            for (; d + side <= size; d += side) {
                BlockTranspose.transpose(v.data(), offset + d, cols, transposeBuffer);
                BlockTranspose.copy(transposeBuffer, valueRows, d * DEPTH + key - block, DEPTH);
            }
            for (; d < size; d++) {
                for (int i = 0; i < side; i++) valueRows[d * DEPTH + key - block + i] = v.data()[offset + i * cols + d];
            }
        }
        for (; key < to; key++) {
            int offset = v.offset() + key * cols + kvHead * size;
            for (int d = 0; d < size; d++) valueRows[d * DEPTH + key - block] = v.data()[offset + d];
        }
    }
}
