package dev.mme5.engine.nn.attention;

import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.kernel.api.Heads;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.Linear;
import dev.mme5.engine.nn.PackedSequences;
import dev.mme5.weights.Weights;

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

    /** x [tokens, width] attends to itself, sequence by sequence; the result into out [tokens, width], which may be x. */
    public void forward(Matrix x, PackedSequences s, AttentionBuffers a, Matrix out) {
        query.forward(x, a.query());
        keysAndValues(x, s, a);
        for (int sequence = 0; sequence < s.count(); sequence++) {
            Matrix q = a.query().rows(s.from(sequence), s.to(sequence));
            kernels.rotate(q, rope.cos(q.rows()), rope.sin(q.rows()));
            attend(q, sequence, 0, s, a);
        }
        output.forward(a.query(), out);
    }

    /** The same for the last token of every sequence alone: last [sequences, width] holds those rows of x; out may be last. */
    public void forwardLast(Matrix x, Matrix last, PackedSequences s, AttentionBuffers a, Matrix out) {
        Matrix q = a.query().rows(0, s.count());
        query.forward(last, q);
        keysAndValues(x, s, a);
        for (int sequence = 0; sequence < s.count(); sequence++) {
            int position = s.length(sequence) - 1;
            Matrix one = q.rows(sequence, sequence + 1);
            kernels.rotate(
                    one, rope.cos(position + 1).rows(position, position + 1), rope.sin(position + 1).rows(position, position + 1));
            attend(one, sequence, position, s, a);
        }
        output.forward(q, out);
    }

    private void keysAndValues(Matrix x, PackedSequences s, AttentionBuffers a) {
        key.forward(x, a.key());
        value.forward(x, a.value());
        for (int sequence = 0; sequence < s.count(); sequence++) {
            Matrix k = a.key().rows(s.from(sequence), s.to(sequence));
            kernels.rotate(k, rope.cos(k.rows()), rope.sin(k.rows()));
        }
    }

    private void attend(Matrix q, int sequence, int firstQuery, PackedSequences s, AttentionBuffers a) {
        Matrix k = a.key().rows(s.from(sequence), s.to(sequence));
        Matrix v = a.value().rows(s.from(sequence), s.to(sequence));
        kernels.attention(q, k, v, heads, new AttentionMask.Causal(firstQuery), q);
    }
}
