package dev.mme5.engine;

import dev.mme5.engine.image.HeapRoom;

/** The heap beside an open model: what is computed and decoded comes first, kept states of pictures give way to it. */
record SharedHeap(MemoryCheck memory, ImageCache cache) {
    /** For a picture that is decoded while nothing is computed. */
    HeapRoom forDecoding() {
        long most = memory.roomToDecode();
        return needed -> {
            if (needed <= most) cache.shrink(most - needed);
            return most;
        };
    }

    /** For a picture that is decoded while so many tokens about so many pictures are computed, which may need the kept states. */
    HeapRoom forDecodingBeside(int tokens, int pictures) {
        long free = memory.roomBeside(tokens, pictures) - cache.bytes();
        return needed -> free;
    }

    /** Called before so many tokens about so many pictures are computed. */
    void makeRoom(int tokens, int pictures) {
        cache.shrink(memory.roomBeside(tokens, pictures));
    }
}
