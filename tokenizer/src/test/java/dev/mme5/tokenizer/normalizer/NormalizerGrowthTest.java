package dev.mme5.tokenizer.normalizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.json.JsonReader;
import dev.mme5.json.ModelFormatException;
import dev.mme5.tokenizer.common.SpanHandler;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** A file cannot make a line of text fill the memory. */
class NormalizerGrowthTest {
    private static final String DOUBLING = "{\"type\":\"Replace\",\"pattern\":{\"String\":\"a\"},\"content\":\"aa\"}";

    private static Normalizer read(String normalizer) {
        byte[] file = ("{\"normalizer\":" + normalizer + "}").getBytes(StandardCharsets.UTF_8);
        return NormalizerReader.read(JsonReader.parseObject(file, "tokenizer.json"));
    }

    private static String doubling(int times) {
        return "{\"type\":\"Sequence\",\"normalizers\":[" + String.join(",", Collections.nCopies(times, DOUBLING)) + "]}";
    }

    private static String normalized(Normalizer normalizer, String text) {
        StringBuilder out = new StringBuilder();
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        SpanHandler append = (bytes, from, to) -> out.append(new String(bytes, from, to - from, StandardCharsets.UTF_8));
        normalizer.normalize(utf8, 0, utf8.length, append);
        return out.toString();
    }

    @Test
    void aFewDoublingsAreApplied() {
        assertThat(normalized(read(doubling(3)), "ab")).isEqualTo("aaaaaaaab");
    }

    @Test
    void manyAreRefused() {
        assertThatThrownBy(() -> read(doubling(40))).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("normalizer: expected steps that make no text more than 10000 times as long, found 1.10e+12 times");
    }

    @Test
    void oneLongReplacementIsRefused() {
        String replace = DOUBLING.replace("\"aa\"", "\"" + "b".repeat(10_001) + "\"");

        assertThatThrownBy(() -> read(replace)).hasMessageContaining("1.00e+04 times");
    }

    @Test
    void whatModelsHaveIsRead() {
        assertThat(normalized(read("{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"NFKD\"},{\"type\":\"Lowercase\"},"
                + "{\"type\":\"BertNormalizer\",\"clean_text\":true,\"handle_chinese_chars\":true,\"strip_accents\":null,"
                + "\"lowercase\":true}]}"), "\ufdfa")).isNotEmpty();
    }
}
