package dev.mme5.engine.family.mllama.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.nn.TokenTree;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sequences are written with I for an image token and t for any other. */
class ImageVisibilityTest {
    private static final int IMAGE = 9;

    /** Ranges of images by token, such as 0-1; none before the first image token. */
    @ParameterizedTest
    @CsvSource({
        "t,       -,                               1",
        "tt,      - -,                             2",
        "I,       0-0,                             0",
        "Itt,     0-0 0-0 0-0,                     0",
        "tIt,     - 0-0 0-0,                       1",
        "ItIt,    0-0 0-0 1-1 1-1,                 0", // an image is seen up to the next one
        "IItt,    0-0 0-1 0-1 0-1,                 0", // adjacent images are seen together
        "IIIt,    0-0 0-1 0-2 0-2,                 0",
        "tIItIt,  - 0-0 0-1 0-1 2-2 2-2,           1",
        "ItIIt,   0-0 0-0 1-1 1-2 1-2,             0"
    })
    void tokensSeeTheImagesBeforeThem(String sequence, String ranges, int tokensBeforeImage) {
        ImageVisibility visibility = ImageVisibility.of(ids(sequence), IMAGE);

        String[] found = IntStream.range(0, sequence.length())
                .mapToObj(i -> visibility.first()[i] < 0 ? "-" : visibility.first()[i] + "-" + visibility.last()[i])
                .toArray(String[]::new);
        assertThat(found).containsExactly(ranges.split(" "));
        assertThat(visibility.nextSeeing(0)).isEqualTo(tokensBeforeImage);
    }

    /** Three images of 2, 3 and 1 real rows, then 4 rows of absent tiles: keys seen, by token. */
    @ParameterizedTest
    @CsvSource({
        "IIIt,   0-2 0-5 0-6 0-6",
        "tItIt,  0-10 0-2 0-2 2-5 2-5", // a token before the first image sees everything, absent tiles included
        "ItItI,  0-2 0-2 2-5 2-5 5-6"
    })
    void masksAreTheRowsOfTheImagesSeen(String sequence, String keys) {
        VisionStates images = states(new int[] {0, 2, 5, 6}, 10);

        AttentionMask mask = ImageVisibility.of(ids(sequence), IMAGE).mask(images);

        assertThat(ranges(mask, sequence.length())).containsExactly(keys.split(" "));
    }

    @Test
    void rowsOfATreeSeeWhatTheirTokensSee() {
        VisionStates images = states(new int[] {0, 2, 5, 6}, 10);
        int[][] ids = {ids("ItItIt"), ids("tItIt"), ids("III"), ids("ItIttt")};
        TokenTree tree = TokenTree.of(ids);

        ImageVisibility rows = ImageVisibility.of(tree, ids, IMAGE);
        int[] lastRows = IntStream.range(0, ids.length).map(tree::lastRow).toArray();

        assertThat(tree.rows()).isEqualTo(5 + 8 + 2); // tItIt, ItIt(It|tt), II
        assertThat(ranges(rows.tokens(lastRows).mask(images), 4)).containsExactly("5-6", "2-5", "0-6", "2-5");
    }

    @Test
    void runsOfTokensThatSeeAnImageAreFound() {
        ImageVisibility visibility = new ImageVisibility(new int[] {-1, 0, 0, -1, -1, 1}, new int[6]);

        assertThat(visibility.nextSeeing(0)).isEqualTo(1);
        assertThat(visibility.nextBlind(1)).isEqualTo(3);
        assertThat(visibility.nextSeeing(3)).isEqualTo(5);
        assertThat(visibility.nextBlind(5)).isEqualTo(6);
        assertThat(visibility.nextSeeing(6)).isEqualTo(6);
    }

    private static String[] ranges(AttentionMask mask, int queries) {
        return IntStream.range(0, queries).mapToObj(query -> mask.from(query) + "-" + mask.to(query)).toArray(String[]::new);
    }

    private static int[] ids(String sequence) {
        return sequence.chars().map(c -> c == 'I' ? IMAGE : 1).toArray();
    }

    private static VisionStates states(int[] starts, int rows) {
        return new VisionStates(starts, new int[rows], List.of());
    }
}
