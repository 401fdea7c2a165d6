package dev.mme5.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenTreeTest {
    @Test
    void equalBeginningsExistOnce() {
        TokenTree tree = TokenTree.of(new int[][] {{1, 2, 3, 4}, {1, 2, 5}, {7}, {1, 2, 3}});

        assertThat(tree.tokens()).containsExactly(1, 2, 3, 4, 5, 7);
        assertThat(tree.segments())
                .containsExactly(
                        new TokenTree.Segment(-1, 0, 0, 2, 3),
                        new TokenTree.Segment(0, 2, 2, 3, 3),
                        new TokenTree.Segment(1, 3, 3, 4, 0),
                        new TokenTree.Segment(0, 2, 4, 5, 1),
                        new TokenTree.Segment(-1, 0, 5, 6, 2));
        assertThat(IntStream.range(0, 4).map(tree::lastRow)).containsExactly(3, 4, 5, 2);
        assertThat(tree.sharedTokens()).containsExactly(0, 2, 0, 3);
        assertThat(tree.knownTokens()).isZero();
    }

    @Test
    void knownTokensHaveNoRows() {
        TokenTree tree = TokenTree.of(new int[][] {{1, 2, 3}, {1, 2, 3, 4, 5}, {1, 9}}, new int[] {2, 4, 1});

        assertThat(tree.tokens()).containsExactly(3, 4, 5, 9);
        assertThat(tree.segments())
                .containsExactly(
                        new TokenTree.Segment(-1, 2, 0, 1, 0), // a last token is computed, known or not
                        new TokenTree.Segment(0, 3, 1, 3, 1),
                        new TokenTree.Segment(-1, 1, 3, 4, 2));
        assertThat(tree.sharedTokens()).containsExactly(2, 3, 1);
        assertThat(tree.knownTokens()).isEqualTo(2 + 2 + 1); // the second shares the last of its three with the first
    }

    @Test
    void equalSequencesShareAllRows() {
        TokenTree tree = TokenTree.of(new int[][] {{4, 4}, {4, 4}, {4, 4}});

        assertThat(tree.rows()).isEqualTo(2);
        assertThat(tree.ends()).containsExactly(0);
        assertThat(tree.sharedTokens()).containsExactly(0, 2, 2);
    }

    /** Whatever the sequences: every path spells its sequence, and no two rows have the same path. */
    @Test
    void pathsSpellTheirSequences() {
        Random random = new Random(7);
        for (int round = 0; round < 500; round++) {
            int[][] ids = new int[1 + random.nextInt(12)][];
            Arrays.setAll(ids, i -> random.ints(1 + random.nextInt(8), 0, 3).toArray());
            int cut = random.nextInt(5);
            int[] cached = random.ints(cut, 0, 3).toArray();
            int[] known = new int[ids.length];
            for (int i = 0; i < ids.length; i++) {
                int common = Arrays.mismatch(ids[i], cached);
                known[i] = Math.min(ids[i].length - 1, common < 0 ? cut : common);
            }
            TokenTree tree = TokenTree.of(ids, known);

            int[] tokens = tree.tokens();
            for (int i = 0; i < ids.length; i++) {
                var path = tree.path(tree.segmentOf(i));
                int[] spelt = path.stream().flatMapToInt(s -> IntStream.range(s.from(), s.to())).map(row -> tokens[row]).toArray();
                int first = path.getFirst().position();
                assertThat(first).isLessThanOrEqualTo(known[i]);
                assertThat(spelt).containsExactly(Arrays.copyOfRange(ids[i], first, ids[i].length));
                assertThat(tree.lastRow(i)).isEqualTo(path.getLast().to() - 1);
            }
            long distinct = Arrays.stream(ids)
                    .flatMap(s -> IntStream.rangeClosed(1, s.length).mapToObj(n -> Arrays.toString(Arrays.copyOf(s, n))))
                    .distinct()
                    .count();
            assertThat((long) tree.rows()).isLessThanOrEqualTo(distinct);
            if (cut == 0) assertThat((long) tree.rows()).isEqualTo(distinct);
            assertThat(tree.knownTokens()).isBetween(0L, (long) Arrays.stream(known).sum())
                    .isLessThanOrEqualTo(Arrays.stream(tree.sharedTokens()).sum());
            if (ids.length == 1) assertThat(tree.knownTokens()).isEqualTo(known[0]);
            assertThat(Arrays.stream(ids).mapToInt(s -> s.length).sum() - Arrays.stream(tree.sharedTokens()).sum())
                    .isEqualTo(tree.rows());
        }
    }
}
