package dev.mme5.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.json.ModelFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The refusals specify which files are read. */
class TokenizerReaderTest {
    private static final String TEMPLATE = """
            {"type":"TemplateProcessing",\
            "single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],\
            "pair":[],"special_tokens":{"<s>":{"id":"<s>","ids":[261],"tokens":["<s>"]}}}""";
    private static final String FILE = TokenizerFile.hello()
            .withAdded("\"content\":\"<s>\",\"special\":true", "\"content\":\"<e>\",\"special\":true")
            .withPostProcessor("{\"type\":\"Sequence\",\"processors\":[" + TokenizerFile.BYTE_LEVEL + "," + TEMPLATE + "]}").json();

    @Test
    void readsTheFileThatTheRefusalsStartFrom() {
        assertThat(TokenizerFile.read(FILE).encode("hello")).containsExactly(261, 259);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
            "normalizer":null          # "normalizer":{"type":"NFC"} \
                    # normalizer: a tokenizer of another kind: expected null, found "NFC"
            "model":{"type":"BPE"      # "model":{"type":"WordLevel" \
                    # model.type: a tokenizer of another kind: expected "BPE", "WordPiece" or "Unigram", found "WordLevel"
            "unk_token":null           # "unk_token":"<unk>" \
                    # model.unk_token: a tokenizer of another kind: expected null, found "<unk>"
            "dropout":null             # "dropout":0.1 \
                    # model.dropout: a tokenizer of another kind: expected null, found 0.1
            "byte_fallback":false      # "byte_fallback":true \
                    # model.byte_fallback: a tokenizer of another kind: expected false, found true
            "continuing_subword_prefix":null # "continuing_subword_prefix":"@@" \
                    # model.continuing_subword_prefix: a tokenizer of another kind: expected null, found "@@"
            "end_of_word_suffix":null  # "end_of_word_suffix":"</w>" \
                    # model.end_of_word_suffix: a tokenizer of another kind: expected null, found "</w>"
            "pre_tokenizer":{"type":"Sequence" # "pre_tokenizer":{"type":"Metaspace" \
                    # pre_tokenizer.type: a tokenizer of another kind: expected "Sequence", found "Metaspace"
            "type":"Split"             # "type":"Digits" \
                    # pre_tokenizer.pretokenizers[0].type: a tokenizer of another kind: expected "Split", found "Digits"
            "Regex":                   # "String":                         # pre_tokenizer.pretokenizers[0].pattern.Regex: missing
            "Isolated"                 # "Removed" \
                    # pre_tokenizer.pretokenizers[0].behavior: a tokenizer of another kind: expected "Isolated", found "Removed"
            "invert":false             # "invert":true \
                    # pre_tokenizer.pretokenizers[0].invert: a tokenizer of another kind: expected false, found true
            {"type":"ByteLevel","add_prefix_space":false # {"type":"Punctuation","add_prefix_space":false \
                    # pre_tokenizer.pretokenizers[1].type: a tokenizer of another kind: expected "ByteLevel", found "Punctuation"
            "add_prefix_space":false   # "add_prefix_space":true \
                    # pre_tokenizer.pretokenizers[1].add_prefix_space: a tokenizer of another kind: expected false, found true
            "use_regex":false          # "use_regex":true \
                    # pre_tokenizer.pretokenizers[1].use_regex: a tokenizer of another kind: expected false, found true
            ,"use_regex":false         # `` \
                    # pre_tokenizer.pretokenizers[1].use_regex: a tokenizer of another kind: expected false, found nothing
            "use_regex":false}]        # "use_regex":false},{"type":"X"}] \
                    # pre_tokenizer.pretokenizers: a tokenizer of another kind: expected Split and ByteLevel, found an array
            "decoder":{"type":"ByteLevel" # "decoder":{"type":"Fuse" \
                    # decoder.type: a tokenizer of another kind: expected "ByteLevel", found "Fuse"
            "decoder":{                # "decoder":null,"x":{ \
                    # decoder: a tokenizer of another kind: expected ByteLevel, found null
            "post_processor":{"type":"Sequence" # "post_processor":{"type":"BartProcessing" # post_processor.type: a tokenizer of another kind: expected ByteLevel, TemplateProcessing, BertProcessing, RobertaProcessing or a Sequence of these, found "BartProcessing"
            """)
    void refusesATokenizerOfAnotherKind(String what, String by, String message) {
        assertRefused(what, by, message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
            "model":                   # "modell":                         # model: missing
            "vocab":{                  # "vocab":7,"x":{                   # model.vocab: expected an object, found 7
            "ignore_merges":true       # "ignore_merges":"yes"             # model.ignore_merges: expected true or false, found "yes"
            "he":256                   # "he":"256"                        # model.vocab.he: expected an integer, found "256"
            "he":256                   # "he":-1                           # model.vocab.he: id -1 is negative
            "he":256                   # "he":10000001 \
                    # model.vocab.he: id 10000001 is beyond 10000000, the highest supported
            "he":256                   # "he":99999999999 \
                    # model.vocab.he: id 99999999999 is beyond 10000000, the highest supported
            "ll":257                   # "ll":256                          # model.vocab.ll: id 256 is already that of "he"
            "Ġ":32,                    # `` \
                    # model.vocab: no token "Ġ" for byte 32: expected one for each of the 256 bytes
            "h e"                      # "h  e" \
                    # model.merges[0]: expected two tokens, "left right" or ["left", "right"], found "h  e"
            "h e"                      # "he" \
                    # model.merges[0]: expected two tokens, "left right" or ["left", "right"], found "he"
            "h e"                      # ["h"] \
                    # model.merges[0]: expected two tokens, "left right" or ["left", "right"], found an array
            "h e"                      # ["h",1]                           # model.merges[0][1]: expected a string, found 1
            "h e"                      # 1 \
                    # model.merges[0]: expected two tokens, "left right" or ["left", "right"], found 1
            "ll o"                     # "lll o"                           # model.merges[2]: "lll" is not in the vocabulary
            "ll o"                     # "ll oo"                           # model.merges[2]: "oo" is not in the vocabulary
            "ll o"                     # "ll x"                            # model.merges[2]: "llx" is not in the vocabulary
            "id":262                   # "id":-5                           # added_tokens[1].id: id -5 is negative
            "id":262                   # "id":10000001 \
                    # added_tokens[1].id: id 10000001 is beyond 10000000, the highest supported
            "id":262                   # "id":261                          # added_tokens[1]: id 261 is already that of "<s>"
            "id":262                   # "id":256                          # added_tokens[1]: id 256 is already that of "he"
            "id":262                   # "id":1.5                          # added_tokens[1].id: expected an integer, found 1.5
            "content":"<e>"            # "content":"<s>"                   # added_tokens[1]: "<s>" has id 262 here and 261 elsewhere
            "content":"<e>"            # "content":"he"                    # added_tokens[1]: "he" has id 262 here and 256 elsewhere
            "content":"<e>"            # "content":""                      # added_tokens[1].content: is empty
            "content":"<e>"            # "lstrip":true                     # added_tokens[1].content: missing
            {"id":"<s>","type_id":0}   # {"id":"<x>","type_id":0} \
                    # post_processor.processors[1].single[0].SpecialToken.id: "<x>" is not in special_tokens
            "tokens":["<s>"]           # "tokens":["<x>"] \
                    # post_processor.processors[1].special_tokens.<s>.tokens[0]: "<x>" is not in the vocabulary
            "tokens":["<s>"]           # "tokens":[] \
                    # post_processor.processors[1].special_tokens.<s>.tokens: expected one for each of 1 ids, found 0
            "ids":[261]                # "ids":[262] \
                    # post_processor.processors[1].special_tokens.<s>.ids[0]: expected 261, the id of "<s>", found 262
            ,{"Sequence":{"id":"A","type_id":0}} # `` \
                    # post_processor.processors[1].single: no Sequence A: the text would be left out
            {"id":"A","type_id":0}     # {"id":"B","type_id":0} \
                    # post_processor.processors[1].single[1]: expected special tokens around one Sequence A
            {"type":"ByteLevel","add_prefix_space":true,"trim_offsets":false,"use_regex":true},{"type":"Tem # {"type":"Roberta"},{"type":"Tem # post_processor.processors[0].type: a tokenizer of another kind: expected ByteLevel, TemplateProcessing, BertProcessing, RobertaProcessing or a Sequence of these, found "Roberta"
            """)
    void refusesAFileThatContradictsItself(String what, String by, String message) {
        assertRefused(what, by, message);
    }

    @Test
    void refusesAnotherPatternAndShowsBoth() {
        String other = FILE.replace("{1,3}", "");

        assertThatThrownBy(() -> TokenizerFile.read(other)).isInstanceOf(ModelFormatException.class)
                .hasMessageStartingWith("tokenizer.json: pre_tokenizer.pretokenizers[0].pattern.Regex: ")
                .hasMessageContaining("a tokenizer of another kind: expected \"(?i:'s|'t")
                .hasMessageContaining("|\\\\p{N}{1,3}| ?[^")
                .hasMessageContaining("|\\\\p{N}| ?[^");
    }

    @Test
    void refusesASecondTemplate() {
        String other = FILE.replace(TEMPLATE, TEMPLATE + "," + TEMPLATE);

        assertThatThrownBy(() -> TokenizerFile.read(other)).isInstanceOf(ModelFormatException.class)
                .hasMessage("tokenizer.json: post_processor.processors[2]: "
                        + "a second TemplateProcessing, which has no defined meaning");
    }

    private static void assertRefused(String what, String by, String message) {
        assertThat(FILE).contains(what);
        String other = FILE.replace(what, by);

        assertThatThrownBy(() -> TokenizerFile.read(other)).isInstanceOf(ModelFormatException.class)
                .hasMessage("tokenizer.json: " + message);
    }

    /** The hash of any number of zero bytes is 0. */
    @Test
    void refusesTokensThatWereChosenToCollide() {
        StringBuilder zeros = new StringBuilder();
        for (int i = 2; i <= 700; i++) zeros.append('"').append("Ā".repeat(i)).append("\":").append(1000 + i).append(',');
        String json = FILE.replace("\"vocab\":{", "\"vocab\":{" + zeros);

        assertThatThrownBy(() -> TokenizerFile.read(json)).isInstanceOf(ModelFormatException.class)
                .hasMessage("tokenizer.json: expected tokens whose hashes are spread, found more than 500 that stand in one run");
    }

    /** Encoding compares every offset of a text with the added tokens, to their end. */
    @Test
    void refusesAnAddedTokenThatWouldMakeEncodingSlow() {
        String json = FILE.replace("\"content\":\"<e>\"", "\"content\":\"" + "a".repeat(1001) + "\"");

        assertThatThrownBy(() -> TokenizerFile.read(json)).isInstanceOf(ModelFormatException.class)
                .hasMessage("tokenizer.json: added_tokens[1].content: expected at most 1000 characters, found 1001");
    }

    @Test
    void refusesMoreAddedTokensThanTheTrieShouldHold() {
        String[] many = new String[1001];
        for (int i = 0; i < many.length; i++) many[i] = "\"content\":\"" + "a".repeat(990) + "%010d".formatted(i) + "\"";
        String json = TokenizerFile.hello().withAdded(many).json();

        assertThatThrownBy(() -> TokenizerFile.read(json)).isInstanceOf(ModelFormatException.class)
                .hasMessage("tokenizer.json: added_tokens[1000]: expected at most 1000000 characters in all added tokens");
    }
}
