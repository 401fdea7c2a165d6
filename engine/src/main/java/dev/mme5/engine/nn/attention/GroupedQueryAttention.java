package dev.mme5.engine.nn.attention;

import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.kernel.api.Heads;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.Linear;
import dev.mme5.engine.nn.TokenTree;
import dev.mme5.weights.Weights;
import java.util.List;

/** Every token to itself and the tokens before it; groups of query heads share keys and values (reference section 6). */
public final class GroupedQueryAttention {
    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear output;
    private final Heads heads;
    private final RotaryEmbedding rope;
    private final Kernels kernels;

    private GroupedQueryAttention(Weights w, int width, Heads heads, RotaryEmbedding rope, Kernels kernels) {
        int queryWidth = heads.heads() * heads.size();
        int kvWidth = heads.kvHeads() * heads.size();
        this.query = Linear.load(w.at("q_proj"), width, queryWidth, kernels);
        this.key = Linear.load(w.at("k_proj"), width, kvWidth, kernels);
        this.value = Linear.load(w.at("v_proj"), width, kvWidth, kernels);
        this.output = Linear.load(w.at("o_proj"), queryWidth, width, kernels);
        this.heads = heads;
        this.rope = rope;
        this.kernels = kernels;
    }

    /** @param width of a token */
    public static GroupedQueryAttention load(Weights w, int width, Heads heads, RotaryEmbedding rope, Kernels kernels) {
        return new GroupedQueryAttention(w, width, heads, rope, kernels);
    }

    /**
     * x [tokens, width], the rows of a tree, attends to itself, segment by segment along its path; the result into out [tokens, width],
     * which may be x.
     *
     * @param layer which layer of self-attention this is
     */
    public void forward(Matrix x, PathKeyValues paths, int layer, AttentionBuffers a, Matrix out) {
        Linear.forward(x, List.of(query, key, value), List.of(a.query(), a.key(), a.value()));
        KeyValues rows = keysAndValues(paths, layer, a);
        List<TokenTree.Segment> segments = paths.tree().segments();
        for (int i = 0; i < segments.size(); i++) {
            TokenTree.Segment segment = segments.get(i);
            Matrix q = a.query().rows(segment.from(), segment.to());
            rotate(q, segment.position());
            attend(q, segment.position(), paths.of(i, layer, rows));
        }
        output.forward(a.query(), out);
    }

    /** The same for the last tokens of some segments alone: last [segments, width] holds those rows of x; out may be last. */
    public void forwardLast(Matrix x, Matrix last, int[] segments, PathKeyValues paths, int layer, AttentionBuffers a, Matrix out) {
        Matrix q = a.query().rows(0, segments.length);
        query.forward(last, q);
        Linear.forward(x, List.of(key, value), List.of(a.key(), a.value()));
        KeyValues rows = keysAndValues(paths, layer, a);
        for (int i = 0; i < segments.length; i++) {
            int position = paths.tree().segments().get(segments[i]).pathLength() - 1;
            Matrix one = q.rows(i, i + 1);
            rotate(one, position);
            attend(one, position, paths.of(segments[i], layer, rows));
        }
        output.forward(q, out);
    }

    /** Of all rows, whose keys are not rotated yet. */
    private KeyValues keysAndValues(PathKeyValues paths, int layer, AttentionBuffers a) {
        for (TokenTree.Segment segment : paths.tree().segments()) {
            rotate(a.key().rows(segment.from(), segment.to()), segment.position());
        }
        KeyValues rows = new KeyValues(a.key(), a.value());
        paths.keep(layer, rows);
        return rows;
    }

    /** Rotates the heads of neighbouring tokens, of which the first has that position. */
    private void rotate(Matrix heads, int position) {
        int end = position + heads.rows();
        kernels.rotate(heads, rope.cos(end).rows(position, end), rope.sin(end).rows(position, end));
    }

    private void attend(Matrix q, int firstQuery, KeyValues kv) {
        kernels.attention(q, kv.keys(), kv.values(), heads, new AttentionMask.Causal(firstQuery), q);
    }
}
