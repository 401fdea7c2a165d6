package dev.mme5.engine.model;

import dev.mme5.engine.kernel.Kernels;
import dev.mme5.engine.kernel.Matrix;
import dev.mme5.engine.nn.Trace;

/** The last token's state, scaled to unit length: v / max(‖v‖, 1e-12) (reference section 8). */
final class LastTokenPooling {
    private final Kernels kernels;

    LastTokenPooling(Kernels kernels) {
        this.kernels = kernels;
    }

    /** x [texts, hidden], in place. */
    void forward(Matrix x, Trace trace) {
        trace.stage("pooled", () -> x.rows(0, 1), x.cols());
        kernels.normalizeRows(x);
        trace.stage("embedding", () -> x.rows(0, 1), x.cols());
    }
}
