package dev.mme5.cli;

import java.io.IOException;

/** What the formats write their bytes to. */
interface Sink {
    void write(byte[] bytes) throws IOException;

    /** Writes over bytes that were written before. */
    void patch(long position, byte[] bytes) throws IOException;
}
