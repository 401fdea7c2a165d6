package dev.mme5.engine;

import dev.mme5.engine.family.EmbeddingNetwork;
import dev.mme5.engine.family.InputProcessor;
import dev.mme5.engine.family.ModelArchitecture;
import dev.mme5.engine.kernel.reference.ReferenceKernels;
import dev.mme5.engine.nn.SequencePooling;
import dev.mme5.engine.runtime.FolderListing;
import dev.mme5.engine.runtime.MergedAdapter;
import dev.mme5.engine.runtime.ModelFamilies;
import dev.mme5.engine.runtime.ModelRuntime;
import dev.mme5.engine.runtime.NamedPrompts;
import dev.mme5.engine.runtime.memory.MachineMemory;
import dev.mme5.engine.runtime.memory.MemoryCheck;
import dev.mme5.engine.runtime.memory.MemoryEstimate;
import dev.mme5.json.ModelFormatException;
import dev.mme5.tokenizer.Tokenizer;
import dev.mme5.weights.Checkpoint;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.TensorNames;
import dev.mme5.weights.WeightFormat;
import dev.mme5.weights.Weights;
import dev.mme5.weights.file.ShardFile;
import dev.mme5.weights.lora.LoraAdapter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Looks a model folder over, and goes on where something is wrong. */
final class ModelInspector {
    /** More tensors than these are only counted: then the folder is of another model. */
    private static final int MAX_TENSOR_PROBLEMS = 50;

    private static final int SHORT_TEXT = 20;
    private static final List<Integer> TEXT_LENGTHS = List.of(SHORT_TEXT, 256, 2048);
    private static final long PHOTO_PIXELS = 12_000_000;
    private static final String UNUSED = "other";

    private final Path folder;
    private final Options options;
    private final long heapBytes;
    private final List<Path> files = new ArrayList<>();
    private final List<ModelInspection.Shard> shards = new ArrayList<>();
    private final Map<String, ModelInspection.Part> parts = new LinkedHashMap<>();
    private final List<ModelInspection.Memory> memory = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private Optional<WeightFormat> quantization = Optional.empty();
    private long mergedBytes;
    private OptionalInt knownTokenizerIds = OptionalInt.empty();

    /** @param heapBytes the limit of Java's heap */
    ModelInspector(Path folder, Options options, long heapBytes) {
        this.folder = folder;
        this.options = options;
        this.heapBytes = heapBytes;
    }

    /** Takes the size of the tokenizer from a model that has it open. */
    ModelInspector withTokenizerIds(int ids) {
        knownTokenizerIds = OptionalInt.of(ids);
        return this;
    }

    ModelInspection inspect() {
        ModelFamilies.Found found = attempt(() -> ModelFamilies.ALL.read(folder));
        if (found != null) attemptTo(() -> found.architecture().checkOtherFiles(folder));
        attempt(() -> NamedPrompts.read(folder));
        OptionalInt tokenizerIds = tokenizerIds(found);
        if (found != null) found.family().files().all().stream().map(folder::resolve).filter(Files::exists).forEach(files::add);
        attemptTo(() -> {
            try (Checkpoint checkpoint = Checkpoint.open(folder, found == null ? TensorNames.AS_STORED : found.family().tensorNames())) {
                inspect(checkpoint, found);
            }
        });
        List<FolderListing.Entry> entries = found == null ? null : attempt(() -> FolderListing.of(folder, found.family().files(), files));
        return new ModelInspection(
                folder,
                Optional.ofNullable(found).map(ModelInspector::describe),
                tokenizerIds,
                files,
                entries == null ? List.of() : entries.stream().map(ModelInspector::entry).toList(),
                shards,
                quantization,
                List.copyOf(parts.values()),
                memory,
                new ModelInspection.Limits(heapBytes, MachineMemory.here()),
                // Where there is no folder, each of its files is missing for one reason.
                Files.isDirectory(folder) ? problems : problems.subList(0, 1));
    }

