package dev.mme5.weights.lora;

import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.Checkpoint;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.TensorNames;
import dev.mme5.weights.file.ModelFolder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The LoRA adapter of a model folder: {@code adapter_config.json} and {@code adapter_model.safetensors} beside the weights of the base
 * model. {@link #find} reads headers and the configuration and checks that every tensor has its place; {@link #mergeInto} computes the
 * merged weights as {@code merge_and_unload} of peft does. Weights without an adapter stay in their mapped file.
 */
public final class LoraAdapter implements AutoCloseable {
    /** The file of tensors. */
    public static final String WEIGHTS = "adapter_model.safetensors";

    /** The file of settings. */
    public static final String CONFIG = LoraConfig.FILE;

    private static final String PICKLE = "adapter_model.bin";
    private static final String PREFIX = "base_model.model.";
    private static final String BASE_LAYER = ".base_layer.";

    /** Segments of the names of tensors that a model with an adapter has and a model without does not. */
    private static final Pattern LEFTOVER =
            Pattern.compile("lora_[A-Za-z_]+|base_layer|modules_to_save|original_module|ia3_l|hada_w\\d_[ab]|lokr_w\\d|oft_[rR]");

    private final Path file;
    private final Checkpoint tensors;
    private final Map<String, LoraWeight> weights = new LinkedHashMap<>();   // by canonical name

    private LoraAdapter(Path file, Checkpoint tensors) {
        this.file = file;
        this.tensors = tensors;
    }

    /**
     * The adapter of a model folder.
     *
     * @param base the open weights of the folder
     * @param isUnused whether a canonical name is of a tensor that no embedding reads; such a tensor may be missing
     * @return empty if the folder has no sign of an adapter
     * @throws ModelFormatException if it has and the adapter cannot be merged
     */
    public static Optional<LoraAdapter> find(Path folder, Checkpoint base, TensorNames names, Predicate<String> isUnused) {
        for (MappedTensor tensor : base.tensors().values()) {
            if (isLeftover(tensor.name())) {
                throw new ModelFormatException(tensor.file(), tensor.name(),
                        "a tensor of an adapter among those of the model: save the model"
                                + " after peft's merge_and_unload, or the adapter in " + CONFIG + " and " + WEIGHTS);
            }
        }
        ModelFolder model = ModelFolder.of(folder);
        if (!model.lists(CONFIG) && !model.lists(WEIGHTS) && !model.lists(PICKLE)) return Optional.empty();
        if (!model.lists(WEIGHTS)) {
            throw new ModelFormatException(folder.toString(), "", "expected " + WEIGHTS + " beside "
                    + (model.lists(CONFIG) ? CONFIG : PICKLE) + ", found none: an adapter in another format cannot be merged");
        }
        LoraConfig config = LoraConfig.read(folder.resolve(CONFIG));
        if (base.format().isPresent()) {
            throw new ModelFormatException(folder.resolve(CONFIG).toString(), "",
                    "an adapter can be merged into BF16, F16 or F32, found weights of " + base.format().get().label()
                            + ": merge it into the source of this folder and quantise the result");
        }
        Path file = folder.resolve(WEIGHTS);
        Checkpoint tensors = Checkpoint.openFile(file, model.checked(file));
        try {
            LoraAdapter adapter = new LoraAdapter(file, tensors);
            adapter.place(base, names, isUnused, config);
            return Optional.of(adapter);
        } catch (Throwable e) {
            tensors.close();
            throw e;
        }
    }

    /** Whether a segment of the name, but not the first, is one of an adapter. Each character is read once: a name may have megabytes. */
    static boolean isLeftover(String name) {
        Matcher matcher = LEFTOVER.matcher(name);
        for (int dot = name.indexOf('.'); dot >= 0;) {
            int end = name.indexOf('.', dot + 1);
            if (matcher.region(dot + 1, end < 0 ? name.length() : end).matches()) return true;
            dot = end;
        }
        return false;
    }

    /** Gives every tensor of the adapter its place in the model. */
    private void place(Checkpoint base, TensorNames names, Predicate<String> isUnused, LoraConfig config) {
        for (MappedTensor tensor : tensors.tensors().values()) {
            String path = tensor.name().startsWith(PREFIX) ? tensor.name().substring(PREFIX.length()) : tensor.name();
            int lora = path.indexOf(".lora_");
            String module = lora < 0 ? "" : path.substring(0, lora);
            String target = names.canonical(lora < 0 ? path.replace(BASE_LAYER, ".") : module + ".weight");
            if (isUnused.test(target)) continue;
            MappedTensor weight = base.tensors().get(target);
            if (weight == null) throw error(tensor, "expected a tensor of the model, found none of the name " + target);
            if (!weight.dtype().isFloat()) throw error(weight, "expected BF16, F16 or F32, found " + weight.dtype());
            LoraWeight known = weights.getOrDefault(target, new LoraWeight(weight, null, null));
            LoraWeight more = switch (lora < 0 ? "" : path.substring(lora)) {
                case "" -> new LoraWeight(weight, whole(tensor, weight), known.factors());
                case ".lora_A.weight" -> new LoraWeight(weight, known.whole(), LoraWeight.ofModule(
                        weight, tensor, other(tensor, ".lora_A.", ".lora_B."), config.scaling(module, tensor.rows())));
                case ".lora_embedding_A" -> new LoraWeight(weight, known.whole(), LoraWeight.ofTable(
                        weight, tensor, other(tensor, ".lora_embedding_A", ".lora_embedding_B"), config.scaling(module, tensor.rows())));
                case ".lora_B.weight" -> {
                    other(tensor, ".lora_B.", ".lora_A.");
                    yield known;
                }
                case ".lora_embedding_B" -> {
                    other(tensor, ".lora_embedding_B", ".lora_embedding_A");
                    yield known;
                }
                default -> throw error(tensor,
                        "expected a name that ends in lora_A.weight or lora_B.weight: only plain LoRA adapters can be merged");
            };
            weights.put(target, more);
        }
    }

    private static MappedTensor whole(MappedTensor tensor, MappedTensor weight) {
        if (!tensor.dtype().isFloat()) throw error(tensor, "expected BF16, F16 or F32, found " + tensor.dtype());
        if (!tensor.shape().equals(weight.shape())) {
            throw error(tensor, "expected shape " + weight.shape() + " of " + weight.name() + ", found " + tensor.shape());
        }
        return tensor;
    }

    private MappedTensor other(MappedTensor tensor, String found, String wanted) {
        String name = tensor.name().replace(found, wanted);
        MappedTensor other = tensors.tensors().get(name);
        if (other == null) throw error(tensor, "expected " + name + " beside it, found none");
        return other;
    }

    private static ModelFormatException error(MappedTensor tensor, String problem) {
        return new ModelFormatException(tensor.file(), tensor.name(), problem);
    }

    /** The file of tensors. */
    public Path file() {
        return file;
    }

    /** Bytes of memory outside the heap that the merged weights take. */
    public long mergedBytes() {
        return weights.values().stream().mapToLong(weight -> weight.base().bytes().byteSize()).sum();
    }

    /**
     * Replaces the weights of the base model by the merged ones, which live as long as it is open.
     *
     * @param rows runs the rows of one weight on the threads there are
     * @throws ModelFormatException if the adapter's file was written to meanwhile
     */
    public void mergeInto(Checkpoint base, Checkpoint.RowRunner rows) {
        weights.forEach((name, weight) -> base.replace(name, weight.merge(), rows)); // one tensor's factors at a time
        tensors.check();
    }

    /** Compares the adapter's file with its recorded SHA-256, as {@link Checkpoint#verify} does. */
    public void verify(LongConsumer progress) {
        tensors.verify(progress);
    }

    /** Unmaps the adapter's file, which merged weights no longer need. */
    @Override
    public void close() {
        tensors.close();
    }
}
