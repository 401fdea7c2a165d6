package dev.mme5.engine.runtime.memory;

import dev.mme5.engine.image.raster.HeapLimit;

/**
 * The memory of the images of one input while they are decoded, one after the other. Holds as much of a reservation as the image that
 * needs most; if that is not free now, the image is refused, and {@link #wanted} is how much to ask for before trying again.
 */
public final class DecodeMemory implements HeapLimit {
    private final Reservation reservation;
    private final long limit;
    private final boolean besidePass;
    private final long floor;
    private long held;
    private long prepared;
    private long wanted;

    /**
     * @param held what the reservation holds for this input already
     * @param floor how much of that stays held when less is needed
     * @param besidePass whether a pass of the same call runs meanwhile
     */
    public DecodeMemory(MemoryBudget budget, Reservation reservation, long held, long floor, boolean besidePass) {
        this.reservation = reservation;
        this.limit = budget.limit();
        this.held = held;
        this.besidePass = besidePass;
        this.floor = floor;
    }

    @Override
    public long free(long needed) {
        long total = prepared + needed;
        if (total > limit) return limit - prepared;
        if (total > held) {
            long more = total - held;
            if (!(besidePass ? reservation.tryHoldBesidePass(more) : reservation.tryHold(more))) {
                wanted = total;
                return held - prepared;
            }
            held = total;
        }
        return held - prepared;
    }

    /** The image is prepared and keeps so many bytes; what decoding took is free again. */
    public void imagePrepared(long bytes) {
        prepared += bytes;
        long rest = Math.max(prepared, floor);
        if (held > rest) {
            reservation.release(held - rest);
            held = rest;
        }
    }

    /** Bytes that would be enough as far as known, if an image was refused for lack of memory that was not free; otherwise 0. */
    public long wanted() {
        return wanted;
    }

    /** Holds nothing any more: the input was not prepared. */
    public void releaseAll() {
        reservation.release(held);
        held = 0;
    }
}
