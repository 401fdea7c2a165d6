package dev.mme5.benchmarks.checkpoint;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Seeded inputs, and the choice of rows of large results that are compared. */
public final class Samples {
    private static final int SAMPLED = 5;

    private final SplittableRandom random;

    public Samples(long seed) {
        random = new SplittableRandom(seed);
    }

    /** Normal values. */
    public float[] floats(int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) values[i] = (float) random.nextGaussian();
        return values;
    }

    public Matrix matrix(int rows, int cols) {
        return new Matrix(floats(Math.multiplyExact(rows, cols)), 0, rows, cols);
    }

    /** A bfloat16 weight outside the heap, as mapped weights are; uniform in [-1, 1], which is fast to generate. */
    public MappedTensor weight(int rows, int cols) {
        Shape shape = new Shape(rows, cols);
        MemorySegment bytes = Arena.ofAuto().allocate(DType.BF16.bytes(shape), 64);
        var layout = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);
        for (long i = 0; i < shape.elements(); i++) {
            float value = random.nextInt(-128, 129) / 128f; // exact in 8 bits
            bytes.setAtIndex(layout, i, (short) (Float.floatToRawIntBits(value) >>> 16));
        }
        return new MappedTensor("(memory)", "weight", DType.BF16, shape, bytes.asReadOnly());
    }

    /** A few rows of 0..rows, including the first and the last. */
    public static int[] sampledRows(int rows) {
        int count = Math.min(SAMPLED, rows);
        return IntStream.range(0, count).map(i -> count == 1 ? 0 : (int) ((long) i * (rows - 1) / (count - 1))).toArray();
    }

    /** Copies of these rows. */
    public static Matrix rows(Matrix x, int[] rows) {
        Matrix copy = Matrix.zeros(rows.length, x.cols());
        for (int i = 0; i < rows.length; i++) copy.copyRow(x, rows[i], i);
        return copy;
    }

    public static void requireClose(double expected, double actual, double bound, String location) {
        if (!(Math.abs(expected - actual) <= bound)) {
            throw new IllegalStateException("%s: expected %s within %.1e, found %s".formatted(location, expected, bound, actual));
        }
    }
}
