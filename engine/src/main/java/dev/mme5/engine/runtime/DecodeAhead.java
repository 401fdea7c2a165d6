package dev.mme5.engine.runtime;

import dev.mme5.engine.failure.Failure;
import dev.mme5.engine.family.RefusedInputException;
import dev.mme5.engine.image.raster.HeapLimit;
import dev.mme5.engine.image.raster.ImageException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Prepares the inputs of one call in order. During a pass, the next input that has images is decoded and resized on a thread of
 * its own: one at a time, and only if the heap holds that beside the pass.
 */
final class DecodeAhead implements AutoCloseable {
    private final InputPreparer preparer;
    private final List<ModelInput> inputs;
    private ExecutorService decoder;
    private Future<PreparedInput> next;
    private int nextIndex = -1;

    DecodeAhead(InputPreparer preparer, List<ModelInput> inputs) {
        this.preparer = preparer;
        this.inputs = inputs;
    }

    /**
     * The input of that index; to be called in order.
     *
     * @param heap what decoding one of its images may take
     * @throws RefusedInputException when it cannot be embedded
     */
    PreparedInput get(int index, HeapLimit heap) {
        if (index == nextIndex) {
            PreparedInput ahead = await();
            if (ahead != null) return ahead;
        }
        return preparer.prepare(inputs.get(index), heap);
    }

    /**
     * Starts to prepare the input of that index, if it has images.
     *
     * @param heap what decoding one of its images may take during the pass
     */
    void start(int index, HeapLimit heap) {
        if (!preparer.decodesAhead() || index == inputs.size() || inputs.get(index).images().isEmpty()) return;
        if (decoder == null) {
            decoder = Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("mme5-decode-ahead").factory());
        }
        next = decoder.submit(() -> preparer.prepare(inputs.get(index), heap));
        nextIndex = index;
    }

    /** The input that was started; null when it needs more heap than the pass left. */
    private PreparedInput await() {
        try {
            return next.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RefusedInputException refused when refused.getCause() instanceof ImageException image && image.lacksHeap() -> {
                    return null;
                }
                case RefusedInputException refused -> throw refused;
                case Failure failure -> throw failure;
                case Error error -> throw error;
                default -> throw new IllegalStateException(e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure.Cancelled("interrupted");
        }
    }

    @Override
    public void close() {
        if (decoder == null) return;
        decoder.shutdownNow();
        decoder.close();
    }
}
