package dev.mme5.engine.kernel;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * out = softmax(q · kᵀ / √size) · v without the matrix of scores. Lanes run over queries: a query of one head takes one lane,
 * and the heads that share keys lie side by side. Keys come in blocks of 192 counted from key 0; for each block a lane gets its
 * scores (chains over d), their maximum, the rescaling of what it has, the exps, and adds to its sum and its values key by key.
 * A lane never meets another, so the bits of a query do not depend on its neighbours.
 */
final class VectorAttention {
    /** Keys in one block: part of the canonical order of sums. */
    static final int BLOCK = 192;

    private static final int DEPTH = TileKernel.DEPTH;
    private static final int PANEL = TileKernel.PANEL;
    private static final int MAX_PANELS = 4;
    private static final float[] ZEROS = new float[PANEL];

    private final WorkerPool pool;
    private final ScratchPool keyBuffers;
    private final ScratchPool scoreBuffers;

    VectorAttention(WorkerPool pool) {
        this.pool = pool;
        keyBuffers = new ScratchPool(BLOCK * DEPTH, 2 * pool.threads());
        scoreBuffers = new ScratchPool(MAX_PANELS * BLOCK * PANEL, 2 * pool.threads());
    }

    void attend(Matrix q, Matrix k, Matrix v, Heads heads, AttentionMask mask, Matrix out) {
        int lanes = q.rows() * heads.queriesPerKey();
        int tiles = Math.ceilDiv(lanes, MAX_PANELS * PANEL);
        pool.forEach(heads.kvHeads() * tiles, task -> {
            float[] keyBuffer = keyBuffers.take();
            float[] scoreBuffer = scoreBuffers.take();
            new Tile(q, k, v, heads, mask, out, task / tiles, task % tiles * MAX_PANELS * PANEL, keyBuffer, scoreBuffer).run();
            scoreBuffers.giveBack(scoreBuffer);
            keyBuffers.giveBack(keyBuffer);
        });
    }

    /** Up to four panels of queries that share a key head. */
    private static final class Tile {
        private final Matrix q;
        private final Matrix k;
        private final Matrix v;
        private final Heads heads;
        private final AttentionMask mask;
        private final Matrix out;
        private final int kvHead;
        private final int firstLane;
        private final int lanes;
        private final int panels;
        private final int size;
        private final float[] keyRows; // keys as rows for the scores; values turned, [size, DEPTH], when they fit
        private final float[] scores; // [panels, BLOCK, PANEL]
        private final float[] valueRows;
        private final float[] queries; // [panels, size, PANEL]
        private final float[] sums; // [panels, size, PANEL]: the values so far
        private final float[] maxima; // [panels, PANEL]
        private final float[] totals; // [panels, PANEL]
        private final float[] starts; // [panels, PANEL]: keys that a lane sees, as floats to compare with
        private final float[] ends;

        Tile(Matrix q, Matrix k, Matrix v, Heads heads, AttentionMask mask, Matrix out, int kvHead, int firstLane,
                float[] keyRows, float[] scores) {
            this.q = q;
            this.k = k;
            this.v = v;
            this.heads = heads;
            this.mask = mask;
            this.out = out;
            this.kvHead = kvHead;
            this.firstLane = firstLane;
            lanes = Math.min(q.rows() * heads.queriesPerKey() - firstLane, MAX_PANELS * PANEL);
            panels = Math.ceilDiv(lanes, PANEL);
            size = heads.size();
            this.keyRows = keyRows;
            this.scores = scores;
            valueRows = new float[size * DEPTH];
            queries = new float[panels * size * PANEL];
            sums = new float[panels * size * PANEL];
            maxima = new float[panels * PANEL];
            totals = new float[panels * PANEL];
            starts = new float[panels * PANEL];
            ends = new float[panels * PANEL];
        }

        void run() {
            loadQueries();
            int from = k.rows();
            int to = 0;
            for (int lane = 0; lane < lanes; lane++) {
                from = Math.min(from, mask.from(queryOf(lane)));
                to = Math.max(to, mask.to(queryOf(lane)));
            }
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
            float scale = (float) (1 / Math.sqrt(size));
            for (int i = 0; i < panels * PANEL; i++) {
                int lane = Math.min(i, lanes - 1);
                int from = q.offset() + queryOf(lane) * q.cols() + queryCol(lane);
                int to = i / PANEL * size * PANEL + i % PANEL;
                for (int d = 0; d < size; d++) queries[to + d * PANEL] = q.data()[from + d] * scale;
                starts[i] = mask.from(queryOf(lane));
                ends[i] = mask.to(queryOf(lane));
            }
            Arrays.fill(maxima, -Float.MAX_VALUE);
        }

        private void storeResults() {
            for (int lane = 0; lane < lanes; lane++) {
                int to = out.offset() + queryOf(lane) * out.cols() + queryCol(lane);
                int from = lane / PANEL * size * PANEL + lane % PANEL;
                for (int d = 0; d < size; d++) out.data()[to + d] = sums[from + d * PANEL] / totals[lane];
            }
        }

