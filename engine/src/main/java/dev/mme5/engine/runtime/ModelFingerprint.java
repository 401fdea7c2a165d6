package dev.mme5.engine.runtime;

import dev.mme5.engine.Options;
import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.Checkpoint;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.file.ModelFolder;
import dev.mme5.weights.file.Sha256;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells models apart whose vectors must not be compared: SHA-256 over the small files of the folder, the options that change
 * vectors, and name, type, shape and three samples of every tensor.
 *
 * <p>Reading 20 GB at every start would take longer than most searches, so tensors are sampled. Training and merging change
 * whole tensors and quantising changes their types, so a sample sees them; a patch of some rows in the middle of one it misses.
 */
public final class ModelFingerprint {
    /** Grows when the engine itself comes to compute other vectors from the same files. */
    private static final String VERSION = "mme5 vectors 1";

    private static final List<String> FILES =
            List.of("config.json", "preprocessor_config.json", "tokenizer.json", "tokenizer_config.json");

    /** Never read for an embedding; many folders come without. */
    private static final String UNUSED = "lm_head.";

    private static final int SAMPLE_BYTES = 256;

    private final Path folder;
    private final Checkpoint checkpoint;
    private final Options options;
    private final int maxTokens;
    private String digits;

    /** @param maxTokens the limit in force, be it the model's own or the options' */
    public ModelFingerprint(Path folder, Checkpoint checkpoint, Options options, int maxTokens) {
        this.folder = folder;
        this.checkpoint = checkpoint;
        this.options = options;
        this.maxTokens = maxTokens;
    }

    public String modelName() {
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return name == null ? folder.toString() : name.toString();
    }

    /** Computed when it is first asked for: most uses of a model never do. */
    public synchronized String digits() {
        if (digits == null) digits = compute();
        return digits;
    }

    private String compute() {
        Sha256 sha = new Sha256();
        update(sha, VERSION);
        update(sha, "max_tokens %d exif %b single_bos %b".formatted(maxTokens, options.applyExif(), options.dropDuplicateBos()));
        for (String name : FILES) {
            byte[] content = read(folder.resolve(name));
            update(sha, name + " " + content.length);
            sha.update(content);
        }
        for (Map.Entry<String, MappedTensor> entry : new TreeMap<>(checkpoint.tensors()).entrySet()) {
            if (entry.getKey().contains(UNUSED)) continue;
            MappedTensor tensor = entry.getValue();
            update(sha, entry.getKey() + " " + tensor.dtype() + " " + tensor.shape());
            MemorySegment bytes = tensor.bytes();
            long last = Math.max(0, bytes.byteSize() - SAMPLE_BYTES);
            for (long at : new long[] {0, last / 2, last}) {
                sha.update(bytes.asSlice(at, Math.min(SAMPLE_BYTES, bytes.byteSize())).asByteBuffer());
            }
        }
        return sha.hex();
    }

    /** Length first, so that no two sequences of texts have the same bytes. */
    private static void update(Sha256 sha, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(utf8.length).flip());
        sha.update(utf8);
    }

    private static byte[] read(Path file) {
        try {
            if (!Files.exists(file)) return new byte[0];   // tokenizer_config.json may be missing
            return Files.readAllBytes(ModelFolder.checkedInItsFolder(file));
        } catch (IOException e) {
            throw new ModelFormatException(file.toString(), "", "cannot be read: " + e.getMessage(), e);
        }
    }
}
