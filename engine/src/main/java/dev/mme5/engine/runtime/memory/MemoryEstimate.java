package dev.mme5.engine.runtime.memory;

import dev.mme5.engine.family.ModelArchitecture;
import dev.mme5.engine.family.PassMemory;
import dev.mme5.engine.kernel.gemm.PackingLimits;
import dev.mme5.engine.kernel.int4.Int4PackingLimits;
import dev.mme5.json.JsonReader;
import dev.mme5.weights.QuantizationScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Bytes of heap that runs of a model need, computed from its configuration, the size of its tokenizer.json and the scheme of its weights
 * alone, before anything large is read. Weights are mapped and need none, but for copies that {@link MemoryCheck#withCopies} accepts.
 *
 * @param pass what the family's forward pass takes
 * @param tokenizerBytes heap for reading the tokenizer; once it is read it holds less
 * @param maxTokens the model's own limit
 * @param scheme how the weights are quantised, if they are
 * @param threads threads that compute: each has working buffers of its own
 * @param mergedBytes memory outside the heap for weights that are computed when the model is opened
 * @param copiedBytes heap for copies of weights, which an open model holds
 */
public record MemoryEstimate(
        PassMemory pass, long tokenizerBytes, int maxTokens, Optional<QuantizationScheme> scheme, int threads, long mergedBytes,
        long copiedBytes) {
    /** Held by Java and the engine themselves. */
    private static final long FIXED = 8L << 20;

    /**
     * Working buffers of the kernels for one thread: 0.57 MB for many tokens or weights in rows, two of 0.2 MB for few tokens and panels or
     * two of 0.36 MB for 4 bits, and up to 0.5 MB for attention. What a thread has for chunks of tokens, where weights are copied, is
     * counted apart ({@link PassMemory#bytesOfThread}).
     */
    private static final long PER_THREAD = 2L << 20;

    private static final String TOKENIZER = "tokenizer.json";

    /**
     * Reading the tokenizer, for each byte of its file. In heaps that just suffice it takes 3.6 for the 6 MB of Llama 3, with 128,257
     * tokens and 280,147 merges, and 2 if they are indented; 2.7 and 1.9 for a Unigram of 250,000 pieces in 9 and 17 MB; 3.3 for a
     * WordPiece of 119,547 tokens in 3 MB. So the margin is 10 % at least. A file of an unusual form, which is read through a tree of JSON
     * values, takes up to 20.
     */
    private static final long PER_TOKENIZER_BYTE = 4;

    /** Red, green and blue twice: as they are in the file, and resized or rotated. */
    private static final long PER_PIXEL = 6;

    private static final int MIN_BATCH_TOKENS = 32;

    /**
     * The estimate of a model.
     *
     * @param folder has its tokenizer
     */
    public static MemoryEstimate of(Path folder, ModelArchitecture model, Optional<QuantizationScheme> scheme, int threads) {
        return new MemoryEstimate(model.passMemory(), tokenizerBytes(folder), model.maxTokens(), scheme, threads, 0, 0);
    }

    /** Bytes of heap in which the tokenizer of a folder can be read, if nothing else is open. */
    public static long toReadTokenizer(Path folder) {
        return FIXED + tokenizerBytes(folder);
    }

    private static long tokenizerBytes(Path folder) {
        try {
            long bytes = Files.size(folder.resolve(TOKENIZER));
            return bytes > JsonReader.MAX_BYTES ? 0 : PER_TOKENIZER_BYTE * bytes;   // a larger one is refused before it is read
        } catch (IOException e) {
            return 0;   // refused when it is read
        }
    }

    /** The same with weights that are computed when the model is opened. */
    public MemoryEstimate withMergedBytes(long bytes) {
        return new MemoryEstimate(pass, tokenizerBytes, maxTokens, scheme, threads, bytes, copiedBytes);
    }

    /** The same with copies of weights on the heap. */
    MemoryEstimate withCopiedBytes(long bytes) {
        return new MemoryEstimate(pass, tokenizerBytes, maxTokens, scheme, threads, mergedBytes, bytes);
    }

    /** Bytes that an open model holds, whatever it runs. */
    public long open() {
        long perThread = PER_THREAD + (copiedBytes == 0 ? 0 : pass.bytesOfThread());
        return FIXED + perThread * threads + tokenizerBytes + copiedBytes;
    }

    /** Bytes held between passes: the open model, and what matmuls retain. */
    public long idle() {
        return open() + retained(PackingLimits.MAX_TOKENS, pass.maxWidth(1));
    }

    /** Bytes for a text, the open model included. */
    public long text(long tokens) {
        return prompt(tokens, 0);
    }

    /** Bytes for a prompt about images, each the largest that the model takes; the open model included. */
    public long prompt(long tokens, int images) {
        return open() + retained(pass.maxRows(tokens, images), pass.maxWidth(images)) + pass.preparedBytes(images)
                + pass.bytes(tokens, 1, images);
    }

    /** Of those, the bytes that are taken during the pass alone. */
    public long pass(long tokens, int images) {
        return pass(tokens, 1, images);
    }

    /** The same for several sequences, packed. */
    public long pass(long tokens, long sequences, int images) {
        return pass.bytes(tokens, sequences, images);
    }

    /** The bytes for prompts that go through the model together: as {@link #prompt}. */
    long together(long tokens, long sequences, int images) {
        return prompt(tokens, images) - pass(tokens, images) + pass(tokens, sequences, images);
    }

    /**
     * Bytes for decoding an image of three channels that is then made smaller; the open model included, the image's file not. During
     * a pass the next image is decoded only if the heap holds both.
     */
    public long decoding(long pixels) {
        return idle() + PER_PIXEL * pixels;
    }

    /** Bytes that matmuls retain for rows of that width: packed activations and, for int4, their codes. Some weights may not be int4. */
    private long retained(long rows, int width) {
        boolean int4 = scheme.filter(QuantizationScheme.INT4::equals).isPresent();
        return PackingLimits.retainedBytes(rows, width) + (int4 ? Int4PackingLimits.retainedBytes(rows, width) : 0);
    }

    /** How many tokens of texts should go through the model in one pass where the heap has that many bytes: a power of two. */
    public int batchTokens(long heapBytes) {
        int tokens = pass.maxBatchTokens();
        while (tokens > MIN_BATCH_TOKENS && text(tokens) > heapBytes / 4 * 3) tokens /= 2;
        return tokens;
    }
}
