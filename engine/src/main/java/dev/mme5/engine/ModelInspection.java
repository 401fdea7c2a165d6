package dev.mme5.engine;

import dev.mme5.engine.family.mllama.Mllama;
import dev.mme5.engine.family.mllama.MllamaConfig;
import dev.mme5.engine.family.mllama.MllamaMemoryEstimate;
import dev.mme5.engine.family.mllama.MllamaParts;
import dev.mme5.engine.family.mllama.MllamaTensorNames;
import dev.mme5.engine.family.mllama.tiling.MllamaImageProcessorConfig;
import dev.mme5.engine.kernel.reference.ReferenceKernels;
import dev.mme5.engine.runtime.MemoryCheck;
import dev.mme5.engine.runtime.ModelMetadata;
import dev.mme5.json.ModelFormatException;
import dev.mme5.tokenizer.Tokenizer;
import dev.mme5.weights.Checkpoint;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.ShardFile;
import dev.mme5.weights.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * What a model folder holds, found from its small files, the headers of its shards and its norms.
 *
 * @param folder the folder
 * @param facts architecture, files, defaults used
 * @param parts parameters by part and dtype
 * @param memory what runs need
 * @param problems everything wrong that was found, one line each; empty when the model can be run
 */
public record ModelInspection(Path folder, List<Fact> facts, List<Part> parts, List<Memory> memory, List<String> problems) {
    public ModelInspection {
        facts = List.copyOf(facts);
        parts = List.copyOf(parts);
        memory = List.copyOf(memory);
        problems = List.copyOf(problems);
    }

    /** One line of description. */
    public record Fact(String name, String value) {}

    /**
     * One part of the model in one dtype.
     *
     * @param needed whether the engine reads it
     */
    public record Part(String name, String dtype, int tensors, long parameters, long bytes, boolean needed) {
        private Part plus(Part more) {
            return new Part(name, dtype, tensors + more.tensors, parameters + more.parameters, bytes + more.bytes, needed);
        }
    }

    /**
     * What one kind of run needs.
     *
     * @param run in words
     * @param heapBytes of working memory, at most
     * @param mappedBytes of weights, which the operating system may drop and read again
     * @param directBytes of memory that is neither: none in the runs there are now
     * @param problem why it does not fit into this process's heap or machine; empty when it does
     */
    public record Memory(String run, long heapBytes, long mappedBytes, long directBytes, String problem) {}

    /** Never throws for a bad folder: what is wrong stands in {@link #problems}. */
    public static ModelInspection of(Path folder) {
        return of(folder, Options.defaults());
    }

    /**
     * The same, with what runs under these options need: those of {@link Options#threads} and {@link Options#maxTokens} count.
     */
    public static ModelInspection of(Path folder, Options options) {
        return new Inspector(folder, options).inspect();
    }

    /** By its name alone, where the configuration is not known. */
    private static boolean mayBeRead(String tensor) {
        return !tensor.contains("lm_head");
    }

    private static final class Inspector {
        /** More tensors than these are only counted: then the folder is of another model. */
        private static final int MOST_TENSORS = 50;

        private static final long PHOTO_PIXELS = 12_000_000;

        private final Path folder;
        private final Options options;
        private final List<Fact> facts = new ArrayList<>();
        private final List<Memory> memory = new ArrayList<>();
        private final Map<String, Part> parts = new LinkedHashMap<>();
        private final List<String> problems = new ArrayList<>();

        Inspector(Path folder, Options options) {
            this.folder = folder;
            this.options = options;
        }

        ModelInspection inspect() {
            MllamaConfig config = attempt(() -> MllamaConfig.read(folder));
            if (config != null) {
                tell(config);
                attempt(() -> MllamaImageProcessorConfig.read(
                        folder.resolve(ModelMetadata.PREPROCESSOR), config.vision().arrangements()));
            }
            Tokenizer tokenizer = attempt(() -> Tokenizer.open(folder));
            if (tokenizer != null) fact("tokenizer", tokenizer.size() + " ids");
            if (problems.isEmpty()) attempt(() -> ModelMetadata.read(folder));
            attempt(() -> {
                try (Checkpoint checkpoint = Checkpoint.open(folder, MllamaTensorNames.INSTANCE)) {
                    tell(checkpoint, config);
                }
                return folder;
            });
            return new ModelInspection(folder, facts, List.copyOf(parts.values()), memory, problems);
        }

