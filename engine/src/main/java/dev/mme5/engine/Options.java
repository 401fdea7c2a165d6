package dev.mme5.engine;

import dev.mme5.engine.runtime.KernelSelection;
import dev.mme5.engine.runtime.RuntimeOptions;
import java.util.Objects;

/**
 * How a model is run. Start from {@link #defaults} and change what is needed.
 *
 * @param threads threads that compute, the calling one included; at least 1
 * @param kernels which implementation of the arithmetic
 * @param maxTokens longest input in tokens; 0 for the model's own limit
 * @param refuseTooLong whether an input of more than maxTokens is refused; otherwise its end is cut off, as the reference does
 * @param maxPixels largest image, in pixels; the default is Pillow's limit against decompression bombs
 * @param dropDuplicateBos whether to leave out the begin-of-text token that the tokenizer's post-processor puts in front of a
 *     prompt that has one already; the reference keeps both
 * @param applyExif whether to rotate images by their EXIF orientation, which the reference ignores
 * @param imageCacheBytes bytes of heap that may hold the states of images for later prompts about the same image
 * @param verify whether opening hashes the weights and compares them with the SHA-256 recorded for each file: in a line of
 *     {@code SHA256SUMS} in the same folder, as {@code sha256sum} writes it, or in a Hugging Face cache or download
 */
public record Options(
        int threads,
        KernelChoice kernels,
        int maxTokens,
        boolean refuseTooLong,
        long maxPixels,
        boolean dropDuplicateBos,
        boolean applyExif,
        long imageCacheBytes,
        boolean verify) {
    /** Pillow's limit against decompression bombs, twice its warning threshold. */
    public static final long DEFAULT_MAX_PIXELS = 178_956_970;

    public Options {
        Objects.requireNonNull(kernels, "kernels");
        if (threads < 1) throw new IllegalArgumentException("threads is " + threads);
        if (maxTokens < 0) throw new IllegalArgumentException("maxTokens is " + maxTokens);
        if (maxPixels < 1) throw new IllegalArgumentException("maxPixels is " + maxPixels);
        if (imageCacheBytes < 0) throw new IllegalArgumentException("imageCacheBytes is " + imageCacheBytes);
    }

    /** The same for the runtime. */
    RuntimeOptions forRuntime() {
        KernelSelection.Policy policy = switch (kernels) {
            case AUTO -> KernelSelection.Policy.AUTO;
            case VECTOR -> KernelSelection.Policy.VECTOR;
            case SCALAR -> KernelSelection.Policy.REFERENCE;
        };
        return new RuntimeOptions(
                threads, policy, maxTokens, refuseTooLong, maxPixels, dropDuplicateBos, applyExif, imageCacheBytes, verify,
                null, 0);
    }

    /** All processors, the best kernels there are, the model's own limits, an eighth of the heap for image states. */
    public static Options defaults() {
        Runtime runtime = Runtime.getRuntime();
        return new Options(
                runtime.availableProcessors(), KernelChoice.AUTO, 0, false, DEFAULT_MAX_PIXELS, false, false, runtime.maxMemory() / 8,
                false);
    }

    public Options withThreads(int value) {
        return new Options(value, kernels, maxTokens, refuseTooLong, maxPixels, dropDuplicateBos, applyExif, imageCacheBytes, verify);
    }

    public Options withKernels(KernelChoice value) {
        return new Options(threads, value, maxTokens, refuseTooLong, maxPixels, dropDuplicateBos, applyExif, imageCacheBytes, verify);
    }

    public Options withMaxTokens(int value) {
        return new Options(threads, kernels, value, refuseTooLong, maxPixels, dropDuplicateBos, applyExif, imageCacheBytes, verify);
    }

    public Options withRefuseTooLong(boolean value) {
        return new Options(threads, kernels, maxTokens, value, maxPixels, dropDuplicateBos, applyExif, imageCacheBytes, verify);
    }

    public Options withMaxPixels(long value) {
        return new Options(threads, kernels, maxTokens, refuseTooLong, value, dropDuplicateBos, applyExif, imageCacheBytes, verify);
    }

    public Options withDropDuplicateBos(boolean value) {
        return new Options(threads, kernels, maxTokens, refuseTooLong, maxPixels, value, applyExif, imageCacheBytes, verify);
    }

    public Options withApplyExif(boolean value) {
        return new Options(threads, kernels, maxTokens, refuseTooLong, maxPixels, dropDuplicateBos, value, imageCacheBytes, verify);
    }

    public Options withImageCacheBytes(long value) {
        return new Options(threads, kernels, maxTokens, refuseTooLong, maxPixels, dropDuplicateBos, applyExif, value, verify);
    }

    public Options withVerify(boolean value) {
        return new Options(threads, kernels, maxTokens, refuseTooLong, maxPixels, dropDuplicateBos, applyExif, imageCacheBytes, value);
    }
}
