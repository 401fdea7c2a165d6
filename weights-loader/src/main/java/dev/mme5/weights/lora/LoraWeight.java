package dev.mme5.weights.lora;

import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.MappedTensor;

/**
 * What an adapter makes of one tensor of the base model: W + scaling · B · A, computed in float32 and rounded once to the type of W. Either
 * part may be missing: a tensor that was trained as a whole replaces W.
 *
 * @param base the tensor of the model
 * @param whole replaces the values of base; null to keep them
 * @param factors the low-rank part; null for none
 */
record LoraWeight(MappedTensor base, MappedTensor whole, Factors factors) {

    /**
     * The low-rank part. For a table of vectors by id the product is the transpose, so the factors change places, and peft rounds it to
     * the type of the table before it is added.
     *
     * @param left one row for each row of W: [rows, rank]
     * @param right [rank, columns of W]
     * @param roundsFirst whether scaling · B · A is rounded to the type of W before it is added
     */
    record Factors(float[] left, float[] right, int rank, float scaling, boolean roundsFirst) {}

    /** The factors of a module's weight: A [rank, in], B [out, rank], or of a convolution with further dimensions of A. */
    static Factors ofModule(MappedTensor base, MappedTensor a, MappedTensor b, float scaling) {
        int rank = a.rows();
        requireElements(a, (long) rank * base.cols(), base);
        requireElements(b, (long) rank * base.rows(), base);
        if (b.rows() != base.rows()) throw misshapen(b, base);
        return new Factors(b.toFloats(), a.toFloats(), rank, scaling, false);
    }

    /** The factors of a table of vectors by id: A [rank, ids], B [width, rank]. */
    static Factors ofTable(MappedTensor base, MappedTensor a, MappedTensor b, float scaling) {
        int rank = a.rows();
        requireElements(a, (long) rank * base.rows(), base);
        requireElements(b, (long) rank * base.cols(), base);
        if (b.rows() != base.cols()) throw misshapen(b, base);
        return new Factors(transposed(a.toFloats(), rank, base.rows()), transposed(b.toFloats(), base.cols(), rank), rank, scaling, true);
    }

    private static void requireElements(MappedTensor tensor, long expected, MappedTensor base) {
        if (tensor.shape().elements() != expected) throw misshapen(tensor, base);
        if (!tensor.dtype().isFloat()) throw error(tensor, "expected BF16, F16 or F32, found " + tensor.dtype());
    }

    private static ModelFormatException misshapen(MappedTensor tensor, MappedTensor base) {
        return error(tensor, "expected a shape that fits " + base.name() + " " + base.shape() + ", found " + tensor.shape());
    }

    private static ModelFormatException error(MappedTensor tensor, String problem) {
        return new ModelFormatException(tensor.file(), tensor.name(), problem);
    }

    private static float[] transposed(float[] values, int rows, int cols) {
        float[] out = new float[values.length];
        for (int row = 0; row < rows; row++) {
            for (int col = 0; col < cols; col++) out[col * rows + row] = values[row * cols + col];
        }
        return out;
    }

    /** Row {@code row} of the merged tensor, before it is rounded. Sums run over the ranks in ascending order. */
    void row(int row, float[] out) {
        (whole == null ? base : whole).widen(row, out, 0);
        if (whole != null) base.dtype().round(out);
        if (factors == null) return;
        float[] update = new float[out.length];
        for (int k = 0; k < factors.rank; k++) {
            float left = factors.left[row * factors.rank + k];
            int offset = k * out.length;
            for (int col = 0; col < out.length; col++) update[col] = Math.fma(left, factors.right[offset + col], update[col]);
        }
        for (int col = 0; col < out.length; col++) update[col] *= factors.scaling;
        if (factors.roundsFirst) base.dtype().round(update);
        for (int col = 0; col < out.length; col++) out[col] += update[col];
    }
}
