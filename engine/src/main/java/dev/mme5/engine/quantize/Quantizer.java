package dev.mme5.engine.quantize;

import dev.mme5.engine.CancelledException;
import dev.mme5.engine.UnsuitableMachineException;
import dev.mme5.engine.failure.Failure;
import dev.mme5.engine.files.AtomicFolder;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.reference.ReferenceKernels;
import dev.mme5.engine.nn.Interruption;
import dev.mme5.engine.runtime.MergedAdapter;
import dev.mme5.engine.runtime.ModelFamilies;
import dev.mme5.engine.runtime.memory.MemoryCheck;
import dev.mme5.engine.runtime.memory.MemoryEstimate;
import dev.mme5.json.JsonWriter;
import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.Checkpoint;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.RandomAccessSafetensorsWriter;
import dev.mme5.weights.SafetensorsWriter;
import dev.mme5.weights.WeightFormat;
import dev.mme5.weights.file.ShardFile;
import dev.mme5.weights.lora.LoraAdapter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * Makes a model folder of 8- or 4-bit weights, or of the same weights in panels, from one of floats. The source is mapped and read once,
 * tensor by tensor, some rows at a time: it may be larger than memory. The new folder appears when it is complete.
 */
public final class Quantizer {
    private static final long SHARD_BYTES = 4_900_000_000L;
    private static final int COPY_BYTES = 8 << 20;
    private static final String RECORD = "quantization.json";

    private final Path source;
    private final QuantizeOptions options;
    private final Progress progress;
    private final long shardBytes;
    private final WeightFormat format;
    private final QuantizationStatistics statistics = new QuantizationStatistics();
    private final AtomicLong done = new AtomicLong();

    /** Receives how much of the source is done. */
    @FunctionalInterface
    public interface Progress {
        /** Called often, by any thread. */
        void progress(long doneBytes, long allBytes);
    }

    private Quantizer(Path source, QuantizeOptions options, Progress progress, long shardBytes) {
        this.source = source;
        this.options = options;
        this.progress = progress;
        this.shardBytes = shardBytes;
        this.format = new WeightFormat(options.scheme(), true);
    }

    /**
     * Writes the new folder, which must not exist.
     *
     * @throws ModelFormatException when the source cannot be used, is quantised already, or was written to meanwhile; then nothing is
     *     left of the new folder
     * @throws UnmatchedPatternException when a pattern of {@link QuantizeOptions#keep} matches nothing
     * @throws UnsuitableMachineException when the weights merged with an adapter do not fit into memory
     * @throws CancelledException when the thread is interrupted; then nothing is left of the new folder
     * @throws IOException when the new folder exists, does not fit on the disk or cannot be written; then nothing is left of it
     */
    public static QuantizationReport quantize(Path source, Path output, QuantizeOptions options, Progress progress) throws IOException {
        return quantize(source, output, options, progress, SHARD_BYTES);
    }

    /**
     * Refuses a source and patterns that {@link #quantize} would refuse, as far as headers show; for callers that first measure something.
     *
     * @throws UnmatchedPatternException if a pattern matches no tensor
     * @throws ModelFormatException if the source cannot be quantised
     * @throws IOException when the source cannot be read
     */
    public static void check(Path source, QuantizeOptions options) throws IOException {
        Quantizer quantizer = new Quantizer(source, options, (done, total) -> {}, SHARD_BYTES);
        try (Checkpoint checkpoint = Checkpoint.open(source, ModelFamilies.ALL.read(source).family().tensorNames())) {
            quantizer.requireUnquantized(checkpoint);
            quantizer.keep(checkpoint);
        }
    }

    static QuantizationReport quantize(Path source, Path output, QuantizeOptions options, Progress progress, long shardBytes)
            throws IOException {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(output, "output");
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(progress, "progress");
        try {
            return new Quantizer(source, options, progress, shardBytes).run(output);
        } catch (ClosedByInterruptException | CancellationException e) {
            throw new CancelledException("interrupted", e);
        } catch (Failure.Cancelled e) {
            throw new CancelledException(e.getMessage());
        }
    }

