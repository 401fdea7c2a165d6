package dev.mme5.engine.nn;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;

/** The last token's state, scaled to unit length: v / max(‖v‖, 1e-12) (reference section 8). */
public final class LastTokenPooling {
    private final Kernels kernels;

    public LastTokenPooling(Kernels kernels) {
        this.kernels = kernels;
    }

    /** x [texts, hidden], in place. */
    public void forward(Matrix x, Trace trace) {
        trace.stage("pooled", () -> x.rows(0, 1), x.cols());
        kernels.normalizeRows(x);
        trace.stage("embedding", () -> x.rows(0, 1), x.cols());
    }
}
