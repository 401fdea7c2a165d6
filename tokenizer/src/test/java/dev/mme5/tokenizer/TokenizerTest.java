package dev.mme5.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import dev.mme5.json.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {
    private static final TokenizerFile FILE = TokenizerFile.hello()
            .withAdded("\"content\":\"<s>\",\"special\":true", "\"content\":\"a b\"");   // 261, 262

    private final Tokenizer tokenizer = FILE.tokenizer();

    @TempDir
    private Path folder;

    @Test
    void opensAFolder() throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), FILE.json());
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"add_bos_token\":true}");

        assertThat(Tokenizer.open(folder).encode("hello")).containsExactly(259);
    }

    @Test
    void refusesAFolderWithoutItsFiles() throws IOException {
        Path json = folder.resolve("tokenizer.json");
        Path config = folder.resolve("tokenizer_config.json");

        assertThatThrownBy(() -> Tokenizer.open(folder)).isInstanceOf(ModelFormatException.class)
                .hasMessage(json + ": not found");
        Files.writeString(json, FILE.json());
        assertThatThrownBy(() -> Tokenizer.open(folder)).isInstanceOf(ModelFormatException.class)
                .hasMessage(config + ": not found");
        Files.writeString(config, "[]");
        assertThatThrownBy(() -> Tokenizer.open(folder)).isInstanceOf(ModelFormatException.class)
                .hasMessage(config + ": expected an object, found an array");
    }

    @Test
    void encodesNothingAsNothing() {
        assertThat(tokenizer.encode("")).isEmpty();
        assertThat(tokenizer.encodeRaw("")).isEmpty();
    }

    @Test
    void keepsTheFirstIdsAndCountsTheRest() {
        Encoding cut = tokenizer.encode("hello hello, hello", 2);
        Encoding whole = tokenizer.encode("hello hello, hello", 4);

        assertThat(cut.ids()).containsExactly(259, 260);
        assertThat(cut.truncated()).isTrue();
        assertThat(cut.total()).isEqualTo(4);
        assertThat(whole.ids()).containsExactly(259, 260, ',', 260);
        assertThat(whole.truncated()).isFalse();
        assertThatThrownBy(() -> tokenizer.encode("hello", 0)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxTokens is 0, expected at least 1");
    }

    @Test
    void readsUnpairedSurrogatesAsReplacementCharacters() {
        assertThat(tokenizer.encodeRaw("a\uD800b")).isEqualTo(tokenizer.encodeRaw("a\uFFFDb"));
    }

    @Test
    void decodesWithAndWithoutSpecialTokens() {
        int[] ids = tokenizer.encodeRaw("<s>hello<s> hello a b");

        assertThat(ids).containsExactly(261, 259, 261, 260, ' ', 262);
        assertThat(tokenizer.decode(ids)).isEqualTo("<s>hello<s> hello a b");
        assertThat(tokenizer.decode(ids, false)).isEqualTo("hello hello a b");
    }

    @Test
    void decodesHalfACharacterAsReplacementCharacter() {
        assertThat(tokenizer.decode(new int[] {0xF0, 0x9F, 0x98, 'x'})).isEqualTo("\uFFFDx");
        assertThat(tokenizer.decode(new int[] {0xF0, 0x9F, 0x98, 0x80})).isEqualTo("😀");
    }

    @Test
    void anAddedTokenInTheByteAlphabetDecodesToItsByteAsInTheTokenizersLibrary() {
        Tokenizer odd = TokenizerFile.read(FILE.json().replace("\"id\":262,\"normalized\":false,\"content\":\"a b\"",
                "\"id\":233,\"normalized\":false,\"content\":\"é\""));

        assertThat(odd.encodeRaw("éa")).containsExactly(233, 'a');
        assertThat(odd.decode(new int[] {233, 'a'})).isEqualTo("\uFFFDa");
    }

    @Test
    void refusesToDecodeAnIdThatIsNoTokens() {
        Tokenizer withHole = TokenizerFile.read(FILE.json().replace("\"id\":262", "\"id\":300"));

        assertThat(withHole.size()).isEqualTo(301);
        for (int id : new int[] {-1, 262, 301, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> withHole.decode(new int[] {id})).isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no token has id %d: expected one of 0 to 300".formatted(id));
        }
    }

    @Test
    void knowsItsTokens() {
        assertThat(tokenizer.id("hello")).isEqualTo(OptionalInt.of(259));
        assertThat(tokenizer.id("Ġhello")).isEqualTo(OptionalInt.of(260));
        assertThat(tokenizer.id("<s>")).isEqualTo(OptionalInt.of(261));
        assertThat(tokenizer.id("a b")).isEqualTo(OptionalInt.of(262));
        assertThat(tokenizer.id("hel")).isEmpty();
        assertThat(tokenizer.id("")).isEmpty();
        assertThat(tokenizer.size()).isEqualTo(263);
        assertThat(tokenizer.maxId()).isEqualTo(262);
        assertThat(tokenizer.addedTokens()).extracting(AddedToken::content).containsExactly("<s>", "a b");
    }

    @Test
    void decodingUndoesEncoding() {
        RandomText random = new RandomText(6);
        for (int i = 0; i < 5_000; i++) {
            String text = random.valid(40);

            assertThat(tokenizer.decode(tokenizer.encodeRaw(text))).isEqualTo(text);
        }
    }

    @Test
    @Timeout(value = 60, threadMode = SEPARATE_THREAD)
    void oneLongPieceCostsAlmostLinearTime() {
        Tokenizer doubling = TokenizerFile.hello().withMerges(List.of("a a", "aa aa", "aaaa aaaa", "b a", "ba aa")).tokenizer();
        int million = 1_000_000;

        assertThat(doubling.encodeRaw("a".repeat(million))).hasSize(million / 8);
        assertThat(doubling.encodeRaw("ba".repeat(million / 2))).hasSize(million / 2);
        assertThat(doubling.encodeRaw(" ".repeat(million) + "x")).hasSize(million + 1);
        assertThat(doubling.encodeRaw("é".repeat(million / 2))).hasSize(million);
        assertThat(doubling.encode("a b\n".repeat(million / 4), 3).ids()).hasSize(3);
    }

    @Test
    void manyThreadsGetTheIdsThatOneGets() throws Exception {
        RandomText random = new RandomText(7);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) texts.add(random.valid(30) + " hello" + i % 50 + "lohell");
        List<int[]> expected = new ArrayList<>();
        for (String text : texts) expected.add(FILE.tokenizer().encode(text));   // each with its own cache

        List<Future<List<int[]>>> runs = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 8; i++) runs.add(threads.submit(() -> texts.stream().map(tokenizer::encode).toList()));
        }

        for (Future<List<int[]>> run : runs) {
            for (int i = 0; i < texts.size(); i++) assertThat(run.get().get(i)).containsExactly(expected.get(i));
        }
    }

    @Test
    void aTextThatIsCutBelowTheLeastTokensHasAShortage() {
        assertThat(new Encoding(new int[2], 9).shortage(2, 3))
                .hasValue("the limit is 2, expected at least 3 tokens: it leaves no room for text beside the special tokens");
        assertThat(new Encoding(new int[3], 9).shortage(3, 3)).isEmpty();
        assertThat(new Encoding(new int[2], 2).shortage(2, 3)).as("nothing was cut off").isEmpty();
    }

    @Test
    void anEncodingHasNoMoreIdsThanItsTotal() {
        assertThatThrownBy(() -> new Encoding(new int[3], 2)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("3 ids of a total of 2");
    }
}
