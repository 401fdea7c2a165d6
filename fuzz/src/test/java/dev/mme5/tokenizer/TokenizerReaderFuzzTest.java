package dev.mme5.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.mme5.fuzz.Bounds;
import dev.mme5.json.JsonReader;
import dev.mme5.json.JsonWriter;
import dev.mme5.json.ModelFormatException;
import dev.mme5.tokenizer.common.ByteAlphabet;
import dev.mme5.tokenizer.pretokenizer.Llama3PreTokenizer;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** A file is refused with its location, or gives a tokenizer that can decode all ids that it produces. */
class TokenizerReaderFuzzTest {
    private static final long TABLES = 8 << 20;

    /** The required members in their shortest form. Fuzzing whole files would mostly break the 256 byte tokens. */
    private static final String BEFORE =
            "{\"pre_tokenizer\":{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Split\",\"pattern\":{\"Regex\":"
                    + JsonWriter.quote(Llama3PreTokenizer.PATTERN)
                    + "},\"behavior\":\"Isolated\"},{\"type\":\"ByteLevel\",\"add_prefix_space\":false,"
                    + "\"use_regex\":false}]},\"decoder\":{\"type\":\"ByteLevel\"},";

    static Stream<byte[]> models() {
        return Stream.of(
                "\"model\":{\"type\":\"BPE\",\"merges\":[\"a b\",[\"ab\",\"c\"]],\"ignore_merges\":true,\"vocab\":{\"ab\":256,\"abc\":257,",
                "\"added_tokens\":[{\"id\":300,\"content\":\"<s>\",\"special\":true,\"lstrip\":true,\"normalized\":false}],"
                        + "\"model\":{\"type\":\"BPE\",\"merges\":[],\"vocab\":{",
                "\"post_processor\":{\"type\":\"TemplateProcessing\",\"single\":[{\"SpecialToken\":{\"id\":\"x\"}},"
                        + "{\"Sequence\":{\"id\":\"A\"}}],"
                        + "\"special_tokens\":{\"x\":{\"ids\":[97],\"tokens\":[\"a\"]}}},\"model\":{\"type\":\"BPE\",\"merges\":[],"
                        + "\"vocab\":{")
                .map(text -> text.getBytes(UTF_8));
    }

    /** The input is the text in front of the 256 byte tokens. */
    @MethodSource("models")
    @FuzzTest
    void tokenizerFile(byte[] model) {
        StringBuilder bytes = new StringBuilder();
        for (int b = 0; b < 256; b++) {
            bytes.append(b == 0 ? "" : ",").append(JsonWriter.quote(String.valueOf(ByteAlphabet.character(b)))).append(':').append(b);
        }
        byte[] before = BEFORE.getBytes(UTF_8);
        byte[] after = (bytes + "}}" + (new String(model, UTF_8).contains("added_tokens") ? "}" : ",\"added_tokens\":[]}")).getBytes(UTF_8);
        byte[] file = new byte[before.length + model.length + after.length];
        System.arraycopy(before, 0, file, 0, before.length);
        System.arraycopy(model, 0, file, before.length, model.length);
        System.arraycopy(after, 0, file, before.length + model.length, after.length);

        Tokenizer tokenizer;
        try {
            tokenizer = Bounds.within(TABLES + 3000L * file.length + idTables(model),
                    () -> TokenizerReader.read("x", FolderSettings.NONE, rawReader -> JsonReader.parseObject(file, "x", rawReader)));
        } catch (ModelFormatException refused) {
            assertThat(refused.getMessage()).startsWith("x: ").doesNotContain("\n");
            return;
        }
        for (int id : tokenizer.encode("abc <s> <s>x ab é\u3000 1234")) {
            assertThat(id).isBetween(0, tokenizer.maxId());
            assertThat(tokenizer.decode(new int[] {id})).isNotNull();
        }
    }

    /** Tables are as long as the highest id, which a file of few bytes can set to the maximum. */
    private static long idTables(byte[] model) {
        return model.length < 8 ? 0 : 10_000_000L * 24;
    }
}
