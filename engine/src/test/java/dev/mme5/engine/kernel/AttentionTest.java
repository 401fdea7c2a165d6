package dev.mme5.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.kernel.api.CanonicalOrder;
import dev.mme5.engine.kernel.api.Heads;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.baseline.BaselineKernels;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.reference.ReferenceKernels;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttentionTest {
    private static final Kernels REFERENCE = new ReferenceKernels();
    private static final Kernels VECTOR = new VectorKernels(new WorkerPool(2));

    @AfterAll
    static void close() {
        VECTOR.close();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 1, 8", "2, 5, 1, 1, 9", "20, 20, 4, 2, 10", "33, 33, 8, 2, 12", "1, 410, 8, 8, 22", "5, 385, 6, 1, 38",
        "70, 600, 2, 2, 80", "130, 200, 4, 1, 128", "7, 300, 2, 1, 300", "97, 191, 3, 3, 1", "193, 193, 2, 2, 17",
        "4200, 200, 1, 1, 8",
    })
    void agreesWithTheReferenceUnderEveryMask(int queries, int keys, int heads, int kvHeads, int size) {
        Heads layout = new Heads(heads, kvHeads, size);
        Samples samples = new Samples(queries + keys);
        Matrix q = samples.matrix(queries, heads * size);
        Matrix k = samples.matrix(keys, kvHeads * size);
        Matrix v = samples.matrix(keys, kvHeads * size);

        assertAgrees(q, k, v, layout, new AttentionMask.Causal(Math.max(0, keys - queries)));
        assertAgrees(q, k, v, layout, padded(samples, Math.max(1, keys - 3), keys));
        assertAgrees(q, k, v, layout, padded(samples, 1, keys));
        assertAgrees(q, k, v, layout, keyRanges(samples, queries, keys));
    }

    private static AttentionMask padded(Samples samples, int real, int keys) {
        int[] multiplicities = new int[keys];
        for (int i = 0; i < keys; i++) multiplicities[i] = i < real ? 1 : 1 + samples.below(50);
        return new AttentionMask.Padded(real, multiplicities);
    }

    private static AttentionMask keyRanges(Samples samples, int queries, int keys) {
        int[] starts = new int[queries];
        int[] ends = new int[queries];
        int[] multiplicities = new int[keys];
        for (int i = 0; i < queries; i++) {
            starts[i] = samples.below(keys);
            ends[i] = starts[i] + 1 + samples.below(keys - starts[i]);
        }
        Arrays.setAll(multiplicities, i -> 1 + samples.below(4));
        return new AttentionMask.KeyRanges(starts, ends, multiplicities);
    }

    private static void assertAgrees(Matrix q, Matrix k, Matrix v, Heads heads, AttentionMask mask) {
        if (mask instanceof AttentionMask.Causal causal && causal.firstQuery() + q.rows() > k.rows()) return;
        Matrix expected = Matrix.zeros(q.rows(), q.cols());
        Matrix actual = Samples.copy(q);
        Matrix baseline = Samples.copy(q);

        REFERENCE.attention(q, k, v, heads, mask, expected);
        VECTOR.attention(actual, k, v, heads, mask, actual); // in place
        new BaselineKernels().attention(baseline, k, v, heads, mask, baseline);

        assertArrayEquals(actual.data(), baseline.data(), "baseline kernels have the same bits");
        float maxValue = 0;
        for (float value : v.toArray()) maxValue = Math.max(maxValue, Math.abs(value));
        double bound = errorBound(q, k, heads, mask) * maxValue;
        for (int query = 0; query < q.rows(); query++) {
            for (int col = 0; col < q.cols(); col++) {
                assertEquals(expected.at(query, col), actual.at(query, col), bound,
                        mask.getClass().getSimpleName() + " " + query + ", " + col);
            }
        }
    }

    /**
     * Relative to the largest value. The error of a score is (size + 3) u Σ|q k| / √size, which exp turns into an equal relative error,
     * once in the numerator and once in the denominator. The sums of n weights and n values and one rescaling per block add to it.
     */
    private static double errorBound(Matrix q, Matrix k, Heads heads, AttentionMask mask) {
        double maxQueryLength = maxLength(q, heads.size());
        double maxKeyLength = maxLength(k, heads.size());
        double score = (heads.size() + 3) * maxQueryLength * maxKeyLength / Math.sqrt(heads.size());
        double spread = 2 * maxQueryLength * maxKeyLength / Math.sqrt(heads.size()); // of score - maximum: one rounding
        double blocks = Math.ceilDiv(k.rows(), CanonicalOrder.KEY_BLOCK);
        return 2 * 0x1p-24 * (score + spread + k.rows() + 6 * blocks + 4);
    }

    private static double maxLength(Matrix m, int size) {
        double max = 0;
        for (int row = 0; row < m.rows(); row++) {
            for (int head = 0; head < m.cols(); head += size) {
                double squares = 0;
                for (int d = 0; d < size; d++) squares += (double) m.at(row, head + d) * m.at(row, head + d);
                max = Math.max(max, Math.sqrt(squares));
            }
        }
        return max;
    }

    @Test
    void aQueryHasTheSameBitsAloneAndInABatch() {
        Heads heads = new Heads(6, 2, 22);
        Samples samples = new Samples(3);
        Matrix q = samples.matrix(400, 132);
        Matrix k = samples.matrix(600, 44);
        Matrix v = samples.matrix(600, 44);
        AttentionMask.KeyRanges mask = (AttentionMask.KeyRanges) keyRanges(samples, 400, 600);
        Matrix together = Matrix.zeros(400, 132);
        Matrix alone = Matrix.zeros(1, 132);
        VECTOR.attention(q, k, v, heads, mask, together);

        for (int i = 0; i < 400; i += 7) {
            int[] start = {mask.starts()[i]};
            int[] end = {mask.ends()[i]};
            VECTOR.attention(q.rows(i, i + 1), k, v, heads, new AttentionMask.KeyRanges(start, end, mask.multiplicities()), alone);
            assertArrayEquals(together.rows(i, i + 1).toArray(), alone.data(), "query " + i);
        }
    }

    @Test
    void maskedKeysContributeNothingWhateverTheirValues() {
        Heads heads = new Heads(2, 1, 12);
        Samples samples = new Samples(4);
        Matrix q = samples.matrix(40, 24);
        Matrix k = samples.matrix(40, 12);
        Matrix v = samples.matrix(40, 12);
        Matrix expected = Matrix.zeros(40, 24);
        VECTOR.attention(q, k, v, heads, new AttentionMask.Causal(0), expected);

        for (int col = 0; col < 12; col++) {
            k.set(39, col, Float.NaN);
            v.set(39, col, Float.POSITIVE_INFINITY);
        }
        Matrix actual = Matrix.zeros(40, 24);
        VECTOR.attention(q, k, v, heads, new AttentionMask.Causal(0), actual);

        assertArrayEquals(expected.rows(0, 39).toArray(), actual.rows(0, 39).toArray());
        assertEquals(Float.NaN, actual.at(39, 0));
    }

    @Test
    void aMultiplicityCountsAsThatManyEqualKeys() {
        Heads heads = new Heads(1, 1, 10);
        Samples samples = new Samples(5);
        Matrix q = samples.matrix(3, 10);
        Matrix k = samples.matrix(4, 10);
        Matrix v = samples.matrix(4, 10);
        Matrix repeatedK = Matrix.zeros(6, 10);
        Matrix repeatedV = Matrix.zeros(6, 10);
        for (int i = 0; i < 6; i++) {
            repeatedK.copyRow(k, Math.min(i, 3), i);
            repeatedV.copyRow(v, Math.min(i, 3), i);
        }
        Matrix expected = Matrix.zeros(3, 10);
        Matrix actual = Matrix.zeros(3, 10);

        VECTOR.attention(q, repeatedK, repeatedV, heads, new AttentionMask.Padded(6, new int[] {1, 1, 1, 1, 1, 1}), expected);
        VECTOR.attention(q, k, v, heads, new AttentionMask.Padded(4, new int[] {1, 1, 1, 3}), actual);

        assertArrayEquals(expected.data(), actual.data(), 1e-6f);
    }
}
