package dev.mme5.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.json.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What files beside tokenizer.json change. Ids are those of transformers 5.18. */
class FolderSettingsTest {
    /** Nothing in it is as BertTokenizer builds it. */
    private static final String WORD_PIECE = """
            {"added_tokens":[{"id":3,"content":"[SEP]","special":true},{"id":9,"content":"<x>","special":true}],"normalizer":null,
            "pre_tokenizer":{"type":"WhitespaceSplit"},"post_processor":null,"decoder":{"type":"WordPiece","prefix":"@@","cleanup":false},
            "model":{"type":"WordPiece","unk_token":"[PAD]","continuing_subword_prefix":"@@","max_input_chars_per_word":2,
            "vocab":{"[PAD]":0,"[UNK]":1,"[CLS]":2,"[SEP]":3,"[MASK]":4,"a":5,"##a":6,"@@a":7,"A":8}}}""";

    /** Nothing in it is as XLMRobertaTokenizer builds it. */
    private static final String UNIGRAM = """
            {"added_tokens":[],"normalizer":{"type":"Lowercase"},"pre_tokenizer":null,"post_processor":null,
            "decoder":{"type":"Metaspace","replacement":"_"},
            "model":{"type":"Unigram","unk_id":0,"byte_fallback":true,
            "vocab":[["<s>",0],["<pad>",0],["</s>",0],["<unk>",0],["\u2581",-2],["a",-3],["\u2581a",-1],["<0x62>",-9],["A",-4]]}}""";

    @TempDir
    Path folder;

    @BeforeEach
    void withoutLinks() throws IOException {
        folder = folder.toRealPath();
    }

    @Test
    void withoutAnyClassTheFileCounts() throws IOException {
        write("tokenizer.json", WORD_PIECE);
        write("tokenizer_config.json", "{}");
        assertThat(ids("a A aa aaa ")).containsExactly(5, 8, 5, 7, 0);

        write("config.json", "{\"model_type\":\"bert\"}");
        assertThat(ids("a A aa aaa ")).containsExactly(2, 5, 5, 5, 6, 5, 6, 6, 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"BertTokenizer", "BertTokenizerFast", "DistilBertTokenizerFast", "ElectraTokenizer", "LayoutLMTokenizer",
        "LxmertTokenizer", "MobileBertTokenizer", "SqueezeBertTokenizer"})
    void bertTokenizerBuildsAllButTheTokens(String name) throws IOException {
        write("tokenizer.json", WORD_PIECE);
        write("tokenizer_config.json", "{\"tokenizer_class\":\"" + name + "\"}");
        Tokenizer tokenizer = Tokenizer.open(folder);

        assertThat(tokenizer.encode("A aa b [MASK]<x>")).containsExactly(2, 5, 5, 6, 1, 4, 9, 3);
        assertThat(tokenizer.encode("a".repeat(100))).hasSize(102).startsWith(2, 5, 6);
        assertThat(tokenizer.encode("a".repeat(101))).containsExactly(2, 1, 3);
        assertThat(tokenizer.encodePair("a", "aa")).containsExactly(2, 5, 3, 5, 6, 3);
        assertThat(tokenizer.decode(new int[] {5, 6})).isEqualTo("aa");
    }

    @Test
    void withoutADecoderTokensAreJoinedBySpaces() throws IOException {
        write("tokenizer.json", WORD_PIECE.replace("{\"type\":\"WordPiece\",\"prefix\":\"@@\",\"cleanup\":false}", "null"));
        write("tokenizer_config.json", "{}");
        Tokenizer tokenizer = Tokenizer.open(folder);

        assertThat(tokenizer.encode("aa")).containsExactly(5, 7);
        assertThat(tokenizer.decode(new int[] {3, 5, 7})).isEqualTo("[SEP] a @@a");
        assertThat(tokenizer.hasDecoder()).isFalse();
    }

