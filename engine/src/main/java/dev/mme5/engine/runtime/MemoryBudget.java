package dev.mme5.engine.runtime;

import dev.mme5.engine.image.raster.HeapLimit;

/** The heap beside an open model: what is computed and decoded comes first, kept states of pictures give way to it. */
public record MemoryBudget(MemoryCheck memory, VisionStateCache cache) {
    /** For a picture that is decoded while nothing is computed. */
    public HeapLimit forDecoding() {
        long most = memory.roomToDecode();
        return needed -> {
            if (needed <= most) cache.shrink(most - needed);
            return most;
        };
    }

    /** For a picture that is decoded while so many tokens about so many pictures are computed, which may need the kept states. */
    public HeapLimit forDecodingBeside(int tokens, int pictures) {
        long free = memory.roomBeside(tokens, pictures) - cache.bytes();
        return needed -> free;
    }

    /** Called before so many tokens about so many pictures are computed. */
    public void makeRoom(int tokens, int pictures) {
        cache.shrink(memory.roomBeside(tokens, pictures));
    }
}
