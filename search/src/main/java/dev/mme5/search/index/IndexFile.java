package dev.mme5.search.index;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.json.Json;
import dev.mme5.json.JsonReader;
import dev.mme5.json.ModelFormatException;
import dev.mme5.json.SafeText;
import dev.mme5.search.index.IndexFileException.Problem;
import dev.mme5.weights.Checkpoint;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.Shape;
import dev.mme5.weights.file.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An index file, mapped and checked. It is a safetensors file with three tensors: {@code embeddings} F32 [documents,
 * dimensions]; {@code codes} U8 [documents, ceil(dimensions / 8)], the signs of the embeddings; {@code documents} U8, one line of
 * JSON for each document. The embeddings themselves are not checked, because reading all of them could take minutes.
 *
 * @param entries one for each row of vectors
 * @param vectors [documents, dimensions], little-endian floats
 * @param codes the signs of the vectors
 * @param checkpoint the mapping, closed with this; null for the empty index
 */
public record IndexFile(List<IndexEntry> entries, MemorySegment vectors, SignBits codes, Checkpoint checkpoint) implements AutoCloseable {
    static final String FORMAT = "mme5-index";
    static final String VERSION = "2";
    static final String EMBEDDINGS = "embeddings";
    static final String CODES = "codes";
    static final String DOCUMENTS = "documents";

    private static final int MAX_LINE_BYTES = 1 << 20;
    private static final int SHORT_FINGERPRINT = 12;

    /** A damaged file is recognised as an index by its first bytes. */
    private static final int HEAD_BYTES = 4096;

    /** The index without documents. It has no file. */
    public static IndexFile empty() {
        return new IndexFile(List.of(), MemorySegment.NULL, new SignBits(MemorySegment.NULL, 1), null);
    }

    /**
     * Opens an index made with this model.
     *
     * @throws IndexFileException if it is damaged, no index, or belongs to another model
     */
    public static IndexFile open(Path file, EmbeddingModel model) {
        Checkpoint checkpoint;
        try {
            checkpoint = Checkpoint.openFile(file);
        } catch (ModelFormatException e) {
            if (e.getCause() instanceof IOException && !(e.getCause() instanceof NoSuchFileException))
                throw new IndexFileException(Problem.NOT_READABLE, e.getMessage(), e);
            throw damaged(e.getMessage(), e);
        }
        try {
            requireOwn(file, checkpoint.metadata(), model);
            Map<String, MappedTensor> tensors = checkpoint.tensors();
            MappedTensor embeddings = tensors.get(EMBEDDINGS);
            MappedTensor codes = tensors.get(CODES);
            MappedTensor documents = tensors.get(DOCUMENTS);
            if (tensors.size() != 3 || embeddings == null || codes == null || documents == null) {
                throw damaged(file + ": expected the tensors embeddings, codes and documents, found " + tensors.keySet(), null);
            }
            long[] dims = embeddings.shape().dims();
            boolean fits = dims.length == 2 && dims[1] == model.dimensions() && dims[0] <= Integer.MAX_VALUE;
            if (embeddings.dtype() != DType.F32 || !fits) {
                throw damaged("%s: embeddings: expected F32 [documents, %d], found %s %s"
                        .formatted(file, model.dimensions(), embeddings.dtype(), embeddings.shape()), null);
            }
            int codeBytes = SignBits.rowBytes(model.dimensions());
            if (codes.dtype() != DType.U8 || !codes.shape().equals(new Shape(dims[0], codeBytes))) {
                throw damaged("%s: codes: expected U8 [%d, %d], found %s %s"
                        .formatted(file, dims[0], codeBytes, codes.dtype(), codes.shape()), null);
            }
            if (documents.dtype() != DType.U8 || documents.shape().dims().length != 1) {
                throw damaged("%s: documents: expected U8 [bytes], found %s %s"
                        .formatted(file, documents.dtype(), documents.shape()), null);
            }
            List<IndexEntry> entries = entries(file, documents.bytes(), (int) dims[0]);
            return new IndexFile(entries, embeddings.bytes(), new SignBits(codes.bytes(), codeBytes), checkpoint);
        } catch (ModelFormatException e) {
            checkpoint.close();
            throw damaged(e.getMessage(), e);
        } catch (Throwable e) {
            checkpoint.close();
            throw e;
        }
    }

