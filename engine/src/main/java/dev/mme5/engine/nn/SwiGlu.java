package dev.mme5.engine.nn;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.weights.Weights;
import java.util.List;

/** down(silu(gate(x)) · up(x)), a gated MLP (reference section 6). */
public final class SwiGlu {
    private final List<Linear> gateAndUp; // of the same input
    private final Linear down;
    private final Kernels kernels;

    private SwiGlu(Linear gate, Linear up, Linear down, Kernels kernels) {
        this.gateAndUp = List.of(gate, up);
        this.down = down;
        this.kernels = kernels;
    }

    public static SwiGlu load(Weights w, int width, int hidden, Kernels kernels) {
        return new SwiGlu(
                Linear.load(w.at("gate_proj"), width, hidden, kernels),
                Linear.load(w.at("up_proj"), width, hidden, kernels),
                Linear.load(w.at("down_proj"), hidden, width, kernels),
                kernels);
    }

    /**
     * Takes as many rows at a time as the buffers have, so that a long input needs no long buffers.
     *
     * @param x [tokens, width]
     * @param gateBuffer [any, hidden]
     * @param upBuffer of the same shape
     * @param out [tokens, width]; may be x
     */
    public void forward(Matrix x, Matrix gateBuffer, Matrix upBuffer, Matrix out) {
        for (int from = 0; from < x.rows(); from += gateBuffer.rows()) {
            int to = Math.min(from + gateBuffer.rows(), x.rows());
            Matrix some = x.rows(from, to);
            Matrix g = gateBuffer.rows(0, to - from);
            Matrix u = upBuffer.rows(0, to - from);
            Linear.forward(some, gateAndUp, List.of(g, u));
            kernels.siluTimes(g, u);
            down.forward(g, out.rows(from, to));
        }
    }
}
