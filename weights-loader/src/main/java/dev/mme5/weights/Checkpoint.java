package dev.mme5.weights;

import dev.mme5.json.Json;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.file.MappedFile;
import dev.mme5.weights.file.ModelFolder;
import dev.mme5.weights.file.ShardFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;

/**
 * The mapped weights of a model: one safetensors file, or the shards of an index. Opening reads headers only; the operating
 * system loads data when it is accessed. A checkpoint owns the mapping: every tensor that it returns is a view and becomes
 * unusable after {@link #close}.
 *
 * <p>Tensors are found by canonical name; {@link TensorNames} maps the names in the files to it.
 *
 * <p>The files must not be written to while they are open, but Java cannot prevent it. Reading a page that no longer exists
 * throws an {@link InternalError}, possibly some instructions late, and reading an overwritten page returns the new bytes.
 * {@link #check} detects both. Files may be deleted, or replaced by a rename: the mapping keeps the old content.
 */
public final class Checkpoint implements AutoCloseable {
    private static final String SINGLE_FILE = "model.safetensors";

    /** The file that names the shards. */
    public static final String SHARD_INDEX = "model.safetensors.index.json";

    /** Weights in other formats, which a refusal names. */
    private static final List<String> OTHER_FORMATS =
            List.of("pytorch_model.bin", "pytorch_model.bin.index.json", "tf_model.h5", "flax_model.msgpack");

    private final Arena arena = Arena.ofShared();   // shared: worker threads read the weights
    private final String source;
    private final TensorNames names;
    private final Map<String, MappedTensor> tensors = new LinkedHashMap<>();   // by canonical name
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final List<ShardFile> shards = new ArrayList<>();
    private final List<MappedFile> mappedFiles = new ArrayList<>();
    private Optional<WeightFormat> format = Optional.empty();

    private Checkpoint(String source, TensorNames names) {
        this.source = source;
        this.names = names;
    }

    /**
     * Opens a model folder: {@code model.safetensors}, or else the shards that {@code model.safetensors.index.json} names. If a
     * folder has both, the single file is read, as the reference library does.
     *
     * @param names the tensor names of the model family
     * @throws ModelFormatException if the folder or a file in it cannot be used; nothing stays open
     */
    public static Checkpoint open(Path folder, TensorNames names) {
        ModelFolder model = ModelFolder.of(folder);
        if (model.lists(SINGLE_FILE)) {
            Path file = folder.resolve(SINGLE_FILE);
            return openSingle(file, model.checked(file), folder.toString(), names);
        }
        if (model.lists(SHARD_INDEX)) return openShards(model, folder.resolve(SHARD_INDEX), names);
        String other = OTHER_FORMATS.stream().filter(model::lists).findFirst().map(", but %s, which is not read"::formatted).orElse("");
        throw new ModelFormatException(
                folder.toString(), "", "expected " + SINGLE_FILE + " or " + SHARD_INDEX + ", found neither" + other);
    }

    /**
     * Opens one safetensors file of any name; symbolic links are followed. Tensors keep the names that they have in the file.
     *
     * @throws ModelFormatException if the file cannot be used; nothing stays open
     */
    public static Checkpoint openFile(Path file) {
        return openSingle(file, JsonReader.regularFile(file), file.toString(), TensorNames.AS_STORED);
    }

    /**
     * Opens one safetensors file whose path was checked. Tensors keep the names that they have in the file.
     *
     * @param file the file as the user would find it
     * @param target the file without symbolic links
     * @throws ModelFormatException if the file cannot be used; nothing stays open
     */
    public static Checkpoint openFile(Path file, Path target) {
        return openSingle(file, target, file.toString(), TensorNames.AS_STORED);
    }

    private static Checkpoint openSingle(Path file, Path target, String source, TensorNames names) {
        Checkpoint checkpoint = new Checkpoint(source, names);
        try {
            checkpoint.map(file, target);
            return checkpoint;
        } catch (Throwable e) {
            checkpoint.close();
            throw e;
        }
    }

