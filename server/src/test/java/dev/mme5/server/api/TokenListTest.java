package dev.mme5.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenListTest {
    /** Puts a space in front of a text, but not after a special token. */
    private static final String UNIGRAM = """
            {"added_tokens":[{"id":0,"content":"<unk>","special":true},{"id":1,"content":"<|begin_of_text|>","special":true}],
            "normalizer":{"type":"NFKC"},"pre_tokenizer":{"type":"Metaspace","replacement":"\\u2581","prepend_scheme":"first"},
            "post_processor":null,"decoder":{"type":"Metaspace","replacement":"\\u2581"},"model":{"type":"Unigram","unk_id":0,
            "vocab":[["<unk>",0],["<|begin_of_text|>",0],["\\u2581a",-1],["a",-2],["\\u2581",-3],["b",-3]]}}""";

    @TempDir
    private Path folder;

    /**
     * The prompt of mmE5 begins with a token of its own, so that the text after it has other ids than alone: the same ids are not to be
     * found in what the model sees.
     */
    @Test
    void aTextWithOtherIdsThanAloneHasItsPlaces() throws IOException {
        assertThat(list(false)).isEqualTo(token(2, "a", "0", "1") + "," + token(3, "a", "1", "2") + "," + token(2, "a", "3", "4"));
        assertThat(list(true)).isEqualTo("{\"id\":1,\"text\":\"<|begin_of_text|>\",\"special\":true,\"start\":null,\"stop\":null},"
                + token(3, "a", "0", "1") + "," + token(3, "a", "1", "2") + "," + token(2, "a", "3", "4"));
    }

    private static String token(int id, String text, String start, String stop) {
        return "{\"id\":%d,\"text\":\"%s\",\"special\":false,\"start\":%s,\"stop\":%s}".formatted(id, text, start, stop);
    }

    private String list(boolean withSpecial) throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), UNIGRAM);
        Files.writeString(folder.resolve("tokenizer_config.json"), "{}");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TokenList.of("aa a", withSpecial, new TextTokens(Tokenizer.open(folder), folder, 100, false)).writeTo(out);
        String list = out.toString(StandardCharsets.UTF_8);
        return list.substring(1, list.length() - 1);
    }
}
