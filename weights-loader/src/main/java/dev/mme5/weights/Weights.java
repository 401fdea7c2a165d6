package dev.mme5.weights;

import dev.mme5.json.ModelFormatException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The tensors of a checkpoint by dotted, normalised name (see {@link Checkpoint}), seen from a scope. Scopes are cheap and
 * need not exist: only asking for a tensor can fail.
 *
 * {@snippet :
 * MappedTensor gate = weights.at("layers").at(3).at("mlp").tensor("gate_proj.weight", 14336, 4096);
 * }
 */
public final class Weights {
    private static final MappedTensor EMPTY = MappedTensor.ofFloats("(refused)", new float[0], 0);

    private final String source;
    private final Map<String, MappedTensor> tensors;
    private final Optional<QuantizationScheme> quantization;
    private final String scope;
    private final Consumer<ModelFormatException> refusals;
    private final Consumer<String> names;

    /** @param quantization how integers may stand for floats where {@link #matrix} allows it; empty: not at all */
    Weights(String source, Map<String, MappedTensor> tensors, Optional<QuantizationScheme> quantization) {
        this(source, tensors, quantization, "", Weights::thrown, name -> {});
    }

    private Weights(
            String source,
            Map<String, MappedTensor> tensors,
            Optional<QuantizationScheme> quantization,
            String scope,
            Consumer<ModelFormatException> refusals,
            Consumer<String> names) {
        this.source = source;
        this.tensors = tensors;
        this.quantization = quantization;
        this.scope = scope;
        this.refusals = refusals;
        this.names = names;
    }

    /**
     * The same tensors, for looking a whole model over: what would be thrown is told instead, and an empty tensor, or zeros
     * for {@link #vector} and {@link #scalar}, stands in for what is refused.
     */
    public Weights telling(Consumer<ModelFormatException> listener) {
        return new Weights(source, tensors, quantization, scope, listener, names);
    }

    /** The same tensors; the listener is told the normalised name of each one that is asked for, scales among them. */
    public Weights noting(Consumer<String> listener) {
        return new Weights(source, tensors, quantization, scope, refusals, listener);
    }

    /** The scope of that name within this one; it may have dots itself. */
    public Weights at(String name) {
        return new Weights(source, tensors, quantization, scope + name + ".", refusals, names);
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
        return orTold(() -> ofFloats(name, shape), EMPTY);
    }

    /**
     * A matrix that can be read as floats, be it stored as floats or, in a quantised folder, as integers with scales.
     *
     * @throws ModelFormatException when it or a scale is missing, or has another shape or type than it must have
     */
    public WeightMatrix matrix(String name, int rows, int cols) {
        return orTold(() -> ofNumbers(name, rows, cols), EMPTY);
    }

    /**
     * A tensor of one certain type.
     *
     * @param shape what it must be
     * @throws ModelFormatException when it is missing, or has another shape or type
     */
    public MappedTensor tensor(String name, DType dtype, long... shape) {
        return orTold(() -> ofType(name, dtype, shape), EMPTY);
    }

    /** A copy of a vector, [length]. Refuses as {@link #tensor(String, long...)} does. */
    public float[] vector(String name, int length) {
        return orTold(() -> ofFloats(name, length).toFloats(), new float[length]);
    }

    /** A single number, stored as [1] or []. Refuses as {@link #tensor(String, long...)} does. */
    public float scalar(String name) {
        boolean isBare = find(name).filter(tensor -> tensor.shape().equals(new Shape())).isPresent();
        return orTold(() -> (isBare ? ofFloats(name) : ofFloats(name, 1)).toFloats()[0], 0f);
    }

    private <T> T orTold(Supplier<T> lookup, T standIn) {
        try {
            return lookup.get();
        } catch (ModelFormatException e) {
            refusals.accept(e);
            return standIn;
        }
    }

    private WeightMatrix ofNumbers(String name, int rows, int cols) {
        MappedTensor tensor = tensors.get(scope + name);
        if (quantization.isEmpty() || tensor == null || tensor.dtype().isFloat()) return ofFloats(name, rows, cols);
        QuantizationScheme scheme = quantization.get().ofWeight(scope + name);
        if (tensor.dtype() != scheme.dtype()) {
            throw error(tensor, "expected BF16, F16, F32 or, in a folder of " + quantization.get().label() + ", " + scheme.dtype()
                    + ", found " + tensor.dtype());
        }
        long[] codes = scheme.codes(rows, cols).dims();
        return new QuantizedTensor(
                scheme,
                cols,
                shaped(name, codes),
                ofType(name + QuantizationScheme.SCALES, DType.I8, scheme.groups(cols), rows),
                ofType(name + QuantizationScheme.ROW_SCALES, DType.F32, rows));
    }

    private static void thrown(ModelFormatException e) {
        throw e;
    }

    private MappedTensor ofFloats(String name, long... shape) {
        MappedTensor tensor = shaped(name, shape);
        if (!tensor.dtype().isFloat()) throw error(tensor, "expected BF16, F16 or F32, found " + tensor.dtype());
        return tensor;
    }

    private MappedTensor ofType(String name, DType dtype, long... shape) {
        MappedTensor tensor = shaped(name, shape);
        if (tensor.dtype() != dtype) throw error(tensor, "expected " + dtype + ", found " + tensor.dtype());
        return tensor;
    }

    private MappedTensor shaped(String name, long... shape) {
        names.accept(scope + name);
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
