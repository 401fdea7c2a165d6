package dev.mme5.engine.nn;

import dev.mme5.engine.kernel.Kernels;
import dev.mme5.engine.kernel.Matrix;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.Weights;

/** One row of numbers for every id: {@code weight} [ids, width]. */
public final class EmbeddingTable {
    private final MappedTensor weight;
    private final Kernels kernels;

    private EmbeddingTable(MappedTensor weight, Kernels kernels) {
        this.weight = weight;
        this.kernels = kernels;
    }

    public static EmbeddingTable load(Weights w, int ids, int width, Kernels kernels) {
        return new EmbeddingTable(w.tensor("weight", ids, width), kernels);
    }

    /** Row ids[i] of the table into row i of out [ids.length, width]. */
    public void forward(int[] ids, Matrix out) {
        kernels.gather(weight, ids, out);
    }

    /** One row, viewed as [rows, width / rows]. */
    public Matrix row(int id, int rows) {
        Matrix row = Matrix.zeros(1, weight.cols());
        kernels.gather(weight, new int[] {id}, row);
        return row.reshaped(rows, weight.cols() / rows);
    }

    /** Whether two of the equal pieces, that a row is cut into, hold the same bytes. */
    public boolean samePieces(int id, int pieces, int one, int other) {
        long size = weight.rowBytes() / pieces;
        return weight.row(id).asSlice(one * size, size).mismatch(weight.row(id).asSlice(other * size, size)) < 0;
    }
}
