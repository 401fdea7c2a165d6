package dev.mme5.engine.runtime;

import dev.mme5.engine.InputException;
import dev.mme5.engine.family.mllama.MllamaMemoryEstimate;
import java.nio.file.Path;

/** Refuses, with the numbers, what cannot fit: in Java's heap, or in the memory of the machine or container. */
public record MemoryCheck(MllamaMemoryEstimate plan, long heapBytes, long machineBytes) {
    /** A model that cannot take a text as short as this is not opened. */
    private static final int SHORT_TEXT = 20;

    private static final int MB = 1 << 20;

    /** With the heap and the machine of this process. */
    public static MemoryCheck here(MllamaMemoryEstimate plan) {
        return new MemoryCheck(plan, Runtime.getRuntime().maxMemory(), new MachineMemory(Path.of("/")).bytes());
    }

    /**
     * @param maxTokens the longest text that the options ask for, or 0
     * @throws IllegalStateException when the model cannot be run at all, or not with texts of that length
     */
    public void requireModel(Path folder, int maxTokens) {
        int tokens = maxTokens == 0
                ? Math.min(SHORT_TEXT, plan.config().text().maxPositions())
                : Math.min(maxTokens, plan.config().text().maxPositions());
        String problem = problem(plan.text(tokens));
        if (problem != null) throw new IllegalStateException("%s: a text of %d tokens needs %s".formatted(folder, tokens, problem));
    }

    /** @throws InputException when an input of so many tokens and pictures needs more than there is */
    void requireInput(int tokens, int pictures) {
        String problem = problem(plan.prompt(tokens, pictures));
        if (problem != null) throw new InputException("%d tokens and %d pictures need %s".formatted(tokens, pictures, problem));
    }

    /** Whether an input of so many tokens and pictures is accepted. */
    boolean fits(int tokens, int pictures) {
        return problem(plan.prompt(tokens, pictures)) == null;
    }

    /** What is wrong with a run that needs so much of the heap; null when it fits. */
    public String problem(long heapNeeded) {
        if (heapNeeded > heapBytes) {
            return "%d MB of heap, the JVM has %d MB (raise it with -Xmx)".formatted(Math.ceilDiv(heapNeeded, MB), heapBytes / MB);
        }
        if (machineBytes < Long.MAX_VALUE && heapNeeded + MachineMemory.BESIDE_HEAP > machineBytes) {
            return "%d MB of memory, the machine or container has %d MB"
                    .formatted(Math.ceilDiv(heapNeeded + MachineMemory.BESIDE_HEAP, MB), machineBytes / MB);
        }
        return null;
    }

    /** Bytes of heap that are left beside a pass over so many tokens about so many pictures; negative when it does not fit. */
    long roomBeside(int tokens, int pictures) {
        return heapBytes - plan.idle() - plan.pass(tokens, pictures);
    }

    /** Bytes of heap that a picture may take while nothing is computed. */
    public long roomToDecode() {
        return heapBytes - plan.idle();
    }

    int tokensAtOnce() {
        return plan.tokensAtOnce(heapBytes);
    }
}
