package dev.mme5.engine;

import dev.mme5.engine.runtime.KernelSelection;
import dev.mme5.engine.runtime.RuntimeOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * How a model is run. Immutable: start from {@link #defaults} and change what is needed.
 *
 * {@snippet :
 * Options options = Options.defaults().withThreads(4).withMaxTokens(512);
 * }
 */
public final class Options {
    /** Pillow's limit against decompression bombs, twice its warning threshold. */
    public static final long DEFAULT_MAX_PIXELS = 178_956_970;

    /** Most threads: more than the processors of any machine. Each takes memory. */
    public static final int MAX_THREADS = 1024;

    private final int threads;
    private final KernelChoice kernels;
    private final int maxTokens;
    private final boolean refuseTooLong;
    private final long maxPixels;
    private final boolean dropDuplicateBos;
    private final boolean applyExif;
    private final long imageCacheBytes;
    private final long prefixCacheBytes;
    private final boolean verify;
    private final Duration maxWait;
    private final int maxWaiting;

    /** Values on their way into an instance. */
    private static final class Draft {
        private int threads = Math.min(Runtime.getRuntime().availableProcessors(), MAX_THREADS);
        private KernelChoice kernels = KernelChoice.AUTO;
        private int maxTokens;
        private boolean refuseTooLong;
        private long maxPixels = DEFAULT_MAX_PIXELS;
        private boolean dropDuplicateBos;
        private boolean applyExif;
        private long imageCacheBytes = Runtime.getRuntime().maxMemory() / 8;
        private long prefixCacheBytes = Runtime.getRuntime().maxMemory() / 16;
        private boolean verify;
        private Duration maxWait;
        private int maxWaiting;
    }

    private Options(Draft draft) {
        threads = draft.threads;
        kernels = draft.kernels;
        maxTokens = draft.maxTokens;
        refuseTooLong = draft.refuseTooLong;
        maxPixels = draft.maxPixels;
        dropDuplicateBos = draft.dropDuplicateBos;
        applyExif = draft.applyExif;
        imageCacheBytes = draft.imageCacheBytes;
        prefixCacheBytes = draft.prefixCacheBytes;
        verify = draft.verify;
        maxWait = draft.maxWait;
        maxWaiting = draft.maxWaiting;
    }

    private Options changed(Consumer<Draft> change) {
        Draft draft = new Draft();
        draft.threads = threads;
        draft.kernels = kernels;
        draft.maxTokens = maxTokens;
        draft.refuseTooLong = refuseTooLong;
        draft.maxPixels = maxPixels;
        draft.dropDuplicateBos = dropDuplicateBos;
        draft.applyExif = applyExif;
        draft.imageCacheBytes = imageCacheBytes;
        draft.prefixCacheBytes = prefixCacheBytes;
        draft.verify = verify;
        draft.maxWait = maxWait;
        draft.maxWaiting = maxWaiting;
        change.accept(draft);
        return new Options(draft);
    }

    /**
     * All processors, the best kernels there are, the model's own limits, an eighth of the heap for image states, a sixteenth for keys and
     * values of equal beginnings, no limit of waiting.
     */
    public static Options defaults() {
        return new Options(new Draft());
    }

    /** Threads that compute, the calling one included; 1 to {@link #MAX_THREADS}. Default: the number of processors. */
    public int threads() {
        return threads;
    }

    /**
     * The same with other {@link #threads}.
     *
     * @throws IllegalArgumentException when less than 1 or more than {@link #MAX_THREADS}
     */
    public Options withThreads(int threads) {
        requireAtLeast(1, threads, "threads");
        if (threads > MAX_THREADS) throw new IllegalArgumentException("threads is " + threads + ", expected at most " + MAX_THREADS);
        return changed(draft -> draft.threads = threads);
    }

    /** Which implementation of the arithmetic. Default: {@link KernelChoice#AUTO}. */
    public KernelChoice kernels() {
        return kernels;
    }

    /** The same with other {@link #kernels}. */
    public Options withKernels(KernelChoice kernels) {
        Objects.requireNonNull(kernels, "kernels");
        return changed(draft -> draft.kernels = kernels);
    }

    /** The longest input in tokens; 0, the default, for the model's own limit, which is also the upper one. */
    public int maxTokens() {
        return maxTokens;
    }

    /**
     * The same with another limit of {@link #maxTokens}. A longer text of a model that also puts special tokens after texts is refused
     * where the limit leaves no room for text beside them.
     *
     * @throws IllegalArgumentException when negative
     */
    public Options withMaxTokens(int maxTokens) {
        requireAtLeast(0, maxTokens, "maxTokens");
        return changed(draft -> draft.maxTokens = maxTokens);
    }

    /** Whether an input of more than the limit of tokens is refused. By default, its end is cut off, as the reference does. */
    public boolean refuseTooLong() {
        return refuseTooLong;
    }

    /** The same with {@link #refuseTooLong} or without. */
    public Options withRefuseTooLong(boolean refuseTooLong) {
        return changed(draft -> draft.refuseTooLong = refuseTooLong);
    }

    /** The largest image, in pixels. Default: {@link #DEFAULT_MAX_PIXELS}. */
    public long maxPixels() {
        return maxPixels;
    }

    /**
     * The same with another limit of {@link #maxPixels}.
     *
     * @throws IllegalArgumentException when less than 1
     */
    public Options withMaxPixels(long maxPixels) {
        requireAtLeast(1, maxPixels, "maxPixels");
        return changed(draft -> draft.maxPixels = maxPixels);
    }

    /**
     * Whether to leave out the begin-of-text token that the tokenizer's post-processor puts in front of a prompt that has one already. By
     * default, both are kept, as the reference does.
     */
    public boolean dropDuplicateBos() {
        return dropDuplicateBos;
    }

    /** The same with {@link #dropDuplicateBos} or without. */
    public Options withDropDuplicateBos(boolean dropDuplicateBos) {
        return changed(draft -> draft.dropDuplicateBos = dropDuplicateBos);
    }

    /** Whether to rotate images by their EXIF orientation. By default it is ignored, as the reference does. */
    public boolean applyExif() {
        return applyExif;
    }

    /** The same with {@link #applyExif} or without. */
    public Options withApplyExif(boolean applyExif) {
        return changed(draft -> draft.applyExif = applyExif);
    }

    /** Bytes of heap that may hold the states of images for later prompts about the same image. Default: an eighth of the heap. */
    public long imageCacheBytes() {
        return imageCacheBytes;
    }

    /**
     * The same with another limit of {@link #imageCacheBytes}; 0 for no cache.
     *
     * @throws IllegalArgumentException when negative
     */
    public Options withImageCacheBytes(long imageCacheBytes) {
        requireAtLeast(0, imageCacheBytes, "imageCacheBytes");
        return changed(draft -> draft.imageCacheBytes = imageCacheBytes);
    }

    /**
     * Bytes of heap that may hold keys and values of beginnings of texts that came again, such as an instruction, so that a later text
     * with the same beginning computes only its own words. Default: a sixteenth of the heap.
     */
    public long prefixCacheBytes() {
        return prefixCacheBytes;
    }

    /**
     * The same with another limit of {@link #prefixCacheBytes}; 0 for no cache.
     *
     * @throws IllegalArgumentException when negative
     */
    public Options withPrefixCacheBytes(long prefixCacheBytes) {
        requireAtLeast(0, prefixCacheBytes, "prefixCacheBytes");
        return changed(draft -> draft.prefixCacheBytes = prefixCacheBytes);
    }

    /**
     * Whether opening hashes the weights and compares them with the SHA-256 recorded for each file: in a line of {@code SHA256SUMS} in the
     * same folder, as {@code sha256sum} writes it, or in a Hugging Face cache or download. Takes as long as reading them. Default: false.
     */
    public boolean verify() {
        return verify;
    }

    /** The same with {@link #verify} or without. */
    public Options withVerify(boolean verify) {
        return changed(draft -> draft.verify = verify);
    }

    /**
     * How long a call may wait for other calls before it ends with a {@link BusyException}, all its waits together: a call with many inputs
     * may wait before each of its passes. Computing does not count. Null, the default: as long as it takes.
     */
    public Duration maxWait() {
        return maxWait;
    }

    /**
     * The same with another limit of {@link #maxWait}.
     *
     * @param maxWait zero for calls that wait for no other; null for no limit
     * @throws IllegalArgumentException when negative
     */
    public Options withMaxWait(Duration maxWait) {
        if (maxWait != null && maxWait.isNegative()) throw new IllegalArgumentException("maxWait is " + maxWait);
        return changed(draft -> draft.maxWait = maxWait);
    }

    /** How many calls may wait at once, before another one ends with a {@link BusyException}; 0, the default, for any number. */
    public int maxWaiting() {
        return maxWaiting;
    }

    /**
     * The same with another limit of {@link #maxWaiting}.
     *
     * @throws IllegalArgumentException when negative
     */
    public Options withMaxWaiting(int maxWaiting) {
        requireAtLeast(0, maxWaiting, "maxWaiting");
        return changed(draft -> draft.maxWaiting = maxWaiting);
    }

    private static void requireAtLeast(long min, long value, String name) {
        if (value < min) throw new IllegalArgumentException(name + " is " + value);
    }

    /** The same for the runtime. */
    RuntimeOptions forRuntime() {
        KernelSelection.Policy policy = switch (kernels) {
            case AUTO -> KernelSelection.Policy.AUTO;
            case VECTOR -> KernelSelection.Policy.VECTOR;
            case SCALAR -> KernelSelection.Policy.REFERENCE;
        };
        return new RuntimeOptions(
                threads, policy, maxTokens, refuseTooLong, maxPixels, dropDuplicateBos, applyExif, imageCacheBytes,
                prefixCacheBytes, verify, maxWait, maxWaiting);
    }

    private List<Object> values() {
        return Arrays.asList(threads, kernels, maxTokens, refuseTooLong, maxPixels, dropDuplicateBos, applyExif, imageCacheBytes,
                prefixCacheBytes, verify, maxWait, maxWaiting);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Options that && values().equals(that.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    @Override
    public String toString() {
        return ("Options[threads=%d, kernels=%s, maxTokens=%d, refuseTooLong=%s, maxPixels=%d, dropDuplicateBos=%s, applyExif=%s, "
                + "imageCacheBytes=%d, prefixCacheBytes=%d, verify=%s, maxWait=%s, maxWaiting=%d]").formatted(values().toArray());
    }
}
