package dev.mme5.engine.nn;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.QuantizedTensor;
import dev.mme5.weights.WeightMatrix;
import dev.mme5.weights.Weights;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** A table of vectors by id: {@code weight} [ids, width]. */
public final class EmbeddingTable {
    private final WeightMatrix weight;
    private final Kernels kernels;

    private EmbeddingTable(WeightMatrix weight, Kernels kernels) {
        this.weight = weight;
        this.kernels = kernels;
    }

    public static EmbeddingTable load(Weights w, int ids, int width, Kernels kernels) {
        return new EmbeddingTable(w.matrix("weight", ids, width), kernels);
    }

    /** Row ids[i] of the table into row i of out [ids.length, width]. */
    public void forward(int[] ids, Matrix out) {
        kernels.gather(weight, ids, out);
    }

    /** One row of the table, into a matrix of as many numbers and any shape. */
    public void row(int id, Matrix out) {
        kernels.gather(weight, new int[] {id}, out.reshaped(1, weight.cols()));
    }

    /** Whether two of the {@code pieces} equal parts of a row hold the same numbers. */
    public boolean samePieces(int id, int pieces, int one, int other) {
        return switch (weight) {
            case MappedTensor floats -> {
                long size = floats.rowBytes() / pieces;
                MemorySegment row = floats.row(id);
                yield row.asSlice(one * size, size).mismatch(row.asSlice(other * size, size)) < 0;
            }
            case PanelTensor _,QuantizedTensor _ -> {
                float[] row = new float[weight.cols()];
                weight.widen(id, row, 0);
                int size = row.length / pieces;
                yield Arrays.equals(row, one * size, (one + 1) * size, row, other * size, (other + 1) * size);
            }
        };
    }
}