    /**
     * Reads the tokenizer with the other files that must fit to it, or alone if something is wrong with them. Because a second one may not
     * fit into the heap, only its size is kept. One that does not fit itself is not read; then no run fits, and each is marked so.
     */
    private OptionalInt tokenizerIds(ModelFamilies.Found found) {
        if (knownTokenizerIds.isPresent()) return knownTokenizerIds;
        if (MemoryEstimate.toReadTokenizer(folder) > heapBytes) return OptionalInt.empty();
        if (problems.isEmpty()) {
            InputProcessor processor = attempt(() -> found.architecture().inputProcessor(folder, options.dropDuplicateBos()));
            if (processor != null) return OptionalInt.of(processor.tokenizer().size());
        }
        try {
            return OptionalInt.of(Tokenizer.open(folder).size());
        } catch (ModelFormatException e) {
            addProblem(e);
            return OptionalInt.empty();
        }
    }

    private static ModelInspection.Entry entry(FolderListing.Entry entry) {
        ModelInspection.Use use = switch (entry.use()) {
            case READ -> ModelInspection.Use.READ;
            case NOT_NEEDED -> ModelInspection.Use.NOT_NEEDED;
            case NOT_UNDERSTOOD -> ModelInspection.Use.NOT_UNDERSTOOD;
        };
        return new ModelInspection.Entry(entry.name(), entry.bytes(), use);
    }

    private static ModelInspection.Model describe(ModelFamilies.Found found) {
        ModelArchitecture model = found.architecture();
        return new ModelInspection.Model(
                found.family().modelType(),
                model.dimensions(),
                model.maxTokens(),
                model.takesImages(),
                pooling(model.pooling()),
                model.givesUnitVectors(),
                model.traits().stream().map(trait -> new ModelInspection.Trait(trait.name(), trait.value())).toList(),
                model.defaultsUsed().stream().map(used -> new ModelInspection.Default(used.key(), used.value())).toList());
    }

    private static ModelInspection.Pooling pooling(List<SequencePooling> modes) {
        if (modes.size() > 1) return ModelInspection.Pooling.SEVERAL;
        return switch (modes.getFirst()) {
            case FIRST -> ModelInspection.Pooling.FIRST_TOKEN;
            case MAX -> ModelInspection.Pooling.MAX;
            case MEAN -> ModelInspection.Pooling.MEAN;
            case MEAN_SQRT_LENGTH -> ModelInspection.Pooling.MEAN_SQRT_LENGTH;
            case WEIGHTED_MEAN -> ModelInspection.Pooling.WEIGHTED_MEAN;
            case LAST -> ModelInspection.Pooling.LAST_TOKEN;
        };
    }

    private void inspect(Checkpoint checkpoint, ModelFamilies.Found found) {
        for (ShardFile shard : checkpoint.shards()) {
            shards.add(new ModelInspection.Shard(shard.path(), shard.bytes()));
            files.add(shard.path());
        }
        if (shards.size() > 1 && Files.exists(folder.resolve(Checkpoint.SHARD_INDEX))) files.add(folder.resolve(Checkpoint.SHARD_INDEX));
        quantization = checkpoint.format();
        if (found != null) attemptTo(() -> inspectAdapter(checkpoint, found));
        Set<String> read = new HashSet<>();
        List<String> refused = new ArrayList<>();
        EmbeddingNetwork network = null;
        if (found != null) {
            Weights weights = checkpoint.weights().withNameListener(read::add).withErrorListener(e -> refused.add(e.getMessage()));
            network = found.architecture().load(weights, new ReferenceKernels());
        }
        checkpoint.tensors().forEach((name, tensor) -> {
            boolean needed = read.contains(name);
            String part = needed ? found.architecture().partOf(name) : unusedPartOf(name, found);
            add(part, needed, tensor, checkpoint.quantizationOf(name).orElse(null), QuantizationScheme.isScales(name));
        });
        if (found == null) return;
        long mapped = parts.values().stream().filter(ModelInspection.Part::needed).mapToLong(ModelInspection.Part::bytes).sum();
        MemoryEstimate estimate =
                MemoryEstimate.of(folder, found.architecture(), checkpoint.quantization(), options.threads()).withMergedBytes(mergedBytes);
        MemoryCheck withoutCopies = new MemoryCheck(estimate, heapBytes, MachineMemory.here());
        MemoryCheck check = ModelRuntime.withCopies(withoutCopies, options.forRuntime().kernels(), network);
        estimate(check, mapped, found.architecture().takesImages());
        problems.addAll(refused.subList(0, Math.min(refused.size(), MAX_TENSOR_PROBLEMS)));
        if (refused.size() > MAX_TENSOR_PROBLEMS) {
            problems.add((refused.size() - MAX_TENSOR_PROBLEMS) + " more tensors are missing or misshapen");
        }
    }