    /** The general classes give the model the types of the template only if the file says so; BertTokenizer has a template of its own. */
    @Test
    void tokenTypesOfATemplateThatWouldReachTheModelAreRefused() throws IOException {
        String template = """
                {"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"[CLS]","type_id":%d}},{"Sequence":{"id":"A","type_id":%d}}],
                "pair":[],"special_tokens":{"[CLS]":{"id":"[CLS]","ids":[2],"tokens":["[CLS]"]}}}""";
        String passing = "{\"model_input_names\":[\"input_ids\",\"token_type_ids\"]%s}";
        write("tokenizer.json", WORD_PIECE.replace("\"post_processor\":null", "\"post_processor\":" + template.formatted(0, 1)));

        write("tokenizer_config.json", "{}");
        assertThat(ids("a")).containsExactly(2, 5);
        write("tokenizer_config.json", "{\"model_input_names\":[\"input_ids\",\"attention_mask\"]}");
        assertThat(ids("a")).containsExactly(2, 5);
        write("tokenizer_config.json", passing.formatted(",\"tokenizer_class\":\"BertTokenizer\""));
        assertThat(ids("a")).containsExactly(2, 5, 3);

        write("tokenizer_config.json", passing.formatted(""));
        String found =
                "type_id: expected 0, found 1: tokenizer_config.json has token_type_ids in model_input_names, and only type 0 is computed";
        assertThatThrownBy(() -> Tokenizer.open(folder)).isInstanceOf(ModelFormatException.class)
                .hasMessage(folder.resolve("tokenizer.json") + ": post_processor.single[1].Sequence." + found);
        write("tokenizer.json", WORD_PIECE.replace("\"post_processor\":null", "\"post_processor\":" + template.formatted(1, 0)));
        assertThatThrownBy(() -> Tokenizer.open(folder)).hasMessageEndingWith(": post_processor.single[0].SpecialToken." + found);
        write("tokenizer.json", WORD_PIECE.replace("\"post_processor\":null", "\"post_processor\":" + template.formatted(0, 0)));
        assertThat(ids("a")).containsExactly(2, 5);
    }

    /** In the library the second sees other pieces as the first of the text than here. */
    @Test
    void metaspaceFirstBehindAnotherMetaspaceIsRefused() throws IOException {
        String always = "{\"type\":\"Metaspace\",\"replacement\":\"_\"}";
        String first = "{\"type\":\"Metaspace\",\"replacement\":\"\u2581\",\"prepend_scheme\":\"first\"}";
        write("tokenizer_config.json", "{}");

        write("tokenizer.json", UNIGRAM.replace("\"pre_tokenizer\":null",
                "\"pre_tokenizer\":{\"type\":\"Sequence\",\"pretokenizers\":[" + first + "," + always + "]}"));
        assertThat(ids("a aa")).containsExactly(0, 6, 0, 6, 5);

        write("tokenizer.json", UNIGRAM.replace("\"pre_tokenizer\":null",
                "\"pre_tokenizer\":{\"type\":\"Sequence\",\"pretokenizers\":[" + always + "," + first + "]}"));
        assertThatThrownBy(() -> Tokenizer.open(folder)).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("pre_tokenizer.pretokenizers[1]: expected no Metaspace with prepend_scheme \"first\" behind another");
    }

    @Test
    void theSettingsNameTheSpecialTokensOfBert() throws IOException {
        write("tokenizer.json", WORD_PIECE);
        write("tokenizer_config.json", """
                {"tokenizer_class":"BertTokenizer","cls_token":"[MASK]","sep_token":{"content":"<x>"},"unk_token":"[PAD]"}""");

        assertThat(ids("a b")).containsExactly(4, 5, 0, 9);
    }

