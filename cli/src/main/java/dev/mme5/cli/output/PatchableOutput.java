package dev.mme5.cli.output;

import java.io.IOException;

/** The output of a {@link ResultWriter}. */
public interface PatchableOutput {
    void write(byte[] bytes) throws IOException;

    /** Overwrites bytes that were written before. */
    void patch(long position, byte[] bytes) throws IOException;
}
