package dev.mme5.engine.runtime;

import dev.mme5.engine.family.ModelFamily;
import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.Checkpoint;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.Shape;
import dev.mme5.weights.file.ModelFolder;
import dev.mme5.weights.file.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * A digest that two models share if their vectors may be compared: SHA-256 over the family's version of vectors, the small files of the
 * folder, the options that change vectors, and name, type, shape and three samples of every tensor.
 *
 * <p>Because reading 20 GB at every start would take longer than most searches, tensors are sampled. Training and merging
 * change whole tensors and quantising changes their types, so a sample differs; a patch of some rows in the middle of a tensor
 * goes unnoticed.
 *
 * <p>A weight in panels counts as the same weight in rows, which is what vectors depend on: a folder of bf16 panels has the
 * fingerprint of its source.
 */
final class ModelFingerprint {
    private static final int SAMPLE_BYTES = 256;

    private final Path folder;
    private final ModelFamily family;
    private final Checkpoint checkpoint;
    private final Map<String, PanelTensor> panels;
    private final RuntimeOptions options;
    private final int maxTokens;
    private String hex;

    /**
     * @param panels the weights that are stored in panels, by name
     * @param maxTokens the limit in force, the model's own or the options'
     */
    ModelFingerprint(Path folder, ModelFamily family, Checkpoint checkpoint, Map<String, PanelTensor> panels, RuntimeOptions options,
            int maxTokens) {
        this.folder = folder;
        this.family = family;
        this.checkpoint = checkpoint;
        this.panels = panels;
        this.options = options;
        this.maxTokens = maxTokens;
    }

    /** 64 hexadecimal digits; computed when first asked for, as most uses of a model never do. */
    synchronized String hex() {
        if (hex == null) hex = compute();
        return hex;
    }

    private String compute() {
        Sha256 sha = new Sha256();
        update(sha, "mme5 vectors " + family.vectorsVersion());
        update(sha, "max_tokens " + maxTokens + " exif " + options.applyExif() + " single_bos " + options.dropDuplicateBos());
        for (String name : family.files().read()) update(sha, name, read(folder.resolve(name)));
        for (String name : family.files().optional()) {
            byte[] content = family.reads(folder, name) ? read(folder.resolve(name)) : new byte[0];
            if (content.length > 0) update(sha, name, content);
        }
        for (Map.Entry<String, MappedTensor> entry : new TreeMap<>(checkpoint.tensors()).entrySet()) {
            if (family.unusedPartOf(entry.getKey()).isPresent()) continue;
            MappedTensor tensor = entry.getValue();
            PanelTensor inPanels = panels.get(entry.getKey());
            Shape shape = inPanels == null ? tensor.shape() : new Shape(inPanels.rows(), inPanels.cols());
            update(sha, entry.getKey() + " " + tensor.dtype() + " " + shape);
            long size = tensor.dtype().bytes(shape);
            long last = Math.max(0, size - SAMPLE_BYTES);
            for (long offset : new long[] {0, last / 2, last}) {
                long count = Math.min(SAMPLE_BYTES, size);
                sha.update(inPanels == null ? tensor.bytes().asSlice(offset, count).asByteBuffer() : inRows(inPanels, offset, (int) count));
            }
        }
        return sha.hex();
    }

    /** The bytes from that offset on that the weight has in rows of BF16. */
    private static ByteBuffer inRows(PanelTensor weight, long offset, int count) {
        int cols = weight.cols();
        long firstRow = offset / Short.BYTES / cols;
        long rows = (offset + count - 1) / Short.BYTES / cols - firstRow + 1;
        float[] row = new float[cols];
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(rows * cols * Short.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        for (long i = firstRow; i < firstRow + rows; i++) {
            weight.widen(i, row, 0);
            for (float value : row) bytes.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
        }
        return bytes.slice((int) (offset - firstRow * cols * Short.BYTES), count);
    }

    private static void update(Sha256 sha, String name, byte[] content) {
        update(sha, name + " " + content.length);
        sha.update(content);
    }

    /** Length first, so that no two sequences of texts have the same bytes. */
    private static void update(Sha256 sha, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(utf8.length).flip());
        sha.update(utf8);
    }

    private static byte[] read(Path file) {
        try {
            if (!Files.exists(file)) return new byte[0]; // not every file must be there
            return Files.readAllBytes(ModelFolder.checkedInItsFolder(file));
        } catch (IOException e) {
            throw new ModelFormatException(file.toString(), "", "cannot be read: " + e.getMessage(), e);
        }
    }
}
