package dev.mme5.engine.kernel.panels;

import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.QuantizedTensor;
import dev.mme5.weights.WeightMatrix;
import java.lang.foreign.MemorySegment;

/**
 * Weights in panels of a file and how tiles read them.
 *
 * @param bytes all panels, [panels, columns, 32] of the type
 */
record PanelSource(Type type, WeightMatrix weight, MemorySegment bytes) {
    enum Type {
        BF16(2), F32(4), INT8(1);

        private final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }
    }

    static PanelSource of(PanelTensor weight) {
        return new PanelSource(weight.dtype() == DType.BF16 ? Type.BF16 : Type.F32, weight, weight.panels().bytes());
    }

    static PanelSource of(QuantizedTensor weight) {
        return new PanelSource(Type.INT8, weight, weight.codes().bytes());
    }

    static PanelSource of(WeightMatrix weight) {
        return switch (weight) {
            case PanelTensor floats -> of(floats);
            case QuantizedTensor codes -> of(codes);
            case MappedTensor rows -> throw new IllegalArgumentException("expected weights in panels, found " + rows);
        };
    }

    int cols() {
        return weight.cols();
    }

    /** Bytes of a column. */
    int columnBytes() {
        return PanelTensor.ROWS * type.bytes;
    }

    /** Bytes before a column. */
    long offset(int panel, int k) {
        return ((long) panel * cols() + k) * columnBytes();
    }
}
