package dev.mme5.lucene;

/** Checks and cosines of vectors of any length. */
final class Vectors {
    private Vectors() {}

    static void requireUsable(float[] vector, String name) {
        if (vector.length == 0) throw new IllegalArgumentException(name + ": the vector has no dimensions");
        double squares = 0;
        for (float value : vector) squares += (double) value * value;
        // Lucene sums squares in float.
        boolean isUsable = squares >= Float.MIN_NORMAL && squares <= Float.MAX_VALUE;
        if (!isUsable) throw new IllegalArgumentException(name + ": the vector is zero, not finite, or its squares do not fit a float");
    }

    /** Summed in double, so that it depends on the two vectors alone. */
    static float cosine(float[] a, float[] b) {
        double dot = 0;
        double squaresA = 0;
        double squaresB = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            squaresA += (double) a[i] * a[i];
            squaresB += (double) b[i] * b[i];
        }
        return (float) Math.clamp(dot / Math.sqrt(squaresA * squaresB), -1.0, 1.0);
    }
}