    private static Checkpoint openShards(ModelFolder model, Path index, TensorNames names) {
        JsonObject weightMap = ModelFolder.readObject(index).object("weight_map");
        Checkpoint checkpoint = new Checkpoint(index.toString(), names);
        try {
            Map<String, String> shardOf = new LinkedHashMap<>();   // by the tensor's name in the files
            for (String name : weightMap.keys()) shardOf.put(name, weightMap.text(name));
            Map<String, List<String>> namesIn = new LinkedHashMap<>();
            shardOf.forEach((name, shard) -> {
                model.file(shard, index, weightMap.location() + "." + name);
                namesIn.computeIfAbsent(shard, any -> new ArrayList<>()).add(name);
            });

            for (String shard : new TreeSet<>(namesIn.keySet())) {
                Path file = model.path().resolve(shard);
                List<String> found = checkpoint.map(file, model.checked(file));
                for (String name : found) {
                    String listed = shardOf.getOrDefault(name, shard);
                    if (!listed.equals(shard)) throw weightMap.error(name, "expected it in " + listed + ", found it in " + shard);
                }
                Set<String> present = new HashSet<>(found);
                for (String name : namesIn.get(shard)) {
                    if (!present.contains(name)) throw weightMap.error(name, "not in " + shard);
                }
            }
            return checkpoint;
        } catch (Throwable e) {
            checkpoint.close();
            throw e;
        }
    }

