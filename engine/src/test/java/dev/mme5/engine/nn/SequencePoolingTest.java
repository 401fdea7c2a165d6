package dev.mme5.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.reference.ReferenceKernels;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SequencePoolingTest {
    private static final Matrix ROWS = new Matrix(new float[] {1, 10, 2, 20, 6, 60, 4, 40, 5, 50}, 0, 5, 2);

    /** Lengths of packed sequences, and the vector of each. */
    @ParameterizedTest
    @CsvSource({
        "MEAN, 5, 3.6000001 36", "MEAN, 1 1 1 1 1, 1 10 2 20 6 60 4 40 5 50", "MEAN, 3 2, 3 30 4.5 45", "MEAN, 1 4, 1 10 4.25 42.5",
        "FIRST, 5, 1 10", "FIRST, 1 1 1 1 1, 1 10 2 20 6 60 4 40 5 50", "FIRST, 3 2, 1 10 4 40", "FIRST, 1 4, 1 10 2 20",
        "LAST, 5, 5 50", "LAST, 3 2, 6 60 5 50", "MAX, 5, 6 60", "MAX, 1 4, 1 10 6 60",
        "WEIGHTED_MEAN, 2 3, 1.6666667 16.666668 4.8333335 48.333336",
        "WEIGHTED_MEAN, 1 4, 1 10 4.6 46", "MEAN_SQRT_LENGTH, 4 1, 6.5 65 5 50", "MEAN_SQRT_LENGTH, 1 4, 1 10 8.5 85"})
    void everySequenceHasOneVector(SequencePooling pooling, String lengths, String expected) {
        float[] sizes = floats(lengths);
        int[][] ids = new int[sizes.length][];
        for (int i = 0; i < ids.length; i++) ids[i] = new int[(int) sizes[i]];

        Matrix pooled = SequencePooling.forward(List.of(pooling), ROWS, PackedSequences.of(ids), new ReferenceKernels());

        assertThat(pooled.rows()).isEqualTo(ids.length);
        assertThat(pooled.toArray()).containsExactly(floats(expected));
    }

    @Test
    void theVectorsOfSeveralModesFollowOneAnother() {
        Matrix pooled = SequencePooling.forward(List.of(SequencePooling.MAX, SequencePooling.FIRST, SequencePooling.LAST), ROWS,
                PackedSequences.of(new int[][] {new int[3], new int[2]}), new ReferenceKernels());

        assertThat(pooled.rows()).isEqualTo(2);
        assertThat(pooled.toArray()).containsExactly(6, 60, 1, 10, 6, 60, 5, 50, 4, 40, 5, 50);
    }

    private static float[] floats(String text) {
        String[] parts = text.split(" ");
        float[] values = new float[parts.length];
        for (int i = 0; i < parts.length; i++) values[i] = Float.parseFloat(parts[i]);
        return values;
    }
}