        /** Keys from to to of the block that begins at key {@code block}. */
        private void block(int block, int from, int to) {
            int keyCol = kvHead * size;
            for (int d = 0; d < size; d += DEPTH) {
                int depth = Math.min(DEPTH, size - d);
                for (int key = from; key < to; key++) {
                    System.arraycopy(k.data(), k.offset() + key * k.cols() + keyCol + d, keyRows, (key - block) * DEPTH, depth);
                }
                for (int panel = 0; panel < panels; panel++) {
                    int b = (panel * size + d) * PANEL;
                    int at = (panel * BLOCK + from - block) * PANEL;
                    int rows = (from - block) * DEPTH;
                    if (d == 0) {
                        TileKernel.multiply(keyRows, rows, to - from, queries, b, depth, ZEROS, 0, 0, scores, at, PANEL);
                    } else {
                        TileKernel.multiply(keyRows, rows, to - from, queries, b, depth, scores, at, PANEL, scores, at, PANEL);
                    }
                }
            }
            for (int key = from; key < to; key++) {
                int at = v.offset() + key * v.cols() + keyCol;
                for (int d = 0; d < size; d++) valueRows[d * DEPTH + key - block] = v.data()[at + d];
            }
            for (int panel = 0; panel < panels; panel++) panel(panel, block, from, to);
        }

        private void panel(int panel, int block, int from, int to) {
            float latestStart = starts[panel * PANEL];
            float earliestEnd = ends[panel * PANEL];
            for (int i = 1; i < PANEL; i++) {
                latestStart = Math.max(latestStart, starts[panel * PANEL + i]);
                earliestEnd = Math.min(earliestEnd, ends[panel * PANEL + i]);
            }
            int allFrom = Math.clamp((int) latestStart, from, to); // keys that every lane sees
            int allTo = Math.clamp((int) earliestEnd, allFrom, to);
            boolean ragged = allFrom > from || allTo < to;
            for (int lane = panel * PANEL; lane < (panel + 1) * PANEL; lane += Lanes.COUNT) softmax(panel, lane, block, from, to, ragged);

            int p = panel * BLOCK * PANEL;
            int sum = panel * size * PANEL;
            addSeen(p, sum, block, from, allFrom);
            int first = allFrom - block;
            TileKernel.multiply(valueRows, first, size, scores, p + first * PANEL, allTo - allFrom, sums, sum, PANEL, sums, sum, PANEL);
            addSeen(p, sum, block, allTo, to);
        }

        /** Scores of one vector of lanes to exps; what its lanes have so far is brought to the new maximum. */
        private void softmax(int panel, int lane, int block, int from, int to, boolean ragged) {
            int at = panel * BLOCK * PANEL + lane % PANEL - block * PANEL;
            FloatVector start = FloatVector.fromArray(Lanes.FLOAT, starts, lane);
            FloatVector end = FloatVector.fromArray(Lanes.FLOAT, ends, lane);
            if (ragged) {
                for (int key = from; key < to; key++) {
                    FloatVector score = FloatVector.fromArray(Lanes.FLOAT, scores, at + key * PANEL);
                    VectorMask<Float> hidden = start.compare(GT, (float) key).or(end.compare(LE, (float) key));
                    score.blend(Float.NEGATIVE_INFINITY, hidden).intoArray(scores, at + key * PANEL);
                }
            }
            FloatVector before = FloatVector.fromArray(Lanes.FLOAT, maxima, lane);
            FloatVector max = before;
            for (int key = from; key < to; key++) {
                FloatVector score = FloatVector.fromArray(Lanes.FLOAT, scores, at + key * PANEL);
                max = max.blend(score, score.compare(GT, max));
            }
            max.intoArray(maxima, lane);
            FloatVector rescale = VectorMath.expOfNegative(before.sub(max));
            FloatVector total = FloatVector.fromArray(Lanes.FLOAT, totals, lane).mul(rescale);
            for (int key = from; key < to; key++) {
                FloatVector score = FloatVector.fromArray(Lanes.FLOAT, scores, at + key * PANEL);
                FloatVector p = VectorMath.expOfNegative(score.sub(max)).mul((float) mask.multiplicity(key));
                total = total.add(p);
                p.intoArray(scores, at + key * PANEL);
            }
            total.intoArray(totals, lane);
            int sum = panel * size * PANEL + lane % PANEL;
            for (int d = 0; d < size; d++) {
                FloatVector.fromArray(Lanes.FLOAT, sums, sum + d * PANEL).mul(rescale).intoArray(sums, sum + d * PANEL);
            }
        }

        /** Values of keys that only some lanes see: the others are left as they are. */
        private void addSeen(int p, int sum, int block, int from, int to) {
            if (from >= to) return;
            for (int lane = 0; lane < PANEL; lane += Lanes.COUNT) {
                int panelLane = sum / size + lane;
                FloatVector start = FloatVector.fromArray(Lanes.FLOAT, starts, panelLane);
                FloatVector end = FloatVector.fromArray(Lanes.FLOAT, ends, panelLane);
                for (int d = 0; d < size; d++) {
                    FloatVector old = FloatVector.fromArray(Lanes.FLOAT, sums, sum + d * PANEL + lane);
                    for (int key = from; key < to; key++) {
                        FloatVector weight = FloatVector.fromArray(Lanes.FLOAT, scores, p + (key - block) * PANEL + lane);
                        FloatVector value = FloatVector.broadcast(Lanes.FLOAT, valueRows[d * DEPTH + key - block]);
                        VectorMask<Float> seen = start.compare(LE, (float) key).and(end.compare(GT, (float) key));
                        old = old.blend(weight.fma(value, old), seen);
                    }
                    old.intoArray(sums, sum + d * PANEL + lane);
                }
            }
        }
    }
}