    private void inspectAdapter(Checkpoint checkpoint, ModelFamilies.Found found) {
        Optional<LoraAdapter> adapter = MergedAdapter.find(folder, checkpoint, found.family());
        if (adapter.isEmpty()) return;
        try (LoraAdapter lora = adapter.get()) {
            mergedBytes = lora.mergedBytes();
            files.add(folder.resolve(LoraAdapter.CONFIG));
            files.add(lora.file());
        }
    }

    private static String unusedPartOf(String tensor, ModelFamilies.Found found) {
        return found == null ? UNUSED : found.family().unusedPartOf(tensor).orElse(UNUSED);
    }

    /** @param scheme of codes and scales; null for floats */
    private void add(String part, boolean needed, MappedTensor tensor, QuantizationScheme scheme, boolean isScales) {
        String dtype = scheme == null ? tensor.dtype().name() : scheme.name();
        boolean scales = scheme != null && isScales;
        long parameters = scales ? 0 : scheme == null ? tensor.shape().elements() : scheme.weights(tensor.shape());
        ModelInspection.Part more =
                new ModelInspection.Part(part, dtype, scales ? 0 : 1, parameters, tensor.bytes().byteSize(), needed);
        parts.merge(part + " " + dtype + " " + needed, more, ModelInspector::sum);
    }

    private static ModelInspection.Part sum(ModelInspection.Part a, ModelInspection.Part b) {
        return new ModelInspection.Part(
                a.name(), a.dtype(), a.tensors() + b.tensors(), a.parameters() + b.parameters(), a.bytes() + b.bytes(), a.needed());
    }

    private void estimate(MemoryCheck check, long mapped, boolean withImages) {
        MemoryEstimate estimate = check.estimate();
        int maxTokens = options.maxTokens();
        TreeSet<Integer> lengths = new TreeSet<>(TEXT_LENGTHS);
        if (maxTokens > 0) lengths.add(maxTokens);
        lengths.removeIf(tokens -> tokens > estimate.maxTokens());
        for (int tokens : lengths) add(new ModelInspection.Run.Pass(tokens, 0), estimate.text(tokens), mapped, check);
        if (!withImages) return;
        add(new ModelInspection.Run.Pass(SHORT_TEXT, 1), estimate.prompt(SHORT_TEXT, 1), mapped, check);
        if (maxTokens > SHORT_TEXT) add(new ModelInspection.Run.Pass(maxTokens, 1), estimate.prompt(maxTokens, 1), mapped, check);
        add(new ModelInspection.Run.Decoding(PHOTO_PIXELS), estimate.decoding(PHOTO_PIXELS), 0, check);
    }

    private void add(ModelInspection.Run run, long heapBytes, long mapped, MemoryCheck check) {
        memory.add(new ModelInspection.Memory(run, heapBytes, mapped, mapped == 0 ? 0 : mergedBytes,
                Optional.ofNullable(check.problem(heapBytes))));
    }

    private void attemptTo(Runnable step) {
        attempt(() -> {
            step.run();
            return folder;
        });
    }

    /** The value, or null and a problem more. */
    private <T> T attempt(Supplier<T> step) {
        try {
            return step.get();
        } catch (ModelFormatException e) {
            addProblem(e);
            return null;
        }
    }

    /** Several steps may read one file. */
    private void addProblem(ModelFormatException e) {
        if (!problems.contains(e.getMessage())) problems.add(e.getMessage());
    }
}
