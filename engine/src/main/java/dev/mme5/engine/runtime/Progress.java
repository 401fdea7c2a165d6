package dev.mme5.engine.runtime;

/** Told how far a long call has come, on the calling thread. */
@FunctionalInterface
public interface Progress {
    /** @param done grows from 1 to total */
    void progress(int done, int total);
}
