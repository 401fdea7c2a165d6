package dev.mme5.engine.kernel.attention;

import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.kernel.api.Heads;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.microkernel.TwoVectorMicroKernel;
import dev.mme5.engine.kernel.simd.BlockTranspose;

/**
 * Attention of some panels of queries to the keys of one head. Lanes run over queries: a query of one head takes one lane,
 * and the heads that share keys lie side by side. Keys come in blocks of 192 counted from key 0; for each block a lane gets its
 * scores (chains over d), their maximum, the rescaling of what it has, the exps, and adds to its sum and its values key by key.
 * A lane never meets another, so the bits of a query do not depend on its neighbours.
 */
public final class AttentionTask {
    /** Keys in one block: part of the canonical order of sums. */
    public static final int BLOCK = 192;

    private static final int DEPTH = TwoVectorMicroKernel.DEPTH;
    private static final int PANEL = TwoVectorMicroKernel.PANEL;

    /** Lanes of a task at most, whole panels at every width: many, since keys and values are brought into place for each task anew. */
    static final int MAX_LANES = 512;

    private static final float[] ZEROS = new float[PANEL];

    private final Matrix q;
    private final Matrix k;
    private final Matrix v;
    private final Heads heads;
    private final AttentionMask mask;
    private final Matrix out;
    private final int size;

    private final float[] keyRows; // [size / DEPTH, BLOCK, DEPTH]: keys of this block, DEPTH of their columns behind each other
    private final float[] valueRows; // [size, DEPTH]: values of this block, turned
    private final int[] square = new int[2 * BlockTranspose.SIDE * BlockTranspose.SIDE];
    private final float[] multiplicities = new float[BLOCK];
    private final float[] queries; // [panels, size, PANEL]: times 1 / √size
    private final float[] scores = new float[BLOCK * PANEL]; // [BLOCK, PANEL]: of one panel
    private final OnlineSoftmax softmax;

    // What is worked on.
    private int kvHead;
    private int firstLane;
    private int lanes;
    private int panels;
    private final int[] firstKeys; // [panels]: the first key that any lane of a panel sees
    private final int[] lastKeys; // [panels]: one past the last

    AttentionTask(Matrix q, Matrix k, Matrix v, Heads heads, AttentionMask mask, Matrix out, int mostLanes) {
        this.q = q;
        this.k = k;
        this.v = v;
        this.heads = heads;
        this.mask = mask;
        this.out = out;
        size = heads.size();
        keyRows = new float[Math.ceilDiv(size, DEPTH) * BLOCK * DEPTH];
        valueRows = new float[size * DEPTH];
        int mostPanels = Math.ceilDiv(mostLanes, PANEL);
        queries = new float[mostPanels * size * PANEL];
        firstKeys = new int[mostPanels];
        lastKeys = new int[mostPanels];
        softmax = new OnlineSoftmax(mostPanels, size);
    }

    /** So many lanes from {@code first} on, of one key head. */
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
        loadQueries();
        for (int block = from / BLOCK * BLOCK; block < to; block += BLOCK) {
            block(block, Math.max(block, from), Math.min(block + BLOCK, to));
        }
        storeResults();
    }

    private int queryOf(int lane) {
        return (firstLane + lane) / heads.queriesPerKey();
    }

    private int queryCol(int lane) {
        return (kvHead * heads.queriesPerKey() + (firstLane + lane) % heads.queriesPerKey()) * size;
    }

    /** Queries times 1 / √size, turned; lanes that are over repeat the last query. */
    private void loadQueries() {
        softmax.clear();
        float scale = (float) (1 / Math.sqrt(size));
        for (int i = 0; i < panels * PANEL; i++) {
            int lane = Math.min(i, lanes - 1);
            int from = q.offset() + queryOf(lane) * q.cols() + queryCol(lane);
            int to = i / PANEL * size * PANEL + i % PANEL;
            for (int d = 0; d < size; d++) queries[to + d * PANEL] = q.data()[from + d] * scale;
            softmax.see(i, mask.from(queryOf(lane)), mask.to(queryOf(lane)));
        }
    }

    private void storeResults() {
        for (int lane = 0; lane < lanes; lane++) {
            softmax.result(lane, out.data(), out.offset() + queryOf(lane) * out.cols() + queryCol(lane));
        }
    }

    /** Keys from to to of the block that begins at key {@code block}. */
    private void block(int block, int from, int to) {
        for (int d = 0; d < size; d += DEPTH) loadKeys(block, from, to, d, Math.min(DEPTH, size - d));
        turnValues(block, from, to);
        for (int key = from; key < to; key++) multiplicities[key - block] = mask.multiplicity(key);
        for (int panel = 0; panel < panels; panel++) {
            int first = Math.max(from, firstKeys[panel]);
            int last = Math.min(to, lastKeys[panel]);
            if (first >= last) continue;
            for (int d = 0; d < size; d += DEPTH) scores(panel, first - block, last - block, d, Math.min(DEPTH, size - d));
            softmax.add(panel, block, first, last, scores, multiplicities, valueRows);
        }
    }

    private void loadKeys(int block, int from, int to, int d, int depth) {
        int at = k.offset() + kvHead * size + d;
        int rows = d * BLOCK - block * DEPTH;
        for (int key = from; key < to; key++) System.arraycopy(k.data(), at + key * k.cols(), keyRows, rows + key * DEPTH, depth);
    }

    /** Columns d to d + depth of keys from to to of the block and of a panel of queries, added to the scores. */
    private void scores(int panel, int from, int to, int d, int depth) {
        int rows = d * BLOCK + from * DEPTH;
        int b = (panel * size + d) * PANEL;
        int at = from * PANEL;
        if (d == 0) {
            TwoVectorMicroKernel.multiply(keyRows, rows, to - from, queries, b, depth, ZEROS, 0, 0, scores, at, PANEL);
        } else {
            TwoVectorMicroKernel.multiply(keyRows, rows, to - from, queries, b, depth, scores, at, PANEL, scores, at, PANEL);
        }
    }

    private void turnValues(int block, int from, int to) {
        int side = BlockTranspose.SIDE;
        int cols = v.cols();
        int key = from;
        for (; key + side <= to; key += side) {
            int at = v.offset() + key * cols + kvHead * size;
            int d = 0;
            for (; d + side <= size; d += side) {
                BlockTranspose.turn(v.data(), at + d, cols, square);
                BlockTranspose.copy(square, valueRows, d * DEPTH + key - block, DEPTH);
            }
            for (; d < size; d++) {
                for (int i = 0; i < side; i++) valueRows[d * DEPTH + key - block + i] = v.data()[at + i * cols + d];
            }
        }
        for (; key < to; key++) {
            int at = v.offset() + key * cols + kvHead * size;
            for (int d = 0; d < size; d++) valueRows[d * DEPTH + key - block] = v.data()[at + d];
        }
    }
}
