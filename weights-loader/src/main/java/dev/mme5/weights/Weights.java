package dev.mme5.weights;

import dev.mme5.json.ModelFormatException;
import java.util.Map;
import java.util.Optional;

/**
 * The tensors of a checkpoint by dotted, normalised name (see {@link Checkpoint}), seen from a scope. Scopes are cheap and
 * need not exist: only asking for a tensor can fail.
 *
 * {@snippet :
 * MappedTensor gate = weights.at("layers").at(3).at("mlp").tensor("gate_proj.weight", 14336, 4096);
 * }
 */
public final class Weights {
    private final String source;
    private final Map<String, MappedTensor> tensors;
    private final String scope;

    Weights(String source, Map<String, MappedTensor> tensors) {
        this(source, tensors, "");
    }

    private Weights(String source, Map<String, MappedTensor> tensors, String scope) {
        this.source = source;
        this.tensors = tensors;
        this.scope = scope;
    }

    /** The scope of that name within this one; it may have dots itself. */
    public Weights at(String name) {
        return new Weights(source, tensors, scope + name + ".");
    }

    /** The scope of a layer: {@code layers.3}. */
    public Weights at(int index) {
        return at(Integer.toString(index));
    }

    /** Whether this scope has a tensor of that name. */
    public boolean has(String name) {
        return tensors.containsKey(scope + name);
    }

    /** The tensor as it is, of any type and shape; empty when there is none. */
    public Optional<MappedTensor> find(String name) {
        return Optional.ofNullable(tensors.get(scope + name));
    }

    /**
     * A tensor that can be read as floats.
     *
     * @param shape what it must be
     * @throws ModelFormatException when it is missing, has another shape, or is not BF16, F16 or F32
     */
    public MappedTensor tensor(String name, long... shape) {
        MappedTensor tensor = shaped(name, shape);
        if (!tensor.dtype().isFloat()) throw error(tensor, "expected BF16, F16 or F32, found " + tensor.dtype());
        return tensor;
    }

    /**
     * A tensor of one certain type.
     *
     * @param shape what it must be
     * @throws ModelFormatException when it is missing, or has another shape or type
     */
    public MappedTensor tensor(String name, DType dtype, long... shape) {
        MappedTensor tensor = shaped(name, shape);
        if (tensor.dtype() != dtype) throw error(tensor, "expected " + dtype + ", found " + tensor.dtype());
        return tensor;
    }

    /** A copy of a vector, [length]. Refuses as {@link #tensor(String, long...)} does. */
    public float[] vector(String name, int length) {
        return tensor(name, length).toFloats();
    }

    /** A single number, stored as [1] or []. Refuses as {@link #tensor(String, long...)} does. */
    public float scalar(String name) {
        boolean isBare = find(name).filter(tensor -> tensor.shape().equals(new Shape())).isPresent();
        return (isBare ? tensor(name) : tensor(name, 1)).toFloats()[0];
    }

    private MappedTensor shaped(String name, long... shape) {
        MappedTensor tensor = tensors.get(scope + name);
        if (tensor == null) throw new ModelFormatException(source, scope + name, "missing tensor");
        Shape expected = new Shape(shape);
        if (!tensor.shape().equals(expected)) throw error(tensor, "expected shape " + expected + ", found " + tensor.shape());
        return tensor;
    }

    private static ModelFormatException error(MappedTensor tensor, String problem) {
        return new ModelFormatException(tensor.file(), tensor.name(), problem);
    }
}
