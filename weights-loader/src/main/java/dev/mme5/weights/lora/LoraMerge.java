package dev.mme5.weights.lora;

import dev.mme5.weights.Checkpoint;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;

/**
 * Computes the rows of one merged tensor. Many threads may ask for rows at once.
 *
 * @param source what the rows of W are read from
 * @param dtype type of W
 * @param roundsSource whether a row is rounded to the type of W when it is read
 * @param left one row for each row of W: [rows, rank]; empty for no factors
 * @param right [rank, columns of W]
 * @param roundsUpdate whether scaling · B · A is rounded to the type of W before it is added
 */
record LoraMerge(MappedTensor source, DType dtype, boolean roundsSource, float[] left, float[] right, int rank, float scaling,
        boolean roundsUpdate) implements Checkpoint.RowFunction {

    static LoraMerge of(LoraWeight weight) {
        MappedTensor base = weight.base();
        boolean isReplaced = weight.whole() != null;
        MappedTensor source = isReplaced ? weight.whole() : base;
        LoraWeight.Factors factors = weight.factors();
        if (factors == null) return new LoraMerge(source, base.dtype(), isReplaced, new float[0], new float[0], 0, 0, false);
        int rank = factors.a().rows();
        float[] a = factors.a().toFloats();
        float[] b = factors.b().toFloats();
        float[] left = factors.isTable() ? transposed(a, rank, base.rows()) : b;
        float[] right = factors.isTable() ? transposed(b, base.cols(), rank) : a;
        return new LoraMerge(source, base.dtype(), isReplaced, left, right, rank, factors.scaling(), factors.isTable());
    }

    private static float[] transposed(float[] values, int rows, int cols) {
        float[] out = new float[values.length];
        for (int row = 0; row < rows; row++) {
            for (int col = 0; col < cols; col++) out[col * rows + row] = values[row * cols + col];
        }
        return out;
    }

    /** Row {@code row} of the merged tensor, before it is rounded. Sums run over the ranks in ascending order. */
    @Override
    public void compute(int row, float[] out) {
        source.widen(row, out, 0);
        if (roundsSource) dtype.round(out);
        if (rank == 0) return;
        float[] update = new float[out.length];
        for (int k = 0; k < rank; k++) {
            float factor = left[row * rank + k];
            int offset = k * out.length;
            for (int col = 0; col < out.length; col++) update[col] = Math.fma(factor, right[offset + col], update[col]);
        }
        for (int col = 0; col < out.length; col++) update[col] *= scaling;
        if (roundsUpdate) dtype.round(update);
        for (int col = 0; col < out.length; col++) out[col] += update[col];
    }
}
