package dev.mme5.tokenizer.postprocessor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.tokenizer.Encoding;
import dev.mme5.tokenizer.Tokenizer;
import dev.mme5.tokenizer.TokenizerFile;
import org.junit.jupiter.api.Test;

class PostProcessorTest {
    private static final TokenizerFile FILE = TokenizerFile.hello()
            .withAdded("\"content\":\"<s>\",\"special\":true", "\"content\":\"</s>\",\"special\":true");   // 261, 262
    private static final String TEMPLATE = """
            {"type":"TemplateProcessing","single":[%s],"pair":[],"special_tokens":{
            "<s>":{"id":"<s>","ids":[261],"tokens":["<s>"]},
            "both":{"id":"both","ids":[262,261],"tokens":["</s>","<s>"]}}}""";
    private static final String TEXT = "{\"Sequence\":{\"id\":\"A\",\"type_id\":0}}";
    private static final String START = "{\"SpecialToken\":{\"id\":\"<s>\",\"type_id\":0}}";
    private static final String BOTH = "{\"SpecialToken\":{\"id\":\"both\",\"type_id\":0}}";

    @Test
    void byteLevelAddsNothing() {
        assertThat(FILE.tokenizer().encode("a")).containsExactly('a');
        assertThat(FILE.withPostProcessor("null").tokenizer().encode("a")).containsExactly('a');
    }

    @Test
    void aTemplateAddsItsTokensEvenWhereTheTextHasThem() {
        Tokenizer tokenizer = FILE.withPostProcessor(TEMPLATE.formatted(START + "," + TEXT)).tokenizer();

        assertThat(tokenizer.encode("a")).containsExactly(261, 'a');
        assertThat(tokenizer.encode("<s>a")).containsExactly(261, 261, 'a');
        assertThat(tokenizer.encode("")).containsExactly(261);
        assertThat(tokenizer.encodeRaw("a")).containsExactly('a');
    }

    @Test
    void aTemplateMayAddBehindAndSeveralAtOnce() {
        String parts = String.join(",", BOTH, TEXT, START, BOTH);
        Tokenizer tokenizer = FILE.withPostProcessor(TEMPLATE.formatted(parts)).tokenizer();

        assertThat(tokenizer.encode("a")).containsExactly(262, 261, 'a', 261, 262, 261);
    }

    @Test
    void aSequenceAddsWhatItsTemplateAdds() {
        String sequence = "{\"type\":\"Sequence\",\"processors\":[%s,%s]}";
        String template = TEMPLATE.formatted(START + "," + TEXT);

        assertThat(FILE.withPostProcessor(sequence.formatted(TokenizerFile.BYTE_LEVEL, template)).tokenizer().encode("a"))
                .containsExactly(261, 'a');
    }

    @Test
    void truncationCountsTheAddedTokens() {
        Tokenizer tokenizer = FILE.withPostProcessor(TEMPLATE.formatted(START + "," + TEXT)).tokenizer();

        Encoding cut = tokenizer.encode("abc", 3);

        assertThat(cut.ids()).containsExactly(261, 'a', 'b');
        assertThat(cut.truncated()).isTrue();
        assertThat(cut.total()).isEqualTo(4);
    }

    @Test
    void pairTemplatePutsTokensAroundAndBetweenTwoTexts() {
        String second = TEXT.replace("\"A\"", "\"B\"");
        String pair = String.join(",", START, TEXT, BOTH, second, BOTH);
        String template = TEMPLATE.formatted(START + "," + TEXT).replace("\"pair\":[]", "\"pair\":[" + pair + "]");

        assertThat(FILE.withPostProcessor(template).tokenizer().encodePair("a", "b")).containsExactly(261, 'a', 262, 261, 'b', 262, 261);
        assertThat(FILE.withPostProcessor(template).tokenizer().encode("a")).containsExactly(261, 'a');
    }

    @Test
    void pairsWithoutTemplateAreRefusedWhenAskedFor() {
        Tokenizer tokenizer = FILE.withPostProcessor(TEMPLATE.formatted(START + "," + TEXT)).tokenizer();

        assertThatThrownBy(() -> tokenizer.encodePair("a", "b")).hasMessage("tokenizer.json has no template for pairs of texts");
        assertThat(FILE.tokenizer().encodePair("a", "b")).containsExactly('a', 'b');
    }

    @Test
    void pairTemplateWithATextTwiceIsRefused() {
        String template = TEMPLATE.formatted(START + "," + TEXT).replace("\"pair\":[]", "\"pair\":[" + TEXT + "," + TEXT + "]");

        assertThatThrownBy(() -> FILE.withPostProcessor(template).tokenizer())
                .hasMessageContaining("pair: expected the Sequences A and B once each, found AA");
    }
}