    @Test
    void theAddedTokensOfTheSettingsReplaceThoseOfTheFile() throws IOException {
        write("tokenizer.json", WORD_PIECE);
        write("tokenizer_config.json", """
                {"tokenizer_class":"BertTokenizer","added_tokens_decoder":{"8":{"content":"A"},"3":{"content":"[SEP]","special":true}}}""");
        assertThat(ids("a A <x>")).containsExactly(2, 8, 8, 1, 1, 1, 3);   // A is normalised to a, as the text is
        write("tokenizer_config.json", """
                {"tokenizer_class":"BertTokenizer","added_tokens_decoder":{"8":{"content":"A","normalized":false}}}""");
        assertThat(ids("a A <x>")).containsExactly(2, 5, 8, 1, 1, 1, 3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "cls_token":""                                | tokenizer_config.json: cls_token: is empty
            "additional_special_tokens":"a"               | tokenizer_config.json: additional_special_tokens: expected an array, found "a"
            "extra_special_tokens":[5]                    | tokenizer_config.json: extra_special_tokens[0]: expected a string, found 5
            "extra_special_tokens":["a",""]               | tokenizer_config.json: extra_special_tokens[1]: is empty
            "extra_special_tokens":{"x":5}                | tokenizer_config.json: extra_special_tokens.x: expected a string, found 5
            "split_special_tokens":1                      | tokenizer_config.json: split_special_tokens: expected true or false, found 1
            "unk_token":"<x>" \
                    | tokenizer.json: model.vocab: no token "<x>": expected the unk_token of BertTokenizer
            "sep_token":null \
                    | tokenizer_config.json: sep_token: expected the sep_token of BertTokenizer, found null
            "sep_token":5                                 | tokenizer_config.json: sep_token: expected a string, found 5
            "pad_token":""                                | tokenizer_config.json: pad_token: is empty
            "added_tokens_decoder":{"3":{"content":"a"}} \
                    | tokenizer_config.json: added_tokens_decoder.3.content: expected the token with id 3, found "a", whose id is 5
            "added_tokens_decoder":{"-1":{"content":"y"}} \
                    | tokenizer_config.json: added_tokens_decoder.-1.content: expected the token with id -1, found "y", whose id is 9
            "extra_special_tokens":{"cls_token":"a"} \
                    | tokenizer_config.json: extra_special_tokens.cls_token: expected names of the folder's own, found a usual one
            "truncation_side":"left" \
                    | tokenizer_config.json: truncation_side: expected "right", found "left": texts are cut at their end
            """)
    void refusesSettingsInOneLine(String member, String message) throws IOException {
        write("tokenizer.json", WORD_PIECE);
        write("tokenizer_config.json", "{\"tokenizer_class\":\"BertTokenizer\"," + member + "}");

        assertRefused(message);
    }

    /** In the embedding table it has a row, or is refused there. */
    @Test
    void aNewTokenHasTheNextId() throws IOException {
        write("tokenizer.json", WORD_PIECE);
        write("tokenizer_config.json", "{\"tokenizer_class\":\"BertTokenizer\",\"cls_token\":\"[cls]\"}");

        assertThat(ids("a [cls]")).containsExactly(10, 5, 10, 3);
    }

    /** The usual token gets the id in front of it, whether there is a row for it or not. */
    @Test
    void aUsualTokenThatTheVocabularyDoesNotHaveIsNew() throws IOException {
        write("tokenizer.json", WORD_PIECE.replace("[MASK]", "[x]"));
        write("tokenizer_config.json", "{\"tokenizer_class\":\"BertTokenizer\"}");
        assertThat(ids("[MASK]")).containsExactly(2, 10, 3);
        assertThat(Tokenizer.open(folder, 10).encode("[MASK]")).containsExactly(2, 1, 1, 1, 3);
        write("config.json", "{\"vocab_size\":10}");
        assertThat(ids("[MASK]")).containsExactly(2, 1, 1, 1, 3);   // as the model takes it
        assertThat(Tokenizer.open(folder, 11).encode("[MASK]")).containsExactly(2, 10, 3);
        write("config.json", "{}");

        write("tokenizer_config.json", "{\"tokenizer_class\":\"BertTokenizer\",\"extra_special_tokens\":[\"new\"]}");
        assertThat(ids("new")).containsExactly(2, 11, 3);
        assertThatThrownBy(() -> Tokenizer.open(folder, 11)).hasMessageContaining("no id below 11 is left for it");
    }

    @Test
    void paddingNamesATokenOfAClassThatTakesAll() throws IOException {
        write("tokenizer.json", WORD_PIECE.replace("\"normalizer\"", "\"padding\":{\"pad_token\":\"\"},\"normalizer\""));
        assertRefused("tokenizer.json: padding.pad_token: is empty");

        write("tokenizer.json", WORD_PIECE.replace("\"normalizer\"", "\"padding\":{\"pad_token\":\"A\"},\"normalizer\""));
        assertThat(ids("aAa")).containsExactly(5, 8, 5);
    }

    @Test
    void paddingIsNotReadWhereItsTokenDoesNotCount() throws IOException {
        write("tokenizer.json", WORD_PIECE.replace("\"normalizer\"", "\"padding\":{\"pad_token\":\"\"},\"normalizer\""));
        write("tokenizer_config.json", "{\"pad_token\":\"A\"}");
        assertThat(ids("aAa")).containsExactly(5, 8, 5);

        write("tokenizer_config.json", "{\"tokenizer_class\":\"BertTokenizer\"}");
        assertThat(ids("a")).containsExactly(2, 5, 3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                              | "extra_special_tokens":5 \
                    | special_tokens_map.json: extra_special_tokens: expected an array, found 5
            {}                              | "extra_special_tokens":"x" \
                    | special_tokens_map.json: extra_special_tokens: expected an array, found "x"
            {"extra_special_tokens":["a"]}  | "extra_special_tokens":5 \
                    | special_tokens_map.json: extra_special_tokens: expected an array, found 5
            {}                              | "additional_special_tokens":{"x_token":"a"} \
                    | special_tokens_map.json: additional_special_tokens: expected an array, found an object
            {"extra_special_tokens":{"x_token":"a"},"additional_special_tokens":{"y_token":"b"}} | "cls_token":"[CLS]" \
                    | tokenizer_config.json: additional_special_tokens: expected an array, found an object
            """)
    void refusesListsOfAnotherType(String config, String ofMap, String message) throws IOException {
        write("tokenizer.json", WORD_PIECE);
        write("tokenizer_config.json", config);
        write("special_tokens_map.json", "{" + ofMap + "}");

        assertRefused(message);
    }

    @Test
    void noTokenIsFoundInsideASpecialOneThatIsText() throws IOException {
        write("tokenizer.json", WORD_PIECE.replace("\"<x>\",\"special\":true", "\"SEP\",\"normalized\":false"));
        Tokenizer tokenizer = Tokenizer.open(folder);

        assertThat(tokenizer.encodePlain("", "SEP [SEP]", 9).ids()).containsExactly(9, 0);
    }

    @Test
    void settingsMayBeMissing() throws IOException {
        write("tokenizer.json", WORD_PIECE);
        assertThat(ids("a A aa aaa ")).containsExactly(5, 8, 5, 7, 0);

        write("config.json", "{\"model_type\":\"bert\"}");
        assertThat(ids("a A aa aaa ")).containsExactly(2, 5, 5, 5, 6, 5, 6, 6, 3);
        write("special_tokens_map.json", "{\"cls_token\":5,\"sep_token\":{\"content\":\"[MASK]\"}}");
        assertRefused("special_tokens_map.json: cls_token: expected a string, found 5");
        write("special_tokens_map.json", "{\"sep_token\":{\"content\":\"[MASK]\"}}");
        assertThat(ids("a")).containsExactly(2, 5, 4);
        write("added_tokens.json", "{\"a\":-5}");
        assertRefused("added_tokens.json: a: id -5 is negative");
        write("added_tokens.json", "{\"\":5}");
        assertRefused("added_tokens.json: expected tokens with at least one character, found \"\"");
        write("special_tokens_map.json", "{\"do_lower_case\":false}");
        assertRefused("special_tokens_map.json: do_lower_case: expected it in tokenizer_config.json, found it here");
    }

    @Test
    void newTokensHaveIdsBelowALimit() throws IOException {
        write("tokenizer.json", WORD_PIECE);
        write("tokenizer_config.json", "{\"tokenizer_class\":\"BertTokenizer\"}");
        write("added_tokens.json", "{\"new\":20}");

        assertThat(Tokenizer.open(folder, 11).encode("new")).containsExactly(2, 10, 3);
        assertThatThrownBy(() -> Tokenizer.open(folder, 10)).isInstanceOf(ModelFormatException.class).hasMessage(folder
                .resolve("added_tokens.json")
                + ": new: expected a token of tokenizer.json, found \"new\", and no id below 10 is left for it");
    }

    @Test
    void aByteLevelTokenizerTakesNoTokensFromOtherFiles() throws IOException {
        Path mini = Path.of("../models/mini");
        for (String file : new String[] {"tokenizer.json", "tokenizer_config.json"}) Files.copy(mini.resolve(file), folder.resolve(file));
        write("special_tokens_map.json", "{");
        write("added_tokens.json", "{");
        assertThat(ids("A cat")).isEqualTo(Tokenizer.open(mini).encode("A cat"));

        write("tokenizer_config.json", "{\"mask_token\":\"[MASK]\"}");
        assertRefused("tokenizer_config.json: mask_token: expected an added token of tokenizer.json, found \"[MASK]\"");
        write("tokenizer_config.json", "{\"split_special_tokens\":true}");
        assertRefused(
                "tokenizer_config.json: split_special_tokens: expected false, found true: it is not applied to a byte-level tokenizer");
    }

    @Test
    void aVersionOfTheTokenizerForAReleaseIsRefused() throws IOException {
        write("tokenizer.json", WORD_PIECE);
        write("tokenizer_config.json", "{\"fast_tokenizer_files\":[\"tokenizer.json\",\"tokenizer.4.0.0.json\"]}");
        assertThat(ids("a")).containsExactly(5);
        write("tokenizer.4.0.0.json", "{}");
        assertRefused(
                "tokenizer_config.json: fast_tokenizer_files[1]: expected only tokenizer.json in the folder, found tokenizer.4.0.0.json "
                        + "too");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)   // creating links needs privileges there
    void aMapOutsideTheFolderIsRefused() throws IOException {
        write("tokenizer.json", WORD_PIECE);
        Path outside = Files.createDirectory(folder.resolve("other"));
        write("map.json", "{}");
        for (String file : new String[] {"tokenizer.json", "tokenizer_config.json"}) Files.writeString(outside.resolve(file), WORD_PIECE);
        Files.createSymbolicLink(outside.resolve("special_tokens_map.json"), folder.resolve("map.json"));

        assertThatThrownBy(() -> Tokenizer.open(outside)).isInstanceOf(ModelFormatException.class)
                .hasMessage(outside.resolve("special_tokens_map.json") + ": expected a file in the model folder, found a link to "
                        + folder.resolve("map.json"));
    }

    @Test
    void xlmRobertaTokenizerBuildsAllButTheTokens() throws IOException {
        write("tokenizer.json", UNIGRAM);
        write("tokenizer_config.json", "{\"tokenizer_class\":\"XLMRobertaTokenizer\"}");
        Tokenizer tokenizer = Tokenizer.open(folder);

        assertThat(tokenizer.encode("a  bbA<pad>")).containsExactly(0, 6, 4, 3, 8, 1, 2);
        assertThat(tokenizer.encodePair("a", "a")).containsExactly(0, 6, 2, 2, 6, 2);
        assertThat(tokenizer.decode(new int[] {6, 6})).isEqualTo("a a");

        write("tokenizer_config.json", "{\"tokenizer_class\":\"XLMRobertaTokenizer\",\"bos_token\":\"a\",\"eos_token\":\"<pad>\"}");
        assertThat(ids("b")).containsExactly(5, 4, 3, 1);
    }

    @Test
    void xlmRobertaTokenizerNeedsAnUnknownToken() throws IOException {
        write("tokenizer.json", UNIGRAM.replaceFirst("\\[\"<unk>\".*]]", "[\"a\",0]]").replace("[\"</s>\",0],", ""));
        write("tokenizer_config.json", "{\"tokenizer_class\":\"XLMRobertaTokenizer\"}");

        assertRefused("tokenizer.json: model.vocab: expected more than 3 tokens: XLMRobertaTokenizer has id 3 for unknown text, found 3");
    }

    @Test
    void aClassThatCouldNotUseTheModelDoesNotCount() throws IOException {
        write("tokenizer.json", UNIGRAM);
        write("tokenizer_config.json", "{\"tokenizer_class\":\"BertTokenizer\"}");

        assertThat(ids("aA")).containsExactly(5, 5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MPNetTokenizer", "MPNetTokenizerFast", "CamembertTokenizer", "AlbertTokenizerFast"})
    void aClassThatBuildsInAnotherWayIsRefused(String name) throws IOException {
        String message = ": tokenizer_class: a tokenizer of another kind: expected BertTokenizer, XLMRobertaTokenizer or a class that takes"
                + " all from tokenizer.json, found \"" + name + "\"";
        write("tokenizer.json", UNIGRAM);
        write("tokenizer_config.json", "{}");
        write("config.json", "{\"tokenizer_class\":\"" + name + "\"}");
        assertRefused("config.json" + message);

        write("tokenizer_config.json", "{\"tokenizer_class\":\"" + name + "\"}");
        assertRefused("tokenizer_config.json" + message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PreTrainedTokenizerFast", "PreTrainedTokenizer", "TokenizersBackend"})
    void theGeneralClassesTakeAllFromTheFile(String name) throws IOException {
        write("tokenizer.json", WORD_PIECE);
        write("tokenizer_config.json", "{\"tokenizer_class\":\"" + name + "\"}");
        write("config.json", "{\"model_type\":\"bert\"}");

        assertThat(ids("a A aa aaa ")).containsExactly(5, 8, 5, 7, 0);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)   // creating links needs privileges there
    void aLinkToNowhereIsRefusedAndNotReplacedByAnOlderFile() throws IOException {
        write("tokenizer.json", WORD_PIECE);
        write("tokenizer_config.json", "{}");
        write("sentence_roberta_config.json", "{\"do_lower_case\":true}");
        assertThat(ids("A")).containsExactly(5);

        Files.createSymbolicLink(folder.resolve("sentence_bert_config.json"), Path.of("missing.json"));
        assertRefused("sentence_bert_config.json: a link to a file that does not exist");
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }

    private int[] ids(String text) {
        return Tokenizer.open(folder).encode(text);
    }

    /** @param message without the folder in front */
    private void assertRefused(String message) {
        assertThatThrownBy(() -> Tokenizer.open(folder)).isInstanceOf(ModelFormatException.class)
                .hasMessage(folder.resolve(message.substring(0, message.indexOf(':'))) + message.substring(message.indexOf(':')));
    }
}
