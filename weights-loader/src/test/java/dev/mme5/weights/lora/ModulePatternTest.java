package dev.mme5.weights.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.ModelFormatException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ModulePatternTest {
    private static final String MODULE = "model.language_model.layers.17.self_attn.q_proj";

    private static ModulePattern pattern(String key) {
        JsonObject patterns = (JsonObject) JsonReader.parse("{}".getBytes(StandardCharsets.UTF_8), "adapter_config.json");
        return ModulePattern.of(patterns, key, new MatchLimit(MatchLimit.MAX_STEPS, () -> patterns.error("", "slow")));
    }

    /** After every dot all states of such a pattern are alive again, and a name may have megabytes. */
    @Test
    void aPatternThatIsSlowWithALongNameIsRefused() {
        JsonObject patterns = (JsonObject) JsonReader.parse("{}".getBytes(StandardCharsets.UTF_8), "adapter_config.json");
        ModulePattern pattern =
                ModulePattern.of(patterns, "(.?){1000}z", new MatchLimit(1_000_000, () -> patterns.error("rank_pattern", "slow")));

        assertThat(pattern.matches(MODULE)).isFalse();
        assertThatThrownBy(() -> pattern.matches("x.".repeat(100_000))).isInstanceOf(ModelFormatException.class)
                .hasMessage("adapter_config.json: rank_pattern: slow");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            q_proj                                             ; true
            self_attn.q_proj                                   ; true
            attn.q_proj                                        ; false
            q_pro                                              ; false
            model.language_model.layers.17.self_attn.q_proj    ; true
            layers\\.(16|17|18)\\..*(q|k|v|o)_proj             ; true
            layers\\.[0-9]+\\.mlp\\..*_proj                    ; false
            layers\\.(?:\\d|1[^0-68-9])\\.\\w+\\.q_proj$       ; true
            layers\\.\\d{1,2}\\.self_attn\\.[qk]_proj          ; true
            layers\\.\\d{3,}\\.self_attn\\.[qk]_proj           ; false
            ^self_attn.q_proj                                  ; false
            ^model\\..*?q_proj                                 ; true
            .*layers.*attn.*proj                               ; true
            """)
    void matchesAsPeftDoes(String key, boolean matches) {
        assertThat(pattern(key).matches(MODULE)).isEqualTo(matches);
    }

    /** The details in which Python differs from Java, by Python 3.12. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            a{,2}c        ; aac     ; true
            a{,2}c        ; aaac    ; false
            a{,}c         ; aaac    ; true
            []x]          ; ]       ; true
            [^]x]         ; ]       ; false
            [a[b]         ; [       ; true
            [a-]          ; -       ; true
            [\\.-1]       ; /       ; true
            [\\d-]        ; -       ; true
            a}            ; a}      ; true
            .             ; ü       ; true
            .             ; 𝔸       ; true
            \\d           ; ٣       ; true
            """)
    void readsAnExpressionAsPythonDoes(String key, String name, boolean matches) {
        assertThat(pattern(key).matches(name)).isEqualTo(matches);
    }

    @Test
    void theEndIsBeforeALineFeedToo() {
        assertThat(pattern("a").matches("a\n")).isTrue();
        assertThat(pattern("a").matches("a\n\n")).isFalse();
        assertThat(pattern("a.").matches("a\n")).isFalse();
        assertThat(pattern("a").matches("x\ny.a")).isFalse();
    }

    @Test
    void matchesWhatJavaMatches() {
        Random random = new Random(7);
        int matches = 0;
        for (int i = 0; i < 20_000; i++) {
            String key = randomKey(random, 3);
            Pattern java = Pattern.compile("(?d)(.*\\.)?(" + key + ")$");
            ModulePattern ours = pattern(key);
            for (int k = 0; k < 10; k++) {
                String name = randomName(random);
                boolean expected = java.matcher(name).lookingAt();
                if (expected) matches++;
                assertThat(ours.matches(name)).as("%s of %s", key, name).isEqualTo(expected);
            }
        }
        assertThat(matches).isBetween(20_000, 180_000);
    }

    private static String randomKey(Random random, int depth) {
        StringBuilder key = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            if (random.nextInt(12) == 0) key.append("^$".charAt(random.nextInt(2)));
            boolean isGroup = depth > 0 && random.nextInt(4) == 0;
            if (isGroup) {
                key.append(random.nextBoolean() ? "(" : "(?:").append(randomKey(random, depth - 1));
                for (int k = random.nextInt(3); k > 0; k--) {
                    key.append('|').append(random.nextInt(5) == 0 ? "" : randomKey(random, depth - 1));
                }
                key.append(')');
            } else {
                key.append(oneOf(random, "a", "b", "1", "\\.", ".", "[ab]", "[^a]", "[a-c1]", "\\d", "\\w", "_"));
            }
            if (random.nextInt(3) == 0) key.append(oneOf(random, "?", "*", "+", "{2}", "{1,2}", "{0,3}", "{1,}", "*?", "+?", "??"));
        }
        return key.toString();
    }

    private static String randomName(Random random) {
        StringBuilder name = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) name.append(oneOf(random, "a", "b", "1", ".", "_"));
        return name.toString();
    }

    private static String oneOf(Random random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    static Stream<String> patternsOfManyWays() {
        return Stream.of(
                "(.|.)".repeat(39) + "z", "(.|..)".repeat(30) + "z", ".*".repeat(12) + "z", ".?".repeat(99) + "z", "(|)".repeat(60) + "z",
                "(" + "|".repeat(198) + ")z", "(.*)*z", "((.+)+)+z", "(|a|b*)*z");
    }

    @ParameterizedTest
    @MethodSource("patternsOfManyWays")
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aPatternThatCanMatchInManyWaysIsMatchedSoon(String key) {
        ModulePattern pattern = pattern(key);

        for (int i = 0; i < 300; i++) assertThat(pattern.matches(MODULE)).isFalse();
    }

    static Stream<String> patternsOfManyStates() {
        return Stream.of("(^){2000000000}z", "(){99999999999999}", "(|){2000000000}z", "((a{1000}){1000}){1000}", "a{100000}",
                "(a{,1000}){1000,}");
    }

    @ParameterizedTest
    @MethodSource("patternsOfManyStates")
    void aPatternOfTooManyStatesIsRefused(String key) {
        assertThatThrownBy(() -> pattern(key)).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("expected shorter or fewer patterns, found more than 100000 characters up to here");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            ^{2000000000}z            ; {20 at offset 1
            ^?^?                      ; ?^? at offset 1
            (|||||(?!)[(])            ; (?! at offset 6
            (?i)q_proj                ; (?i at offset 0
            (?P<layer>q)              ; (?P at offset 0
            (a                        ; its end at offset 2
            a)|(b                     ; )|( at offset 1
            a**                       ; * at offset 2
            a*+                       ; + at offset 2
            *a                        ; *a at offset 0
            a{2,1}                    ; {2, at offset 1
            a{}                       ; {} at offset 1
            a{b}                      ; {b} at offset 1
            [ab                       ; [ab at offset 0
            [b-a]                     ; b-a at offset 1
            [\\d-a]                   ; \\d- at offset 1
            \\Q(\\E                   ; \\Q( at offset 0
            \\bq                      ; \\bq at offset 0
            (a)\\1                    ; \\1 at offset 3
            q\\                       ; \\ at offset 1
            """)
    void anythingElseIsRefused(String key, String found) {
        assertThatThrownBy(() -> pattern(key)).isInstanceOf(ModelFormatException.class).hasMessageContaining("adapter_config.json")
                .hasMessageEndingWith(
                        ": expected a pattern of characters, \\d, \\w, ., [...], (...|...), ^, $, ?, *, + and {m,n}, found " + found);
    }

    @Test
    void groupsWithinGroupsHaveALimit() {
        assertThat(pattern("(".repeat(50) + "a" + ")".repeat(50)).matches("a")).isTrue();
        assertThatThrownBy(() -> pattern("(".repeat(90_000))).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("expected at most 50 groups inside each other, found more");
    }

    @Test
    void alternativesForTheLayersOfTwoKindsAreAllowed() {
        ModulePattern pattern = pattern("layers\\.(0|1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17|18|19)\\..*q_proj"
                + "|layers\\.(20|21|22|23|24|25|26|27|28|29|30|31|32|33|34|35|36|37|38|39)\\..*v_proj");

        assertThat(pattern.matches(MODULE)).isTrue();
        assertThat(pattern.matches(MODULE.replace("17", "20"))).isFalse();
        assertThat(pattern.matches("layers.39.self_attn.v_proj")).isTrue();
    }
}
