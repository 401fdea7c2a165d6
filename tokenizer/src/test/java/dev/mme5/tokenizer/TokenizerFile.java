package dev.mme5.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mme5.json.JsonReader;
import dev.mme5.json.JsonWriter;
import dev.mme5.tokenizer.common.ByteAlphabet;
import dev.mme5.tokenizer.pretokenizer.Llama3PreTokenizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The text of a small {@code tokenizer.json}. Tokens 0 to 255 are the bytes in order; from 256 on come the merged tokens and then
 * the added ones. Immutable; each method returns a copy with one change.
 */
public record TokenizerFile(List<String> merges, boolean ignoreMerges, List<String> addedTokens, String postProcessor) {
    public static final String BYTE_LEVEL = "{\"type\":\"ByteLevel\",\"add_prefix_space\":true,\"trim_offsets\":false,\"use_regex\":true}";

    /** 256 he, 257 ll, 258 llo, 259 hello, 260 " hello". */
    public static TokenizerFile hello() {
        return new TokenizerFile(List.of("h e", "l l", "ll o", "he llo", "Ġ hello"), true, List.of(), BYTE_LEVEL);
    }

    public TokenizerFile withMerges(List<String> others) {
        return new TokenizerFile(others, ignoreMerges, addedTokens, postProcessor);
    }

    public TokenizerFile withIgnoreMerges(boolean other) {
        return new TokenizerFile(merges, other, addedTokens, postProcessor);
    }

    /** @param entries the JSON members of each added token, without id: {@code "content":"<s>","special":true} */
    public TokenizerFile withAdded(String... entries) {
        return new TokenizerFile(merges, ignoreMerges, List.of(entries), postProcessor);
    }

    public TokenizerFile withPostProcessor(String json) {
        return new TokenizerFile(merges, ignoreMerges, addedTokens, json);
    }

    public String json() {
        Map<String, Integer> vocab = new LinkedHashMap<>();
        for (int b = 0; b < 256; b++) vocab.put(String.valueOf(ByteAlphabet.character(b)), b);
        for (String merge : merges) vocab.putIfAbsent(merge.replace(" ", ""), vocab.size());
        String tokens = vocab.entrySet().stream().map(e -> JsonWriter.quote(e.getKey()) + ":" + e.getValue())
                .collect(Collectors.joining(","));
        String ranks = merges.stream().map(JsonWriter::quote).collect(Collectors.joining(","));
        StringBuilder added = new StringBuilder();
        for (int i = 0; i < addedTokens.size(); i++) {
            String separator = i == 0 ? "" : ",";
            added.append("%s{\"id\":%d,\"normalized\":false,%s}".formatted(separator, vocab.size() + i, addedTokens.get(i)));
        }
        return """
                {"version":"1.0","truncation":null,"padding":null,"added_tokens":[%s],"normalizer":null,
                "pre_tokenizer":{"type":"Sequence","pretokenizers":[
                {"type":"Split","pattern":{"Regex":%s},"behavior":"Isolated","invert":false},
                {"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false}]},
                "post_processor":%s,
                "decoder":{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true},
                "model":{"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":null,"end_of_word_suffix":null,
                "fuse_unk":false,"byte_fallback":false,"ignore_merges":%s,"vocab":{%s},"merges":[%s]}}
                """.formatted(added, JsonWriter.quote(Llama3PreTokenizer.PATTERN), postProcessor, ignoreMerges, tokens, ranks);
    }

    public Tokenizer tokenizer() {
        return read(json());
    }

    public static Tokenizer read(String json) {
        return TokenizerReader.read("tokenizer.json", FolderSettings.NONE,
                rawReader -> JsonReader.parseObject(json.getBytes(UTF_8), "tokenizer.json", rawReader));
    }
}
