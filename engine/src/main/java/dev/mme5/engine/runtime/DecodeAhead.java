package dev.mme5.engine.runtime;

import dev.mme5.engine.failure.Failure;
import dev.mme5.engine.family.RefusedInputException;
import dev.mme5.engine.runtime.memory.Reservation;
import dev.mme5.engine.runtime.pass.PreparedInput;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Decodes and resizes the images of the next input of a call during a pass, on a thread of its own: one input at a time, and only if
 * the memory for it is free beside the pass.
 */
final class DecodeAhead implements AutoCloseable {
    private final InputAdmission admission;
    private final List<ModelInput> inputs;
    private ExecutorService decoder;
    private Future<PreparedInput> next;
    private int nextIndex = -1;

    DecodeAhead(InputAdmission admission, List<ModelInput> inputs) {
        this.admission = admission;
        this.inputs = inputs;
    }

    /**
     * Starts to prepare the input of that index, if it has images.
     *
     * @param reservation of the call; what the input holds is added to it
     */
    void start(int index, Reservation reservation) {
        if (!admission.preparer().decodesAhead() || index == inputs.size() || inputs.get(index).images().isEmpty()) return;
        if (decoder == null) {
            decoder = Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("mme5-decode-ahead").factory());
        }
        ModelInput input = inputs.get(index);
        next = decoder.submit(() -> admission.tryPrepare(input, admission.preparer().encode(input), reservation, true));
        nextIndex = index;
    }

    /**
     * Takes the input of that index, if it was started.
     *
     * @return null if it was not, or did not find enough memory
     * @throws RefusedInputException when it cannot be embedded
     */
    PreparedInput take(int index) {
        if (index != nextIndex) return null;
        nextIndex = -1;
        try {
            return next.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RefusedInputException refused -> throw refused;
                case OutOfMemoryError full -> {
                    return null;
                }
                case Error error -> throw error;
                case RuntimeException error -> throw error;
                default -> throw new IllegalStateException(e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure.Cancelled("interrupted");
        }
    }

    /** Whether an input was started and is not taken yet: it may take memory at any time. */
    boolean isStarted() {
        return nextIndex >= 0;
    }

    /** Waits for the input that was started, if there is one, and drops it. */
    void drop() {
        if (!isStarted()) return;
        try {
            take(nextIndex);
        } catch (RefusedInputException refused) {
            // found again when the input is prepared
        }
    }

    @Override
    public void close() {
        if (decoder == null) return;
        decoder.shutdownNow();
        decoder.close();
    }
}
