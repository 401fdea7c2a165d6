package dev.mme5.engine.family.encoder;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.Buffers;
import dev.mme5.engine.nn.EmbeddingTable;
import dev.mme5.engine.nn.Interruption;
import dev.mme5.engine.nn.LayerNorm;
import dev.mme5.engine.nn.PackedSequences;
import dev.mme5.engine.nn.PanelCopies;
import dev.mme5.engine.nn.Trace;
import dev.mme5.weights.Weights;
import java.util.ArrayList;
import java.util.List;

/** Token ids to hidden states: the sum of three embeddings, a norm, and the layers. */
final class TextEncoder {
    private final EncoderConfig config;
    private final EmbeddingTable words;
    private final EmbeddingTable positions;
    private final EmbeddingTable types;
    private final LayerNorm norm;
    private final List<EncoderLayer> layers = new ArrayList<>();
    private final PanelCopies copies = new PanelCopies();
    private final Kernels kernels;

    private TextEncoder(Weights w, EncoderConfig c, Kernels kernels) {
        Weights embeddings = w.at("embeddings");
        this.config = c;
        this.words = EmbeddingTable.load(embeddings.at("word_embeddings"), c.vocabSize(), c.hidden(), kernels);
        this.positions = EmbeddingTable.load(embeddings.at("position_embeddings"), c.positions(), c.hidden(), kernels);
        this.types = EmbeddingTable.load(embeddings.at("token_type_embeddings"), c.tokenTypes(), c.hidden(), kernels);
        this.norm = LayerNorm.load(embeddings.at("LayerNorm"), c.hidden(), c.normEps(), kernels);
        for (int i = 0; i < c.layers(); i++) layers.add(EncoderLayer.load(w.at("encoder.layer").at(i), c, kernels, copies));
        this.kernels = kernels;
    }

    /** @param w all tensors, by canonical name */
    static TextEncoder load(Weights w, EncoderConfig c, Kernels kernels) {
        return new TextEncoder(w, c, kernels);
    }

    /** The copies of its weights. */
    PanelCopies panelCopies() {
        return copies;
    }

    /**
     * The hidden states of all sequences after the last layer, packed, [tokens, hidden].
     *
     * @param ids token ids of each sequence; none is empty
     */
    Matrix forward(int[][] ids, PackedSequences s, Trace trace) {
        EncoderActivations a = EncoderActivations.allocate(config, s.total(), Buffers.HEAP);
        Matrix x = a.tokens();
        for (int i = 0; i < s.count(); i++) embed(ids[i], x.rows(s.from(i), s.to(i)), a.update().rows(s.from(i), s.to(i)));
        norm.forward(x, x);
        trace.stage("text.embed", () -> x, x.rows(), x.cols());
        for (int i = 0; i < layers.size(); i++) {
            layers.get(i).forward(x, s, a);
            Interruption.check();
            trace.stage("text.layer." + i, () -> x, x.rows(), x.cols());
        }
        return x;
    }

    /** Token, position and type 0 of one sequence; x and buffer [its tokens, hidden]. */
    private void embed(int[] ids, Matrix x, Matrix buffer) {
        words.forward(ids, x);
        positions.forward(config.positionRows(ids), buffer);
        kernels.addScaled(x, 1, buffer);
        Matrix type = buffer.rows(0, 1);
        types.row(0, type);
        kernels.addScaled(x, 1, type);
    }
}
