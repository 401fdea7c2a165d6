package dev.mme5.engine.kernel.pool;

/** An array of floats that is kept for the next use and grows when it must. */
public final class RetainedFloats {
    private float[] floats = new float[0];

    /** At least that many floats, with undefined contents. */
    public float[] atLeast(int size) {
        if (floats.length < size) {
            floats = new float[0]; // frees the old array before the new one is allocated
            floats = new float[size];
        }
        return floats;
    }

    /** The array of the last use. */
    public float[] floats() {
        return floats;
    }
}
