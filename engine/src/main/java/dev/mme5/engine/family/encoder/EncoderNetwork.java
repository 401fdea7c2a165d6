package dev.mme5.engine.family.encoder;

import dev.mme5.engine.family.EmbeddedBatch;
import dev.mme5.engine.family.EmbeddingNetwork;
import dev.mme5.engine.family.ImageState;
import dev.mme5.engine.family.PreparedImage;
import dev.mme5.engine.family.SequenceBatch;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.PackedSequences;
import dev.mme5.engine.nn.PanelCopies;
import dev.mme5.engine.nn.SequencePooling;
import dev.mme5.engine.nn.Trace;

/** An encoder and its pooling: texts to vectors. */
record EncoderNetwork(TextEncoder encoder, PoolingConfig config, Kernels kernels) implements EmbeddingNetwork {
    @Override
    public Object stateVariant(int[][] ids) {
        throw noImages();
    }

    @Override
    public ImageState imageState(PreparedImage image, int[][] ids, Trace trace) {
        throw noImages();
    }

    private static IllegalStateException noImages() {
        return new IllegalStateException("images are refused before they are prepared");
    }

    @Override
    public PanelCopies panelCopies() {
        return encoder.panelCopies();
    }

    @Override
    public EmbeddedBatch embed(SequenceBatch batch, Trace trace) {
        PackedSequences s = PackedSequences.of(batch.ids());
        Matrix vectors = SequencePooling.forward(config.modes(), encoder.forward(batch.ids(), s, trace), s, kernels);
        trace.stage("pooled", () -> vectors.rows(0, 1), vectors.cols());
        if (config.normalize()) kernels.normalizeRows(vectors);
        trace.stage("embedding", () -> vectors.rows(0, 1), vectors.cols());
        return new EmbeddedBatch(vectors);
    }
}