    private QuantizationReport run(Path output) throws IOException {
        long start = System.nanoTime();
        ModelFamilies.Found model = ModelFamilies.ALL.read(source);
        AuxiliaryFiles auxiliary = AuxiliaryFiles.of(source, model.family().files(), !options.scheme().isInteger());
        try (Checkpoint checkpoint = Checkpoint.open(source, model.family().tensorNames())) {
            Optional<LoraAdapter> adapter = MergedAdapter.find(source, checkpoint, model.family());
            requireUnquantized(checkpoint);
            try (LoraAdapter found = adapter.orElse(null)) {
                if (found != null) merge(found, checkpoint, model);
                Set<String> read = new HashSet<>();
                // Refuses missing and misshapen tensors.
                model.architecture().load(checkpoint.weights().withNameListener(read::add), new ReferenceKernels());
                QuantizationPlan plan = QuantizationPlan.of(checkpoint.tensors(), model, read, format, keep(checkpoint));
                requireWork(plan);
                long bytes = writeFolder(output, checkpoint, model, plan, auxiliary, adapter);
                long sourceBytes = checkpoint.shards().stream().mapToLong(ShardFile::bytes).sum();
                double seconds = (System.nanoTime() - start) * 1e-9;
                return new QuantizationReport(
                        output, options.scheme().label(), statistics.parts(), plan.leftOut(), sourceBytes, bytes, seconds);
            } catch (InternalError e) {
                throw checkpoint.explained(e);
            } catch (IOException e) {
                checkpoint.check(); // a source cut short may look like a write error
                throw e;
            }
        }
    }

    private void requireUnquantized(Checkpoint checkpoint) {
        if (checkpoint.quantization().isEmpty()) return;
        throw new ModelFormatException(
                source.toString(), "", "expected weights of BF16, F16 or F32, found a folder that is quantised already");
    }

    private void requireWork(QuantizationPlan plan) {
        if (plan.entries().stream().anyMatch(entry -> entry.format().isPresent())) return;
        String expected = options.scheme().isInteger() ? "BF16, F16 or F32" : "BF16, as others would have to be rounded";
        throw new ModelFormatException(source.toString(), "", "expected weights of matrix products of " + expected + ", found none");
    }

    private void merge(LoraAdapter adapter, Checkpoint checkpoint, ModelFamilies.Found model) {
        MemoryEstimate estimate = MemoryEstimate.of(source, model.architecture(), Optional.empty(), options.threads());
        requireMemory(source, MemoryCheck.here(estimate.withMergedBytes(adapter.mergedBytes())));
        try (WorkerPool pool = new WorkerPool(options.threads())) {
            MergedAdapter.merge(adapter, checkpoint, pool);
        }
    }

    /** Refuses to merge what the machine or container cannot hold. */
    static void requireMemory(Path source, MemoryCheck check) {
        String problem = check.problem(0);
        if (problem != null) throw new UnsuitableMachineException("%s: quantising needs %s".formatted(source, problem));
    }

    /** Returns the bytes of all files of weights. */
    private long writeFolder(
            Path output, Checkpoint checkpoint, ModelFamilies.Found model, QuantizationPlan plan, AuxiliaryFiles auxiliary,
            Optional<LoraAdapter> adapter)
            throws IOException {
        List<Path> files = new ArrayList<>(checkpoint.shards().stream().map(ShardFile::path).toList());
        adapter.map(LoraAdapter::file).ifPresent(files::add);
        try (AtomicFolder folder = AtomicFolder.create(output, plan.bytes() + auxiliary.bytes());
                WorkerPool pool = new WorkerPool(options.threads());
                SourceDigests digests = new SourceDigests(files)) {
            ColumnImportance importance = new ColumnImportance(checkpoint.tensors(), model.architecture(), options.moments(), pool);
            long bytes = writeWeights(plan, folder.path(), importance, pool);
            auxiliary.copyTo(folder.path());
            Files.writeString(folder.path().resolve(RECORD), record(digests.await(), plan));
            checkpoint.check();
            folder.commit();
            return bytes;
        }
    }

    private Predicate<String> keep(Checkpoint checkpoint) {
        for (String pattern : options.keep()) {
            boolean matches = checkpoint.tensors().entrySet().stream()
                    .anyMatch(t -> QuantizeOptions.matches(pattern, t.getKey()) || QuantizeOptions.matches(pattern, t.getValue().name()));
            if (!matches) throw new UnmatchedPatternException("no tensor of " + source + " has a name like " + pattern);
        }
        return name -> options.keep().stream().anyMatch(pattern -> QuantizeOptions.matches(pattern, name));
    }

