package dev.mme5.tokenizer.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.tokenizer.Tokenizer;
import dev.mme5.tokenizer.TokenizerFile;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BytePairMergerTest {
    @Test
    void mergesTheLowestRankFirstAndTheLeftmostOfEquals() {
        Tokenizer tokenizer = TokenizerFile.hello().withMerges(List.of("b c", "a b", "a a")).tokenizer();

        assertThat(tokenizer.encodeRaw("abc")).containsExactly('a', 256);
        assertThat(tokenizer.encodeRaw("aaa")).containsExactly(258, 'a');
        assertThat(tokenizer.encodeRaw("abab")).containsExactly(257, 257);
    }

    /** Expected ids are those of the tokenizers library. */
    @Test
    void mergesWithoutWholePiecesWhenTheFileSaysSo() {
        Tokenizer merging = TokenizerFile.hello().withMerges(List.of("h e", "l l", "ll o")).withIgnoreMerges(false).tokenizer();
        Tokenizer whole = TokenizerFile.hello().tokenizer();

        assertThat(merging.encodeRaw("hello hello")).containsExactly(256, 258, 32, 256, 258);
        assertThat(whole.encodeRaw("hello hello")).containsExactly(259, 260);
        assertThat(whole.encodeRaw("hellollohe llhe")).containsExactly(259, 258, 256, 32, 257, 256);
    }

    @Test
    void ignoreMergesDecidesWhetherATokenTheMergesDoNotMakeIsFound() {
        // "abc" is the merge of "ab" and "c", but "b c" has a lower rank and is merged first.
        TokenizerFile file = TokenizerFile.hello().withMerges(List.of("b c", "a b", "ab c"));

        assertThat(file.withIgnoreMerges(true).tokenizer().encodeRaw("abc")).containsExactly(258);
        assertThat(file.withIgnoreMerges(false).tokenizer().encodeRaw("abc")).containsExactly('a', 256);
    }

    @Test
    void readsMergesAsStringsAsPairsAndMixed() {
        String strings = TokenizerFile.hello().json();
        String pairs = strings.replace("\"ll o\"", "[\"ll\",\"o\"]").replace("\"Ġ hello\"", "[\"Ġ\",\"hello\"]");

        assertThat(pairs).isNotEqualTo(strings);
        assertThat(TokenizerFile.read(pairs).encodeRaw("hellollo hello")).containsExactly(259, 258, 260);
    }

    @Test
    void acceptsAMergeOfTokensWithSpaces() {
        String json = TokenizerFile.hello().json().replace("\"he\":256", "\"he\":256,\"x y\":300,\"x yh\":301")
                .replace("\"h e\"", "\"h e\",[\"x y\",\"h\"]");

        assertThat(TokenizerFile.read(json).encodeRaw("x yhe")).containsExactly('x', ' ', 'y', 256);
    }

    @Test
    void agreesWithMergingByBruteForceOnRandomWords() {
        Random random = new Random(3);
        for (int round = 0; round < 30; round++) {
            List<String> merges = randomMerges(random, 1 + random.nextInt(60));
            List<String> tokens = merges.stream().map(merge -> merge.replace(" ", "")).distinct().toList();
            Tokenizer tokenizer = TokenizerFile.hello().withMerges(merges).withIgnoreMerges(false).tokenizer();
            for (int i = 0; i < 300; i++) {
                String word = randomWord(random, random.nextInt(4) == 0 ? 100 : 12);
                int[] expected = bruteForce(word, merges).stream()
                        .mapToInt(symbol -> symbol.length() == 1 ? symbol.charAt(0) : 256 + tokens.indexOf(symbol)).toArray();

                assertThat(tokenizer.encodeRaw(word)).as("%s by %s", word, merges).containsExactly(expected);
            }
        }
    }

    /** Section 9.3 of docs/reference/mllama.md, literally. */
    private static List<String> bruteForce(String word, List<String> merges) {
        List<String> symbols = new ArrayList<>(List.of(word.split("")));
        while (true) {
            int best = -1;
            int bestRank = Integer.MAX_VALUE;
            for (int i = 0; i + 1 < symbols.size(); i++) {
                int rank = merges.indexOf(symbols.get(i) + " " + symbols.get(i + 1));
                if (rank < 0 || rank >= bestRank) continue;
                best = i;
                bestRank = rank;
            }
            if (best < 0) return symbols;
            symbols.set(best, symbols.get(best) + symbols.remove(best + 1));
        }
    }

    private static List<String> randomMerges(Random random, int count) {
        List<String> tokens = new ArrayList<>(List.of("a", "b", "c"));
        Set<String> merges = new LinkedHashSet<>();
        for (int i = 0; i < count; i++) {
            String left = tokens.get(random.nextInt(tokens.size()));
            String right = tokens.get(random.nextInt(tokens.size()));
            if (merges.add(left + " " + right)) tokens.add(left + right);
        }
        return List.copyOf(merges);
    }

    private static String randomWord(Random random, int longest) {
        byte[] letters = new byte[1 + random.nextInt(longest)];
        for (int i = 0; i < letters.length; i++) letters[i] = (byte) ('a' + random.nextInt(3));
        return new String(letters, UTF_8);
    }
}