    /**
     * Maps one file and adds its tensors.
     *
     * @param file the file as the user would find it
     * @param target the file without symbolic links
     * @return the names of its tensors, as they stand in the file
     */
    private List<String> map(Path file, Path target) {
        String fileName = file.toString();
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.READ)) {
            long fileBytes = channel.size();
            SafetensorsHeader header = SafetensorsHeader.read(channel, fileBytes, fileName);
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, fileBytes, arena);
            mappedFiles.add(MappedFile.of(file, target, bytes));
            List<String> storedNames = new ArrayList<>();
            for (SafetensorsHeader.Entry entry : header.tensors()) {
                MemorySegment data = bytes.asSlice(entry.begin(), entry.end() - entry.begin());
                add(new MappedTensor(fileName, entry.name(), entry.dtype(), entry.shape(), data));
                storedNames.add(entry.name());
            }
            checkFormat(WeightFormat.of(header.metadata(), fileName), fileName);
            header.metadata().forEach(metadata::putIfAbsent);
            shards.add(new ShardFile(file, fileBytes, storedNames.size()));
            return storedNames;
        } catch (IOException e) {
            throw ModelFormatException.unreadable(file, e);
        }
    }

    /** All shards of a folder must have the same format. */
    private void checkFormat(Optional<WeightFormat> found, String file) {
        if (shards.isEmpty()) format = found;
        if (found.equals(format)) return;
        throw new ModelFormatException(file, "__metadata__." + WeightFormat.SCHEME, "expected " + label(format)
                + " as in " + shards.getFirst().path().getFileName() + ", found " + label(found));
    }

    private static String label(Optional<WeightFormat> format) {
        return format.map(WeightFormat::label).orElse("none");
    }

    private void add(MappedTensor tensor) {
        MappedTensor other = tensors.putIfAbsent(names.canonical(tensor.name()), tensor);
        if (other != null) {
            throw new ModelFormatException(tensor.file(), tensor.name(),
                    "the same tensor as " + new Json.Text(other.name()) + " in " + other.file());
        }
    }

    /** Computes one row of a tensor. */
    @FunctionalInterface
    public interface RowFunction {
        /**
         * @param out one number for each column; anything may be in it before
         */
        void compute(int row, float[] out);
    }

    /** Runs the rows of a tensor, on as many threads as it likes. */
    @FunctionalInterface
    public interface RowRunner {
        /** Calls the task for ranges that together are 0 to {@code rows} and returns when all have ended. */
        void run(int rows, RowRange task);
    }

    /** Processes the rows from (inclusive) to (exclusive). */
    @FunctionalInterface
    public interface RowRange {
        void run(int from, int to);
    }

    /**
     * Replaces a tensor of floats by one of the same name, type and shape in memory of this checkpoint. {@link #tensors} and {@link
     * #weights} have the new one from then on. Not while another thread reads tensors.
     *
     * @param name canonical
     * @param rows the new values, rounded to the tensor's type
     */
    public void replace(String name, RowFunction rows, RowRunner runner) {
        MappedTensor old = tensors.get(name);
        MemorySegment bytes = arena.allocate(old.bytes().byteSize(), Long.BYTES);
        MappedTensor replacement = new MappedTensor(old.file(), old.name(), old.dtype(), old.shape(), bytes);
        runner.run(old.rows(), (from, to) -> {
            float[] row = new float[old.cols()];
            for (int i = from; i < to; i++) {
                rows.compute(i, row);
                FloatCodec.encode(old.dtype(), row, 0, row.length, replacement.row(i));
            }
        });
        tensors.put(name, new MappedTensor(old.file(), old.name(), old.dtype(), old.shape(), bytes.asReadOnly()));
    }

    /** All tensors, with the root as scope. */
    public Weights weights() {
        return new Weights(source, Collections.unmodifiableMap(tensors), this::formatOfWeight, format);
    }

    /** All tensors by canonical name: shards by file name, and within a file in the order of the data. */
    public Map<String, MappedTensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    /** The metadata entries of the files; if shards contradict each other, the first one counts. */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    /** The folder's quantization scheme; empty if it was not written by quantising. */
    public Optional<QuantizationScheme> quantization() {
        return format.map(WeightFormat::scheme);
    }

    /** How the folder's operands of matrix products are stored; empty if they are floats in rows. */
    public Optional<WeightFormat> format() {
        return format;
    }

    /**
     * The quantization scheme of one tensor; empty if it is stored as floats.
     *
     * @param name canonical, of the codes or of their scales
     */
    public Optional<QuantizationScheme> quantizationOf(String name) {
        String weight = QuantizationScheme.nameWithoutScales(name);
        MappedTensor codes = tensors.get(weight);
        if (codes == null) return Optional.empty();
        return formatOfWeight(weight).map(WeightFormat::scheme).filter(scheme -> scheme.isInteger() && scheme.dtype() == codes.dtype());
    }

    private Optional<WeightFormat> formatOfWeight(String name) {
        return format.flatMap(found -> found.forWeight(names.isTable(name)));
    }

    /** Bytes of all tensors together, without headers. */
    public long totalBytes() {
        return tensors.values().stream().mapToLong(tensor -> tensor.bytes().byteSize()).sum();
    }

    /** The mapped files, in the order of {@link #tensors}. */
    public List<ShardFile> shards() {
        return Collections.unmodifiableList(shards);
    }

    /**
     * Checks that no file was written to since it was mapped. If this succeeds, everything read so far was valid.
     *
     * @throws ModelFormatException if a file was written to
     */
    public void check() {
        for (MappedFile file : mappedFiles) file.check();
    }

    /**
     * Hashes the mapped bytes of all files and compares each with the SHA-256 recorded for it: a line of {@code SHA256SUMS}
     * next to it, or the digest that a Hugging Face cache or download keeps.
     *
     * @param progress called with the number of bytes hashed so far, over all files
     * @throws ModelFormatException if a file differs, or nothing is recorded for it
     * @throws java.util.concurrent.CancellationException if the thread is interrupted
     */
    public void verify(LongConsumer progress) {
        long previousBytes = 0;
        for (MappedFile file : mappedFiles) {
            long start = previousBytes;
            file.verify(done -> progress.accept(start + done));
            previousBytes += file.mapped().byteSize();
        }
    }

    /**
     * Converts an error that occurred while tensors were read. A fault in mapped memory names neither file nor reason.
     *
     * @return a {@link ModelFormatException} to throw if the error is such a fault; any other error is thrown here
     * @throws ModelFormatException if a file was written to
     */
    public RuntimeException explained(InternalError error) {
        check();
        if (!String.valueOf(error.getMessage()).contains("unsafe memory access")) throw error;
        return new ModelFormatException(source, "", "can no longer be read: its disk or network failed, or it was cut short", error);
    }

    /** Unmaps the files. Closing again has no effect. A thread that still reads gets an {@link IllegalStateException}. */
    @Override
    public synchronized void close() {
        if (arena.scope().isAlive()) arena.close();
    }
}
