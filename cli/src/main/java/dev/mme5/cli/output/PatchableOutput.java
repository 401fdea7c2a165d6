package dev.mme5.cli.output;

import java.io.IOException;

/** What the formats write their bytes to. */
public interface PatchableOutput {
    void write(byte[] bytes) throws IOException;

    /** Writes over bytes that were written before. */
    void patch(long position, byte[] bytes) throws IOException;
}
