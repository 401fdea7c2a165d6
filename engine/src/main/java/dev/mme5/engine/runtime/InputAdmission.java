package dev.mme5.engine.runtime;

import dev.mme5.engine.family.RefusedInputException;
import dev.mme5.engine.image.raster.ImageException;
import dev.mme5.engine.nn.Interruption;
import dev.mme5.engine.runtime.memory.DecodeMemory;
import dev.mme5.engine.runtime.memory.MemoryBudget;
import dev.mme5.engine.runtime.memory.Reservation;
import dev.mme5.engine.runtime.pass.PreparedInput;
import dev.mme5.engine.runtime.waiting.WaitTime;
import dev.mme5.tokenizer.Encoding;

/** Prepares inputs within the memory budget. How much an image needs is known only after its header is read, so a call may ask twice. */
final class InputAdmission {
    private final InputPreparer preparer;
    private final MemoryBudget budget;

    InputAdmission(InputPreparer preparer, MemoryBudget budget) {
        this.preparer = preparer;
        this.budget = budget;
    }

    /**
     * An input that is prepared, and the memory that it holds and its pass needs.
     *
     * @param reservation is closed after the pass
     */
    record Admitted(PreparedInput input, Reservation reservation) {}

    InputPreparer preparer() {
        return preparer;
    }

    /**
     * Waits for memory and prepares an input. The call must hold no other reservation.
     *
     * @param alone whether to wait until the whole memory is free
     * @param urgent whether to take memory without waiting
     * @throws RefusedInputException when it cannot be embedded
     */
    Admitted admit(ModelInput input, boolean alone, boolean urgent, WaitTime time) {
        Encoding encoding = preparer.encode(input);
        long pass = budget.memory().estimate().pass(encoding.ids().length, input.images().size());
        long ticket = budget.ticket();
        long bytes = alone ? budget.limit() : 0;
        while (true) {
            Reservation reservation = budget.reserve(bytes, pass, ticket, urgent, time);
            DecodeMemory memory = new DecodeMemory(budget, reservation, bytes, alone ? bytes : 0, false);
            boolean admitted = false;
            try {
                PreparedInput prepared = preparer.prepare(input, encoding, memory);
                admitted = true;
                return new Admitted(prepared, reservation);
            } catch (ImageException e) {
                Interruption.check(); // an interrupt breaks the reading of files
                bytes = nextBytes(e, memory, bytes);
            } finally {
                if (!admitted) reservation.close();
            }
        }
    }

    /** How much to ask for after an image was refused; throws if the image is what is wrong. */
    private long nextBytes(ImageException e, DecodeMemory memory, long asked) {
        if (memory.wanted() > asked) return memory.wanted();
        boolean isOutOfMemory = e.getCause() instanceof OutOfMemoryError;
        if (isOutOfMemory && asked < budget.limit()) return budget.limit(); // alone
        throw new RefusedInputException(e.reason(), e.getMessage(), e);
    }

    /**
     * Prepares an input with memory that is free now.
     *
     * @param reservation of the call; what the input holds is added to it
     * @param besidePass whether a pass of the same call may run meanwhile
     * @return null if more memory is needed than is free
     * @throws RefusedInputException when it cannot be embedded
     */
    PreparedInput tryPrepare(ModelInput input, Encoding encoding, Reservation reservation, boolean besidePass) {
        DecodeMemory memory = new DecodeMemory(budget, reservation, 0, 0, besidePass);
        boolean prepared = false;
        try {
            PreparedInput result = preparer.prepare(input, encoding, memory);
            prepared = true;
            return result;
        } catch (ImageException e) {
            Interruption.check();
            if (e.lacksHeap()) return null; // asked for again, waiting
            throw new RefusedInputException(e.reason(), e.getMessage(), e);
        } finally {
            if (!prepared) memory.releaseAll();
        }
    }
}
