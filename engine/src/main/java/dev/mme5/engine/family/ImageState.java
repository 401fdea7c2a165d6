package dev.mme5.engine.family;

/**
 * What a model computes of an image before it reads a prompt, so that one state serves many prompts. Only the family that made
 * it looks inside; the runtime caches it.
 */
public interface ImageState {
    /** Bytes of heap that it holds. */
    long bytes();
}
