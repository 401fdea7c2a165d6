package dev.mme5.engine;

/** Receives the progress of a long call, on the calling thread. */
@FunctionalInterface
public interface ProgressListener {
    /** Ignores progress. */
    ProgressListener NONE = (done, total) -> {};

    /** Called after every input or small group of inputs, with done growing from 1 to total. */
    void progress(int done, int total);
}
