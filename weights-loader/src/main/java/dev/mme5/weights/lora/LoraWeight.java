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
     * @param a of a module [rank, in], of a table [rank, ids]
     * @param b of a module [out, rank], of a table [width, rank]
     */
    record Factors(MappedTensor a, MappedTensor b, float scaling, boolean isTable) {}

    /** The factors of a module's weight: A [rank, in], B [out, rank], or of a convolution with further dimensions of A. */
    static Factors ofModule(MappedTensor base, MappedTensor a, MappedTensor b, float scaling) {
        requireElements(a, (long) a.rows() * base.cols(), base);
        requireElements(b, (long) a.rows() * base.rows(), base);
        if (b.rows() != base.rows()) throw misshapen(b, base);
        return new Factors(a, b, scaling, false);
    }

    /** The factors of a table of vectors by id: A [rank, ids], B [width, rank]. */
    static Factors ofTable(MappedTensor base, MappedTensor a, MappedTensor b, float scaling) {
        requireElements(a, (long) a.rows() * base.rows(), base);
        requireElements(b, (long) a.rows() * base.cols(), base);
        if (b.rows() != base.cols()) throw misshapen(b, base);
        return new Factors(a, b, scaling, true);
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

    /** Gives the rows of the merged tensor. Until it is dropped, the factors are on the heap. */
    LoraMerge merge() {
        return LoraMerge.of(this);
    }
}