    private static void requireOwn(Path file, Map<String, String> metadata, EmbeddingModel model) {
        if (!FORMAT.equals(metadata.get("format"))) {
            throw new IndexFileException(Problem.NOT_OURS, file + ": is not an index of mme5", null);
        }
        if (!VERSION.equals(metadata.get("version"))) {
            throw new IndexFileException(Problem.OTHER_VERSION, file + ": was written by another version of mme5", null);
        }
        String fingerprint = metadata.getOrDefault("fingerprint", "");
        if (!Sha256.isHex(fingerprint)) throw damaged(file + ": fingerprint: expected 64 hexadecimal digits", null);
        if (fingerprint.equals(model.fingerprint())) return;
        List<String> differences = IndexOptions.differences(metadata, model);
        if (!differences.isEmpty() && model.name().equals(metadata.get("model"))) {
            throw new IndexFileException(Problem.OTHER_OPTIONS,
                    "%s: was made with other options: %s".formatted(file, SafeText.line(String.join("; ", differences))), null);
        }
        boolean hasOptions = metadata.containsKey(IndexOptions.MAX_TOKENS); // earlier versions did not write them
        boolean sameName = model.name().equals(metadata.get("model")); // a version that computes other vectors has another fingerprint
        throw new IndexFileException(Problem.OTHER_MODEL,
                "%s: was made with %s%s: %s (%s), not %s (%s)".formatted(
                        file,
                        hasOptions && differences.isEmpty() ? "another model" : "another model or other options",
                        sameName ? ", or by another version of mme5" : "",
                        new Json.Text(metadata.getOrDefault("model", "")),
                        fingerprint.substring(0, SHORT_FINGERPRINT),
                        new Json.Text(model.name()),
                        model.fingerprint().substring(0, SHORT_FINGERPRINT)),
                null);
    }

    private static List<IndexEntry> entries(Path file, MemorySegment lines, int expected) {
        List<IndexEntry> entries = new ArrayList<>();
        long start = 0;
        while (start < lines.byteSize()) {
            String source = "%s: documents: line %d".formatted(file, entries.size() + 1);
            long end = start;
            while (end < lines.byteSize() && lines.get(ValueLayout.JAVA_BYTE, end) != '\n') end++;
            if (end == lines.byteSize()) throw damaged(source + ": does not end", null);
            if (end - start > MAX_LINE_BYTES) throw damaged(source + ": is longer than " + MAX_LINE_BYTES + " bytes", null);
            byte[] line = lines.asSlice(start, end - start).toArray(ValueLayout.JAVA_BYTE);
            if (entries.size() == expected) {
                throw damaged("%s: documents: expected a line for each of %d embeddings, found more".formatted(file, expected), null);
            }
            entries.add(IndexEntry.fromJson(JsonReader.parseObject(line, source)));
            start = end + 1;
        }
        if (entries.size() != expected) {
            throw damaged("%s: documents: expected a line for each of %d embeddings, found %d"
                    .formatted(file, expected, entries.size()), null);
        }
        return entries;
    }

    /** The exception for an index whose content is wrong. */
    public static IndexFileException damaged(String problem, Exception cause) {
        return new IndexFileException(Problem.DAMAGED, problem, cause);
    }

    /** Whether an index may be written to the file: it does not exist, is empty, or begins like an index. */
    public static boolean mayReplace(Path file) {
        if (!Files.exists(file)) return true;
        try {
            return Files.isRegularFile(file) && (Files.size(file) == 0 || isIndex(file));
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether a file begins like an index, of any model and version. */
    public static boolean isIndex(Path file) {
        if (!Files.isRegularFile(file)) return false;
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(HEAD_BYTES), StandardCharsets.ISO_8859_1).contains(FORMAT);
        } catch (IOException e) {
            return false;
        }
    }

    public int size() {
        return entries.size();
    }

    @Override
    public void close() {
        if (checkpoint != null) checkpoint.close();
    }
}