        private void tell(MllamaConfig config) {
            fact("model", "mllama");
            fact(
                    "text decoder",
                    "%d layers (%d read images), width %d, %d heads of %d on %d key/value heads, MLP %d, %d ids"
                            .formatted(
                                    config.text().layers(),
                                    config.text().crossAttentionLayers().size(),
                                    config.text().hidden(),
                                    config.text().heads(),
                                    config.text().headSize(),
                                    config.text().kvHeads(),
                                    config.text().mlpHidden(),
                                    config.text().ids()));
            fact("longest text", config.text().maxPositions() + " tokens");
            fact(
                    "vision tower",
                    "%d local and %d global blocks, width %d, %d heads of %d, MLP %d"
                            .formatted(
                                    config.vision().layers(),
                                    config.vision().globalLayers(),
                                    config.vision().hidden(),
                                    config.vision().heads(),
                                    config.vision().headSize(),
                                    config.vision().mlpHidden()));
            fact(
                    "tiles",
                    "up to %d of %d x %d pixels, patches of %d, %d tokens a tile"
                            .formatted(
                                    config.vision().maxTiles(),
                                    config.vision().tileSize(),
                                    config.vision().tileSize(),
                                    config.vision().patchSize(),
                                    config.vision().tileTokens()));
            for (String used : config.defaultsUsed()) fact("default", used);
        }

        private void tell(Checkpoint checkpoint, MllamaConfig config) {
            for (ShardFile shard : checkpoint.shards()) fact("weights", shard.path().getFileName() + ", " + shard.bytes() + " bytes");
            checkpoint.quantization().ifPresent(scheme -> fact("quantised", scheme.label() + ", format " + QuantizationScheme.VERSION));
            Set<String> read = new HashSet<>();
            List<String> refused = new ArrayList<>();
            if (config != null) {
                Weights weights = checkpoint.weights().withNameListener(read::add).withErrorListener(e -> refused.add(e.getMessage()));
                Mllama.load(weights, config, new ReferenceKernels());
            }
            for (Map.Entry<String, MappedTensor> entry : checkpoint.tensors().entrySet()) {
                String name = MllamaParts.partOf(entry.getKey(), config, config == null ? ModelInspection::mayBeRead : read::contains);
                MappedTensor tensor = entry.getValue();
                Optional<QuantizationScheme> codes = checkpoint.quantizationOf(entry.getKey());
                String dtype = codes.map(QuantizationScheme::name).orElse(tensor.dtype().name());
                boolean scales = codes.isPresent() && QuantizationScheme.isScales(entry.getKey());
                long parameters = scales ? 0 : codes.map(scheme -> scheme.weights(tensor.shape())).orElse(tensor.shape().elements());
                Part more = new Part(name, dtype, scales ? 0 : 1, parameters, tensor.bytes().byteSize(), MllamaParts.isRead(name));
                parts.merge(name + " " + dtype, more, Part::plus);
            }
            if (config == null) return;
            long mapped = parts.values().stream().filter(Part::needed).mapToLong(Part::bytes).sum();
            tellMemory(new MllamaMemoryEstimate(config, checkpoint.quantization(), options.threads()), mapped);
            problems.addAll(refused.subList(0, Math.min(refused.size(), MOST_TENSORS)));
            if (refused.size() > MOST_TENSORS) problems.add((refused.size() - MOST_TENSORS) + " more tensors are missing or misshapen");
        }

        private void tellMemory(MllamaMemoryEstimate plan, long mapped) {
            MemoryCheck check = MemoryCheck.here(plan);
            TreeSet<Integer> lengths = new TreeSet<>(List.of(20, 256, 2048));
            if (options.maxTokens() > 0) lengths.add(options.maxTokens());
            lengths.removeIf(tokens -> tokens > plan.config().text().maxPositions());
            for (int tokens : lengths) memory.add(run("text of " + tokens + " tokens", plan.text(tokens), mapped, check));
            memory.add(run("picture of all tiles, 20 tokens", plan.prompt(20, 1), mapped, check));
            if (options.maxTokens() > 20) {
                String prompt = "picture of all tiles, " + options.maxTokens() + " tokens";
                memory.add(run(prompt, plan.prompt(options.maxTokens(), 1), mapped, check));
            }
            memory.add(run("decoding a picture of 12 megapixels", plan.decoding(PHOTO_PIXELS), 0, check));
            fact("Java heap", (check.heapBytes() >> 20) + " MB");
            if (check.machineBytes() < Long.MAX_VALUE) fact("memory", (check.machineBytes() >> 20) + " MB in this machine or container");
        }

        private static Memory run(String name, long heap, long mapped, MemoryCheck check) {
            String problem = check.problem(heap);
            return new Memory(name, heap, mapped, 0, problem == null ? "" : "needs " + problem);
        }

        private void fact(String name, String value) {
            facts.add(new Fact(name, value));
        }

        /** The value, or null and a problem more. */
        private <T> T attempt(Supplier<T> step) {
            try {
                return step.get();
            } catch (ModelFormatException e) {
                problems.add(e.getMessage());
                return null;
            }
        }
    }
}
