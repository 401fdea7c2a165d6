package dev.mme5.engine.quantize;

import dev.mme5.engine.runtime.ModelFamilies;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.Shape;
import dev.mme5.weights.WeightFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How every tensor is stored in the new folder: weights of matmuls take the format that is asked for, the largest tables 8 bits, unless
 * all stay floats; norms, biases, gates and small tables stay. Tensors that the engine does not read are left out.
 *
 * @param entries the tensors of the new folder, in the order of the source
 * @param leftOut names of tensors that the engine does not read
 */
record QuantizationPlan(List<Entry> entries, List<String> leftOut) {
    /**
     * One tensor.
     *
     * @param name normalised
     * @param part of the model, for the report
     * @param format that it gets; empty when it stays
     */
    record Entry(String name, String part, MappedTensor source, Optional<WeightFormat> format) {
        /** Bytes in the new folder. */
        long bytes() {
            return tensors().stream().mapToLong(tensor -> tensor.dtype().bytes(tensor.shape())).sum();
        }

        /** Tensors that the new folder has for it. */
        List<Stored> tensors() {
            String stored = source.name();
            if (format.isEmpty()) return List.of(new Stored(stored, source.dtype(), source.shape()));
            QuantizationScheme scheme = format.get().scheme();
            int rows = source.rows();
            Stored weights = new Stored(stored, scheme.dtype(), format.get().shape(rows, source.cols()));
            if (!scheme.isInteger()) return List.of(weights);
            Shape scales = new Shape(scheme.groups(source.cols()), rows);
            return List.of(
                    weights,
                    new Stored(stored + QuantizationScheme.SCALES, DType.I8, scales),
                    new Stored(stored + QuantizationScheme.ROW_SCALES, DType.F32, new Shape(rows)));
        }
    }

    /** A tensor to write. */
    record Stored(String name, DType dtype, Shape shape) {}

    /**
     * @param read canonical names of the tensors that the engine reads, of floats all: none has the name of another's scales
     * @param keep whether a tensor, by a name that it has, is to stay as it is
     */
    static QuantizationPlan of(
            Map<String, MappedTensor> source, ModelFamilies.Found model, Set<String> read, WeightFormat to, Predicate<String> keep) {
        List<Entry> entries = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        for (Map.Entry<String, MappedTensor> tensor : source.entrySet()) {
            String name = tensor.getKey();
            MappedTensor stored = tensor.getValue();
            if (!read.contains(name)) {
                leftOut.add(stored.name());
                continue;
            }
            boolean stays = keep.test(name) || keep.test(stored.name());
            Optional<WeightFormat> format = stays ? Optional.empty() : format(name, stored, model, to);
            entries.add(new Entry(name, model.architecture().partOf(name), stored, format));
        }
        return new QuantizationPlan(List.copyOf(entries), List.copyOf(leftOut));
    }

    private static Optional<WeightFormat> format(String name, MappedTensor tensor, ModelFamilies.Found model, WeightFormat to) {
        boolean isMatrix = tensor.shape().dims().length == 2 && tensor.dtype().isFloat() && tensor.shape().elements() > 0;
        if (!isMatrix || !model.architecture().isQuantizable(name)) return Optional.empty();
        if (!to.scheme().isInteger() && tensor.dtype() != to.scheme().dtype()) return Optional.empty(); // nothing is rounded
        return to.forWeight(model.family().tensorNames().isTable(name));
    }

    long bytes() {
        return entries.stream().mapToLong(Entry::bytes).sum();
    }

    /** The entries, file by file: as many as fit into each, at least one. */
    List<List<Entry>> shards(long maxBytes) {
        List<List<Entry>> shards = new ArrayList<>();
        long filled = 0;
        for (Entry entry : entries) {
            if (shards.isEmpty() || filled + entry.bytes() > maxBytes) {
                shards.add(new ArrayList<>());
                filled = 0;
            }
            shards.getLast().add(entry);
            filled += entry.bytes();
        }
        return shards;
    }
}
