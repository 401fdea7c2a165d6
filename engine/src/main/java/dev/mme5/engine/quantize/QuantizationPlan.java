package dev.mme5.engine.quantize;

import dev.mme5.engine.family.mllama.MllamaConfig;
import dev.mme5.engine.family.mllama.MllamaParts;
import dev.mme5.engine.family.mllama.MllamaTensorNames;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What becomes of every tensor: weights of products take the scheme that is asked for, the two largest tables 8 bits, and norms,
 * biases, gates, small tables and the patch embedding stay. What the engine does not read is left out.
 *
 * @param entries the tensors of the new folder, in the order of the source
 * @param leftOut names of tensors that the engine does not read
 */
record QuantizationPlan(List<Entry> entries, List<String> leftOut) {
    /** What the last part but one of a product's name is, and of no other weight's. */
    private static final Set<String> PRODUCTS = Set.of(
            "q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj", "fc1", "fc2", "multi_modal_projector");

    /**
     * One tensor.
     *
     * @param name normalised
     * @param scheme what it is rounded to; empty when it stays
     */
    record Entry(String name, String part, MappedTensor source, Optional<QuantizationScheme> scheme) {
        /** Bytes in the new folder. */
        long bytes() {
            return tensors().stream().mapToLong(tensor -> tensor.dtype().bytes(tensor.shape())).sum();
        }

        /** What the new folder has for it. */
        List<Stored> tensors() {
            String stored = source.name();
            if (scheme.isEmpty()) return List.of(new Stored(stored, source.dtype(), source.shape()));
            int rows = source.rows();
            Shape scales = new Shape(scheme.get().groups(source.cols()), rows);
            return List.of(
                    new Stored(stored, scheme.get().dtype(), scheme.get().codes(rows, source.cols())),
                    new Stored(stored + QuantizationScheme.SCALES, DType.I8, scales),
                    new Stored(stored + QuantizationScheme.ROW_SCALES, DType.F32, new Shape(rows)));
        }
    }

    /** A tensor to be written. */
    record Stored(String name, DType dtype, Shape shape) {}

    /**
     * @param read normalised names of the tensors that the engine reads, of floats all: none has the name of another's scales
     * @param keep whether a tensor, by a name that it has, is to stay as it is
     */
    static QuantizationPlan of(
            Map<String, MappedTensor> source, MllamaConfig config, Set<String> read, QuantizationScheme to, Predicate<String> keep) {
        List<Entry> entries = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        for (Map.Entry<String, MappedTensor> tensor : source.entrySet()) {
            String name = tensor.getKey();
            MappedTensor stored = tensor.getValue();
            String part = MllamaParts.partOf(name, config, read::contains);
            if (!MllamaParts.isRead(part)) {
                leftOut.add(stored.name());
                continue;
            }
            boolean stays = keep.test(name) || keep.test(stored.name());
            entries.add(new Entry(name, part, stored, stays ? Optional.empty() : scheme(name, stored, to)));
        }
        return new QuantizationPlan(List.copyOf(entries), List.copyOf(leftOut));
    }

    private static Optional<QuantizationScheme> scheme(String name, MappedTensor tensor, QuantizationScheme to) {
        String[] parts = name.split("\\.");
        boolean isMatrix = parts.length > 1 && parts[parts.length - 1].equals("weight") && tensor.shape().dims().length == 2
                && tensor.dtype().isFloat() && tensor.shape().elements() > 0;
        if (!isMatrix) return Optional.empty();
        boolean isRounded = MllamaTensorNames.INSTANCE.isTable(name) || PRODUCTS.contains(parts[parts.length - 2]);
        return isRounded ? Optional.of(to.forWeight(MllamaTensorNames.INSTANCE.isTable(name))) : Optional.empty();
    }

    long bytes() {
        return entries.stream().mapToLong(Entry::bytes).sum();
    }

    /** The entries file by file: as many as fit, at least one. */
    List<List<Entry>> shards(long mostBytes) {
        List<List<Entry>> shards = new ArrayList<>();
        long filled = 0;
        for (Entry entry : entries) {
            if (shards.isEmpty() || filled + entry.bytes() > mostBytes) {
                shards.add(new ArrayList<>());
                filled = 0;
            }
            shards.getLast().add(entry);
            filled += entry.bytes();
        }
        return shards;
    }
}
