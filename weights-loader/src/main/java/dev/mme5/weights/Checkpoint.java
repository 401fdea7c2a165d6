package dev.mme5.weights;

import dev.mme5.json.Json;
import dev.mme5.json.JsonObject;
import dev.mme5.json.ModelFolder;
import dev.mme5.json.ModelFormatException;
import dev.mme5.json.RegularFile;
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
 * A model's weights, mapped: one safetensors file or the shards of an index. Opening reads headers only; the system loads the
 * data when it is touched. Owns the mapping: every tensor it hands out is a view that dies with {@link #close}.
 *
 * <p>Names are normalised, so that both naming schemes of Mllama checkpoints, even mixed, read the same: a leading
 * {@code model.} is dropped, and then {@code language_model.model.} becomes {@code language_model.} (reference section 3).
 *
 * <p>The files must not be written to while they are open. The platform cannot prevent it: reading a page that is no longer
 * there is an {@link InternalError}, some instructions late, and one that was overwritten reads as it is now. {@link #check}
 * tells both. Files may be deleted, or replaced by a rename: what is mapped stays.
 */
public final class Checkpoint implements AutoCloseable {
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";

    private final Arena arena = Arena.ofShared();   // shared: worker threads read the weights
    private final String source;
    private final Map<String, MappedTensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final List<ShardFile> shards = new ArrayList<>();
    private final List<MappedFile> opened = new ArrayList<>();
    private Optional<QuantizationScheme> quantization = Optional.empty();

    private Checkpoint(String source) {
        this.source = source;
    }

    /**
     * Opens a model folder: {@code model.safetensors}, or else the shards that {@code model.safetensors.index.json} names. A
     * folder with both is read as the reference library reads it, the single file first.
     *
     * @throws ModelFormatException when the folder or a file in it cannot be used; nothing stays open
     */
    public static Checkpoint open(Path folder) {
        ModelFolder model = ModelFolder.of(folder);
        if (model.lists(SINGLE)) return openSingle(folder.resolve(SINGLE), model.checked(folder.resolve(SINGLE)), folder.toString());
        if (model.lists(INDEX)) return openShards(model, folder.resolve(INDEX));
        throw new ModelFormatException(folder.toString(), "", "expected " + SINGLE + " or " + INDEX + ", found neither");
    }

    /**
     * Opens one safetensors file, whatever its name; symbolic links are followed.
     *
     * @throws ModelFormatException when the file cannot be used; nothing stays open
     */
    public static Checkpoint openFile(Path file) {
        return openSingle(file, RegularFile.real(file), file.toString());
    }

    private static Checkpoint openSingle(Path file, Path target, String source) {
        Checkpoint checkpoint = new Checkpoint(source);
        try {
            checkpoint.map(file, target);
            return checkpoint;
        } catch (Throwable e) {
            checkpoint.close();
            throw e;
        }
    }

    private static Checkpoint openShards(ModelFolder model, Path index) {
        JsonObject weightMap = ModelFolder.readObject(index).object("weight_map");
        Checkpoint checkpoint = new Checkpoint(index.toString());
        try {
            Map<String, String> shardOf = new LinkedHashMap<>();   // by the tensor's name in the files
            for (String name : weightMap.keys()) shardOf.put(name, weightMap.text(name));
            Map<String, List<String>> namesIn = new LinkedHashMap<>();
            shardOf.forEach((name, shard) -> {
                model.file(shard, index, weightMap.place() + "." + name);
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
     * Maps one file and takes up its tensors.
     *
     * @param file as the user would find it
     * @param target the same without links
     * @return the names that the file holds, as they stand there
     */
    private List<String> map(Path file, Path target) {
        String shownAs = file.toString();
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.READ)) {
            long fileBytes = channel.size();
            SafetensorsHeader header = SafetensorsHeader.read(channel, fileBytes, shownAs);
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, fileBytes, arena);
            opened.add(MappedFile.of(file, target, bytes));
            List<String> names = new ArrayList<>();
            for (SafetensorsHeader.Entry entry : header.tensors()) {
                MemorySegment data = bytes.asSlice(entry.begin(), entry.end() - entry.begin());
                add(new MappedTensor(shownAs, entry.name(), entry.dtype(), entry.shape(), data));
                names.add(entry.name());
            }
            quantization(QuantizationScheme.of(header.metadata(), shownAs), shownAs);
            header.metadata().forEach(metadata::putIfAbsent);
            shards.add(new ShardFile(file, fileBytes, names.size()));
            return names;
        } catch (IOException e) {
            throw RegularFile.unreadable(file, e);
        }
    }

    /** Shards of one folder are quantised alike. */
    private void quantization(Optional<QuantizationScheme> found, String file) {
        if (shards.isEmpty()) quantization = found;
        if (found.equals(quantization)) return;
        throw new ModelFormatException(file, "__metadata__." + QuantizationScheme.SCHEME, "expected " + label(quantization)
                + " as in " + shards.getFirst().path().getFileName() + ", found " + label(found));
    }

    private static String label(Optional<QuantizationScheme> scheme) {
        return scheme.map(QuantizationScheme::label).orElse("none");
    }

    private void add(MappedTensor tensor) {
        MappedTensor other = tensors.putIfAbsent(normalised(tensor.name()), tensor);
        if (other != null) {
            throw new ModelFormatException(tensor.file(), tensor.name(),
                    "the same tensor as " + new Json.Text(other.name()) + " in " + other.file());
        }
    }

    /** A tensor's name in either naming scheme, without what the schemes differ in. */
    public static String normalised(String name) {
        String inner = name.startsWith("model.") ? name.substring("model.".length()) : name;
        return inner.startsWith("language_model.model.")
                ? "language_model." + inner.substring("language_model.model.".length())
                : inner;
    }

    /** The tensors from the root of their names. */
    public Weights weights() {
        return new Weights(source, Collections.unmodifiableMap(tensors), quantization);
    }

    /** All tensors by normalised name: shards by file name, and within a file in the order of the data. */
    public Map<String, MappedTensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    /** The files' own remarks; where shards contradict each other, the first one's. */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    /** How the folder is quantised; empty when its weights are floats. */
    public Optional<QuantizationScheme> quantization() {
        return quantization;
    }

    /**
     * The scheme of one tensor's integers; empty for floats.
     *
     * @param name normalised, of the integers or of their scales
     */
    public Optional<QuantizationScheme> quantizationOf(String name) {
        String weight = QuantizationScheme.ofScales(name);
        MappedTensor codes = tensors.get(weight);
        if (codes == null) return Optional.empty();
        return quantization.map(folder -> folder.ofWeight(weight)).filter(scheme -> scheme.dtype() == codes.dtype());
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
     * Looks whether a file was written to since it was mapped; if not, all that was read of it until now was right.
     *
     * @throws ModelFormatException when one was
     */
    public void check() {
        for (MappedFile file : opened) file.check();
    }

    /**
     * Hashes all files and compares each with the SHA-256 that was recorded for it: a line of {@code SHA256SUMS} beside it, or
     * what a Hugging Face cache or download keeps. What is hashed is what is mapped.
     *
     * @param progress told how many bytes of all files are done
     * @throws ModelFormatException when a file differs, or nothing was recorded for it
     * @throws java.util.concurrent.CancellationException when the thread is interrupted
     */
    public void verify(LongConsumer progress) {
        long before = 0;
        for (MappedFile file : opened) {
            long start = before;
            file.verify(done -> progress.accept(start + done));
            before += file.mapped().byteSize();
        }
    }

    /**
     * What to throw for an error that came out of reading the tensors: a fault in mapped memory says neither file nor reason.
     *
     * @return a {@link ModelFormatException} for a fault, else the error itself
     * @throws ModelFormatException when a file was written to
     */
    public RuntimeException explained(InternalError error) {
        check();
        if (!String.valueOf(error.getMessage()).contains("unsafe memory access")) throw error;
        return new ModelFormatException(source, "", "can no longer be read: its disk or network failed, or it was cut short", error);
    }

    /** Unmaps the files. Closing again does nothing. Threads that still read get an {@link IllegalStateException}. */
    @Override
    public synchronized void close() {
        if (arena.scope().isAlive()) arena.close();
    }
}
