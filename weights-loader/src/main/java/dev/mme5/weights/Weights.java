package dev.mme5.weights;

import dev.mme5.json.ModelFormatException;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The tensors of a checkpoint by dotted canonical name (see {@link TensorNames}), relative to a scope. Scopes are cheap and need
 * not exist: only a request for a tensor can fail.
 *
 * {@snippet :
 * MappedTensor gate = weights.at("layers").at(3).at("mlp").tensor("gate_proj.weight", 14336, 4096);
 * }
 */
public final class Weights {
    private static final MappedTensor EMPTY = MappedTensor.ofFloats("(refused)", new float[0], 0);

    private final String source;
    private final Map<String, MappedTensor> tensors;
    private final Function<String, Optional<WeightFormat>> formatOfWeight;
    private final Optional<WeightFormat> folderFormat;
    private final String scope;
    private final Consumer<ModelFormatException> errorListener;
    private final Consumer<String> nameListener;
    private final BiConsumer<String, WeightMatrix> matrixListener;

    /**
     * @param source folder or index of the checkpoint, for messages
     * @param tensors by canonical name
     * @param formatOfWeight the format that a weight may have, by canonical name; empty for floats in rows
     * @param folderFormat empty if {@link #matrix} may return floats only
     */
    Weights(
            String source,
            Map<String, MappedTensor> tensors,
            Function<String, Optional<WeightFormat>> formatOfWeight,
            Optional<WeightFormat> folderFormat) {
        this(source, tensors, formatOfWeight, folderFormat, "", Weights::rethrow, name -> {}, (name, matrix) -> {});
    }

    private Weights(
            String source,
            Map<String, MappedTensor> tensors,
            Function<String, Optional<WeightFormat>> formatOfWeight,
            Optional<WeightFormat> folderFormat,
            String scope,
            Consumer<ModelFormatException> errorListener,
            Consumer<String> nameListener,
            BiConsumer<String, WeightMatrix> matrixListener) {
        this.source = source;
        this.tensors = tensors;
        this.formatOfWeight = formatOfWeight;
        this.folderFormat = folderFormat;
        this.scope = scope;
        this.errorListener = errorListener;
        this.nameListener = nameListener;
        this.matrixListener = matrixListener;
    }

    /**
     * The same tensors, for inspecting a whole model: errors go to the listener and are not thrown. In place of a refused tensor
     * an empty one is returned, or zeros by {@link #vector} and {@link #scalar}.
     */
    public Weights withErrorListener(Consumer<ModelFormatException> listener) {
        return new Weights(source, tensors, formatOfWeight, folderFormat, scope, listener, nameListener, matrixListener);
    }

    /** The same tensors; the listener receives the canonical name of every tensor that is requested, including scales. */
    public Weights withNameListener(Consumer<String> listener) {
        return new Weights(source, tensors, formatOfWeight, folderFormat, scope, errorListener, listener, matrixListener);
    }

    /** The same tensors; the listener receives every matrix that {@link #matrix} returns, by the canonical name of its tensor. */
    public Weights withMatrixListener(BiConsumer<String, WeightMatrix> listener) {
        return new Weights(source, tensors, formatOfWeight, folderFormat, scope, errorListener, nameListener, listener);
    }

    /** The scope of that name inside this one; the name may contain dots. */
    public Weights at(String name) {
        return new Weights(
                source, tensors, formatOfWeight, folderFormat, scope + name + ".", errorListener, nameListener, matrixListener);
    }

    /** The scope of a layer: {@code layers.3}. */
    public Weights at(int index) {
        return at(Integer.toString(index));
    }

    /** Whether this scope has a tensor of that name. */
    public boolean has(String name) {
        return tensors.containsKey(scope + name);
    }

    /** The tensor of that name, of any type and shape; empty if there is none. */
    public Optional<MappedTensor> find(String name) {
        return Optional.ofNullable(tensors.get(scope + name));
    }

    /**
     * A tensor that can be read as floats.
     *
     * @param shape the required shape
     * @throws ModelFormatException if it is missing, has another shape, or is not BF16, F16 or F32
     */
    public MappedTensor tensor(String name, long... shape) {
        return orReport(() -> ofFloats(name, shape), EMPTY);
    }

    /**
     * A matrix that can be read as floats. It is stored as floats or, in a folder written by quantising, in panels or as integers with
     * scales.
     *
     * @throws ModelFormatException if it or a tensor of scales is missing, or has another shape or type
     */
    public WeightMatrix matrix(String name, int rows, int cols) {
        return orReport(() -> {
            WeightMatrix matrix = ofNumbers(name, rows, cols);
            matrixListener.accept(scope + name, matrix);
            return matrix;
        }, EMPTY);
    }

    /**
     * A tensor of one type.
     *
     * @param shape the required shape
     * @throws ModelFormatException if it is missing, or has another shape or type
     */
    public MappedTensor tensor(String name, DType dtype, long... shape) {
        return orReport(() -> ofType(name, dtype, shape), EMPTY);
    }

    /** A copy of a vector, [length]. Refuses as {@link #tensor(String, long...)} does. */
    public float[] vector(String name, int length) {
        return orReport(() -> ofFloats(name, length).toFloats(), new float[length]);
    }

    /** A single number, stored as [1] or []. Refuses as {@link #tensor(String, long...)} does. */
    public float scalar(String name) {
        boolean isDimensionless = find(name).filter(tensor -> tensor.shape().equals(new Shape())).isPresent();
        return orReport(() -> (isDimensionless ? ofFloats(name) : ofFloats(name, 1)).toFloats()[0], 0f);
    }

    private <T> T orReport(Supplier<T> lookup, T standIn) {
        try {
            return lookup.get();
        } catch (ModelFormatException e) {
            errorListener.accept(e);
            return standIn;
        }
    }

    private WeightMatrix ofNumbers(String name, int rows, int cols) {
        MappedTensor tensor = tensors.get(scope + name);
        WeightFormat format = folderFormat.isEmpty() ? null : formatOfWeight.apply(scope + name).orElse(null);
        if (format == null || tensor == null) return ofFloats(name, rows, cols);
        QuantizationScheme scheme = format.scheme();
        long[] stored = format.shape(rows, cols).dims();
        if (tensor.dtype().isFloat() || !scheme.isInteger()) {
            boolean inPanels = tensor.dtype() == scheme.dtype() && tensor.shape().dims().length == stored.length;
            return inPanels ? new PanelTensor(rows, shaped(name, stored)) : ofFloats(name, rows, cols);
        }
        if (tensor.dtype() != scheme.dtype()) {
            throw error(tensor, "expected BF16, F16, F32 or, in a folder of " + folderFormat.get().scheme().label() + ", "
                    + scheme.dtype() + ", found " + tensor.dtype());
        }
        return new QuantizedTensor(
                scheme,
                cols,
                shaped(name, stored),
                ofType(name + QuantizationScheme.SCALES, DType.I8, scheme.groups(cols), rows),
                ofType(name + QuantizationScheme.ROW_SCALES, DType.F32, rows));
    }

    private static void rethrow(ModelFormatException e) {
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
        nameListener.accept(scope + name);
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
