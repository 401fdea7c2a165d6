package dev.mme5.engine.nn.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PathKeyValuesTest {
    private static final int WIDTH = 4;
    private static final int BYTES_PER_TOKEN = 2 * Float.BYTES * WIDTH;

    private final PrefixCache cache = new PrefixCache();

    /** Twenty tokens that no other sequence begins with. */
    private static int[] sequence(int number) {
        int[] ids = new int[20];
        Arrays.fill(ids, number);
        return ids;
    }

    private static int[][] sequences(int count) {
        return IntStream.range(0, count).mapToObj(PathKeyValuesTest::sequence).toArray(int[][]::new);
    }

    private PathKeyValues paths(int width, int[]... ids) {
        return new PathKeyValues(ids, Optional.of(cache), 1, width);
    }

    private void pass(int[]... ids) {
        try (PathKeyValues paths = paths(WIDTH, ids)) {
            paths.finish();
        }
    }

    /** The copies of a pass are heap as well: many beginnings in one pass must not exceed what the cache may hold. */
    @Test
    void copiesOfAPassStayWithinTheLimit() {
        long limit = 50 * BYTES_PER_TOKEN;
        cache.limit(limit);
        pass(sequences(10));

        try (PathKeyValues paths = paths(WIDTH, sequences(10))) {
            assertThat(paths.keptBytes()).isPositive().isLessThanOrEqualTo(limit);
            assertThat(cache.bytes()).isEqualTo(paths.keptBytes());
            paths.finish();
        }
        assertThat(cache.bytes()).isPositive().isLessThanOrEqualTo(limit);
    }

    @Test
    void copiesAndWhatIsHeldAlreadyStayWithinTheLimitTogether() {
        long limit = 50 * BYTES_PER_TOKEN;
        cache.limit(limit);
        pass(sequence(1));
        pass(sequence(1));
        assertThat(cache.bytes()).isEqualTo(20 * BYTES_PER_TOKEN);

        pass(sequence(2), sequence(3));
        try (PathKeyValues paths = paths(WIDTH, sequence(2), sequence(3))) {
            assertThat(paths.keptBytes()).isEqualTo(40 * BYTES_PER_TOKEN);
            assertThat(cache.bytes()).isLessThanOrEqualTo(limit);
        }
        assertThat(cache.bytes()).isZero(); // a pass that failed keeps nothing
    }

    /** A decoder all of whose layers are cross-attention has no keys and values of texts. */
    @Test
    void withoutLayersOfSelfAttentionNothingIsKept() {
        cache.limit(1000);
        for (int pass = 0; pass < 3; pass++) {
            try (PathKeyValues paths = new PathKeyValues(sequences(2), Optional.of(cache), 0, WIDTH)) {
                assertThat(paths.tree().sharedTokens()).containsExactly(0, 0);
                paths.finish();
            }
        }
        assertThat(cache.bytes()).isZero();
    }

    @Test
    void aLongTextThatComesAgainDoesNotDisplaceWhatOthersBeginWith() {
        cache.limit(1 << 20);
        int[] query = {1, 2, 3, 4, 5, 6};
        int[] text = IntStream.range(100, 3100).toArray();
        cache.worthKeeping(new int[][] {query}, 1);
        for (int i = 0; i < 100; i++) cache.worthKeeping(new int[][] {text}, 1);

        assertThat(cache.worthKeeping(new int[][] {{1, 2, 3, 4, 5, 7}}, 1)).containsExactly(5);
    }

    /** What a pass found or held while it was set up must not stay pinned when the heap runs out. */
    @Test
    void aPassThatRunsOutOfHeapWhileItIsSetUpKeepsNothing() {
        int tokens = 18;
        int width = (Integer.MAX_VALUE - 1) / tokens; // an array of all keys is longer than any JVM allows
        int[] found = Arrays.copyOf(sequence(1), tokens);
        int[] kept = Arrays.copyOf(sequence(2), tokens);
        cache.limit(Long.MAX_VALUE);
        pass(found);
        pass(found);
        pass(kept);
        assertThat(cache.bytes()).isEqualTo((long) tokens * BYTES_PER_TOKEN);

        assertThatThrownBy(() -> paths(width, found, kept)).isInstanceOf(OutOfMemoryError.class);

        cache.shrink(0);
        assertThat(cache.bytes()).isZero();
    }
}
