package dev.mme5.engine.nn;

import dev.mme5.engine.family.mllama.text.TextActivations;
import dev.mme5.engine.family.mllama.text.TextConfig;
import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.kernel.api.Heads;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
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

    private GroupedQueryAttention(Weights w, TextConfig c, RotaryEmbedding rope, Kernels kernels) {
        this.query = Linear.load(w.at("q_proj"), c.hidden(), c.hidden(), kernels);
        this.key = Linear.load(w.at("k_proj"), c.hidden(), c.kvWidth(), kernels);
        this.value = Linear.load(w.at("v_proj"), c.hidden(), c.kvWidth(), kernels);
        this.output = Linear.load(w.at("o_proj"), c.hidden(), c.hidden(), kernels);
        this.heads = new Heads(c.heads(), c.kvHeads(), c.headSize());
        this.rope = rope;
        this.kernels = kernels;
    }

    public static GroupedQueryAttention load(Weights w, TextConfig c, RotaryEmbedding rope, Kernels kernels) {
        return new GroupedQueryAttention(w, c, rope, kernels);
    }

    /** x [tokens, hidden] attends to itself, text by text; the result into out [tokens, hidden], which may be x. */
    public void forward(Matrix x, PackedSequences s, TextActivations a, Matrix out) {
        query.forward(x, a.query());
        keysAndValues(x, s, a);
        for (int text = 0; text < s.count(); text++) {
            Matrix q = a.query().rows(s.from(text), s.to(text));
            kernels.rotate(q, rope.cos(q.rows()), rope.sin(q.rows()));
            attend(q, text, 0, s, a);
        }
        output.forward(a.query(), out);
    }

    /** The same for the last token of every text alone: last [texts, hidden] holds those rows of x; out may be last. */
    public void forwardLast(Matrix x, Matrix last, PackedSequences s, TextActivations a, Matrix out) {
        Matrix q = a.query().rows(0, s.count());
        query.forward(last, q);
        keysAndValues(x, s, a);
        for (int text = 0; text < s.count(); text++) {
            int position = s.length(text) - 1;
            Matrix one = q.rows(text, text + 1);
            kernels.rotate(
                    one, rope.cos(position + 1).rows(position, position + 1), rope.sin(position + 1).rows(position, position + 1));
            attend(one, text, position, s, a);
        }
        output.forward(q, out);
    }

    private void keysAndValues(Matrix x, PackedSequences s, TextActivations a) {
        key.forward(x, a.key());
        value.forward(x, a.value());
        for (int text = 0; text < s.count(); text++) {
            Matrix k = a.key().rows(s.from(text), s.to(text));
            kernels.rotate(k, rope.cos(k.rows()), rope.sin(k.rows()));
        }
    }

    private void attend(Matrix q, int text, int firstQuery, PackedSequences s, TextActivations a) {
        Matrix k = a.key().rows(s.from(text), s.to(text));
        Matrix v = a.value().rows(s.from(text), s.to(text));
        kernels.attention(q, k, v, heads, new AttentionMask.Causal(firstQuery), q);
    }
}
