package dev.mme5.engine.nn;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;

/** The last token's hidden state, scaled to unit length: v / max(‖v‖, 1e-12) (reference section 8). */
public final class LastTokenPooling {
    private final Kernels kernels;

    public LastTokenPooling(Kernels kernels) {
        this.kernels = kernels;
    }

    /** Scales last tokens [sequences, width] to unit length, in place. */
    public void forward(Matrix last, Trace trace) {
        trace.stage("pooled", () -> last.rows(0, 1), last.cols());
        kernels.normalizeRows(last);
        trace.stage("embedding", () -> last.rows(0, 1), last.cols());
    }
}
