package dev.mme5.weights;

/**
 * What a model family knows of the tensor names in its checkpoints. Checkpoints of one model can name their tensors by
 * different schemes; a family maps them all to one.
 */
public interface TensorNames {
    /** Names as they stand in the files; no table. */
    TensorNames AS_STORED = new TensorNames() {
        @Override
        public String canonical(String name) {
            return name;
        }

        @Override
        public boolean isTable(String name) {
            return false;
        }
    };

    /** Returns the one name by which the model knows a tensor, given its name in a file. A canonical name maps to itself. */
    String canonical(String name);

    /**
     * Whether a weight is a large look-up table and not the operand of a matrix product. In a quantised folder tables are stored
     * as {@link QuantizationScheme#INT8}, whatever the folder's scheme.
     *
     * @param name in a file, or canonical
     */
    boolean isTable(String name);
}
