package dev.mme5.engine.nn;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;

/** The last token's hidden state, scaled to unit length: v / max(‖v‖, 1e-12) (reference section 8). */
public final class LastTokenPooling {
    private final Kernels kernels;

    public LastTokenPooling(Kernels kernels) {
        this.kernels = kernels;
    }

    /** The last row of every sequence of x [tokens, width], as [sequences, width]: x itself where each has one row. */
    public static Matrix lastRows(Matrix x, PackedSequences s) {
        if (x.rows() == s.count()) return x;
        Matrix last = Matrix.zeros(s.count(), x.cols());
        for (int sequence = 0; sequence < s.count(); sequence++) last.copyRow(x, s.to(sequence) - 1, sequence);
        return last;
    }

    /** Scales last tokens [sequences, width] to unit length, in place. */
    public void forward(Matrix last, Trace trace) {
        trace.stage("pooled", () -> last.rows(0, 1), last.cols());
        kernels.normalizeRows(last);
        trace.stage("embedding", () -> last.rows(0, 1), last.cols());
    }
}
