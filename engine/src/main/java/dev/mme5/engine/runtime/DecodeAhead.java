package dev.mme5.engine.runtime;

import dev.mme5.engine.Input;
import dev.mme5.engine.InputException;
import dev.mme5.engine.image.raster.HeapLimit;
import dev.mme5.engine.image.raster.ImageException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Prepares the inputs of one call in order. While the model computes, the next input that has pictures is decoded and resized
 * on a thread of its own: one at a time, and only if there is room in the heap beside what the model computes.
 */
final class DecodeAhead implements AutoCloseable {
    private final InputPreparer preparer;
    private final List<Input> inputs;
    private ExecutorService decoder;
    private Future<PreparedInput> next;
    private int nextIndex = -1;

    DecodeAhead(InputPreparer preparer, List<Input> inputs) {
        this.preparer = preparer;
        this.inputs = inputs;
    }

    /**
     * The input of that index; to be asked for in order.
     *
     * @param heap what decoding one of its pictures may take
     * @throws InputException when it cannot be embedded
     */
    PreparedInput get(int index, HeapLimit heap) {
        if (index == nextIndex) {
            PreparedInput ahead = await();
            if (ahead != null) return ahead;
        }
        return preparer.prepare(inputs.get(index), heap);
    }

    /**
     * Begins to prepare the input of that index, if it has pictures.
     *
     * @param heap what decoding one of its pictures may take while the model computes
     */
    void runAhead(int index, HeapLimit heap) {
        if (!preparer.mayRunAhead() || index == inputs.size() || inputs.get(index).pictures().isEmpty()) return;
        if (decoder == null) {
            decoder = Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("mme5-pictures").factory());
        }
        next = decoder.submit(() -> preparer.prepare(inputs.get(index), heap));
        nextIndex = index;
    }

    /** What was begun; null when it needs more heap than there was while the model computed. */
    private PreparedInput await() {
        try {
            return next.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case InputException input when input.getCause() instanceof ImageException image && image.lacksHeap() -> {
                    return null;
                }
                case InputException input -> throw input;
                case Error error -> throw error;
                default -> throw new IllegalStateException(e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
    }

    @Override
    public void close() {
        if (decoder == null) return;
        decoder.shutdownNow();
        decoder.close();
    }
}