    /** Returns the bytes of all files. */
    private long writeWeights(QuantizationPlan plan, Path folder, ColumnImportance importance, WorkerPool pool) throws IOException {
        List<List<QuantizationPlan.Entry>> shards = plan.shards(shardBytes);
        long all = plan.entries().stream().mapToLong(entry -> entry.source().bytes().byteSize()).sum();
        Map<String, String> shardOf = new TreeMap<>();
        long bytes = 0;
        for (int i = 0; i < shards.size(); i++) {
            String name = shards.size() == 1
                    ? "model.safetensors"
                    : String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size());
            SafetensorsWriter content = new SafetensorsWriter().metadata("format", "pt");
            format.metadata().forEach(content::metadata);
            for (QuantizationPlan.Entry entry : shards.get(i)) {
                for (QuantizationPlan.Stored tensor : entry.tensors()) {
                    content.declare(tensor.name(), tensor.dtype(), tensor.shape());
                    shardOf.put(tensor.name(), name);
                }
            }
            bytes += content.fileBytes();
            try (RandomAccessSafetensorsWriter file = RandomAccessSafetensorsWriter.create(folder.resolve(name), content)) {
                for (QuantizationPlan.Entry entry : shards.get(i)) write(entry, file, importance, pool, all);
                file.finish();
            }
        }
        if (shards.size() > 1) Files.writeString(folder.resolve(Checkpoint.SHARD_INDEX), index(plan.bytes(), shardOf));
        return bytes;
    }

    private void write(QuantizationPlan.Entry entry, RandomAccessSafetensorsWriter file, ColumnImportance importance, WorkerPool pool,
            long all)
            throws IOException {
        Interruption.check();
        MappedTensor tensor = entry.source();
        LongConsumer finished = bytes -> progress.progress(done.addAndGet(bytes), all);
        WeightFormat stored = entry.format().orElse(null);
        if (stored != null && stored.scheme().isInteger()) {
            float[] columns = importance.of(entry.name(), tensor.cols());
            statistics.quantized(entry, new TensorQuantizer(tensor, stored, columns).write(file, pool, finished));
            return;
        }
        if (stored != null) {
            PanelCopy.write(tensor, file, pool, finished);
        } else {
            copy(tensor, file);
            finished.accept(tensor.bytes().byteSize());
        }
        statistics.kept(entry);
    }

    private static void copy(MappedTensor tensor, RandomAccessSafetensorsWriter file) throws IOException {
        for (long offset = 0; offset < tensor.bytes().byteSize(); offset += COPY_BYTES) {
            long count = Math.min(COPY_BYTES, tensor.bytes().byteSize() - offset);
            ByteBuffer piece = tensor.bytes().asSlice(offset, count).asByteBuffer();
            file.write(tensor.name(), offset, piece);
        }
    }

    private static String index(long bytes, Map<String, String> shardOf) {
        JsonWriter json = new JsonWriter().beginObject().name("metadata").beginObject().member("total_size", bytes).endObject();
        json.name("weight_map").beginObject();
        shardOf.forEach(json::member);
        return json.endObject().endObject().toString();
    }

    /** The source of the folder, as JSON. */
    private String record(Map<Path, String> digests, QuantizationPlan plan) throws IOException {
        JsonWriter json = new JsonWriter().beginObject()
                .member("scheme", options.scheme().label())
                .member("version", format.version())
                .member("calibrated", !options.moments().isEmpty());
        json.name("kept").beginArray();
        options.keep().forEach(json::value);
        json.endArray().name("left_out").beginArray();
        plan.leftOut().forEach(json::value);
        json.endArray().name("source").beginArray();
        for (Map.Entry<Path, String> file : digests.entrySet()) {
            json.beginObject()
                    .member("file", file.getKey().getFileName().toString())
                    .member("bytes", Files.size(file.getKey()))
                    .member("sha256", file.getValue())
                    .endObject();
        }
        return json.endArray().endObject() + "\n";
    }
}
