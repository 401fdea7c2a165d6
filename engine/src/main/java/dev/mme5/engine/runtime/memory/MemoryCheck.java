package dev.mme5.engine.runtime.memory;

import dev.mme5.engine.failure.Failure;
import dev.mme5.engine.failure.Refusal;
import dev.mme5.engine.family.RefusedInputException;
import java.nio.file.Path;

/** Refuses, with the numbers, what cannot fit: in Java's heap, or in the memory of the machine or container. */
public record MemoryCheck(MemoryEstimate estimate, long heapBytes, long machineBytes) {
    /** A model that cannot take a text as short as this is not opened. */
    private static final int SHORT_TEXT = 20;

    /** Of the heap: the most that copies of weights may take. */
    private static final int COPIES_DIVISOR = 8;

    private static final int MB = 1 << 20;

    /** With the heap and the machine of this process. */
    public static MemoryCheck here(MemoryEstimate estimate) {
        return new MemoryCheck(estimate, Runtime.getRuntime().maxMemory(), MachineMemory.here());
    }

    /**
     * The same for an open model that holds copies of its weights; this one if it should hold none, because they are too large a part of
     * the heap or because the longest text would not fit beside them.
     *
     * @param bytes of heap
     */
    public MemoryCheck withCopies(long bytes) {
        if (bytes > heapBytes / COPIES_DIVISOR) return this;
        MemoryCheck with = new MemoryCheck(estimate.withCopiedBytes(bytes), heapBytes, machineBytes);
        return with.fits(estimate.maxTokens(), 0) ? with : this;
    }

    /**
     * @param maxTokens the longest text that the options ask for, or 0
     * @throws Failure.Unsuitable when the model cannot be run at all, or not with texts of that length
     */
    public void requireModel(Path folder, int maxTokens) {
        int tokens = Math.min(maxTokens == 0 ? SHORT_TEXT : maxTokens, estimate.maxTokens());
        String problem = problem(estimate.text(tokens));
        if (problem != null) throw new Failure.Unsuitable("%s: a text of %d tokens needs %s".formatted(folder, tokens, problem));
    }

    /** @throws RefusedInputException when an input needs more than there is */
    public void requireInput(int tokens, int images) {
        String problem = problem(estimate.prompt(tokens, images));
        if (problem == null) return;
        throw new RefusedInputException(Refusal.TOO_LARGE, "%d tokens and %d images need %s".formatted(tokens, images, problem));
    }

    /** Whether an input of that size is accepted. */
    public boolean fits(int tokens, int images) {
        return fits(tokens, 1, images);
    }

    /** Whether inputs of that size together are accepted. */
    public boolean fits(long tokens, long sequences, int images) {
        return problem(estimate.together(tokens, sequences, images)) == null;
    }

    /** What is wrong with a run that needs that much of the heap; null when it fits. */
    public String problem(long heapNeeded) {
        if (heapNeeded > heapBytes) {
            return "%d MB of heap, the JVM has %d MB (raise it with -Xmx)".formatted(Math.ceilDiv(heapNeeded, MB), heapBytes / MB);
        }
        long needed = heapNeeded + MachineMemory.BESIDE_HEAP + estimate.mergedBytes();
        if (machineBytes < Long.MAX_VALUE && needed > machineBytes) {
            return "%d MB of memory, the machine or container has %d MB"
                    .formatted(Math.ceilDiv(needed, MB), machineBytes / MB)
                    + (estimate.mergedBytes() == 0
                            ? ""
                            : " (%d MB for weights merged with an adapter)".formatted(estimate.mergedBytes() / MB));
        }
        return null;
    }

    /**
     * Bytes of heap that an image may take while nothing is computed; 0 in a heap that short texts fit, but not what the largest pass
     * would retain.
     */
    public long bytesToDecode() {
        return Math.max(0, heapBytes - estimate.idle());
    }

    /** Tokens of texts that should go through the model in one pass. */
    public int batchTokens() {
        return estimate.batchTokens(heapBytes);
    }
}
