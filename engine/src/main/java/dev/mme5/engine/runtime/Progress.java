package dev.mme5.engine.runtime;

/** Receives the progress of a long call, on the calling thread. */
@FunctionalInterface
public interface Progress {
    /** @param done grows from 1 to total */
    void progress(int done, int total);
}
