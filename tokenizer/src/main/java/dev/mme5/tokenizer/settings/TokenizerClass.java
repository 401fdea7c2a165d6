package dev.mme5.tokenizer.settings;

import static java.util.Map.entry;

import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonWriter;
import dev.mme5.json.ModelFormatException;
import dev.mme5.tokenizer.common.KindChecks;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How transformers 5 makes the tokenizer of a folder. Two classes take tokens from {@code tokenizer.json}, and a character map, and build
 * the rest by themselves, from {@code tokenizer_config.json}. Their special tokens are named there, or have the usual names.
 */
public enum TokenizerClass {
    /** BertTokenizer and its other names. */
    BERT("BertTokenizer", "WordPiece", List.of(entry("unk_token", "[UNK]"), entry("sep_token", "[SEP]"), entry("pad_token", "[PAD]"),
            entry("cls_token", "[CLS]"), entry("mask_token", "[MASK]"))),

    /** XLMRobertaTokenizer. */
    XLM_ROBERTA("XLMRobertaTokenizer", "Unigram", List.of(entry("bos_token", "<s>"), entry("eos_token", "</s>"), entry("sep_token", "</s>"),
            entry("cls_token", "<s>"), entry("unk_token", "<unk>"), entry("pad_token", "<pad>"), entry("mask_token", "<mask>"))),

    /** Any other class that is not refused: all is as {@code tokenizer.json} says. */
    AS_WRITTEN("", "", List.of());

    /** Classes of transformers 5 that build in other ways, without their suffix, and one that has another suffix. */
    private static final Set<String> BUILDING_OTHERWISE = Stream.concat(Stream.of("BertTokenizerLegacy"), Stream.of("""
            Albert Bart Barthez Bartpho BertGeneration BertJapanese Bertweet BigBird BioGpt Blenderbot
            BlenderbotSmall ByT5 Camembert Canine CLIP Clvp CodeGen CodeLlama Cohere ConvBert Cpm CpmAnt CTRL Deberta
            DebertaV2 Dia DPRContextEncoder DPRQuestionEncoder DPRReader Esm Esmc Flaubert FNet FSMT Funnel Gemma
            GPT2 GPTNeoX GPTNeoXJapanese GPTSw3 Herbert Lasr LayoutLMv2 LayoutLMv3 LayoutXLM LED Llama Longformer
            Luke M2M100 Marian MarkupLM MBart MBart50 Mgpstr MLuke MPNet Mvp MyT5 Nllb Nougat OpenAIGPT Parakeet
            Pegasus Perceiver Phobert PLBart Pop2Piano ProphetNet Qwen2 Reformer RemBert Roberta RoCBert RoFormer
            SeamlessM4T Siglip Siglip2 Speech2Text SpeechT5 Splinter T5 Tapas Tipsv2 Udop VideoPrism Vits Wav2Vec2CTC
            Wav2Vec2PhonemeCTC Whisper XGLM XLM XLNet
            """.strip().split("\\s+")).map(name -> name + "Tokenizer")).collect(Collectors.toUnmodifiableSet());

    private static final String SUPPORTED = "BertTokenizer, XLMRobertaTokenizer or a class that takes all from tokenizer.json";

    private final String className;
    private final String modelType;
    private final List<Map.Entry<String, String>> specialTokens;   // name, token if no file says another

    TokenizerClass(String className, String modelType, List<Map.Entry<String, String>> specialTokens) {
        this.className = className;
        this.modelType = modelType;
        this.specialTokens = specialTokens;
    }

    /**
     * The class that a file names, with or without the suffix Fast, which transformers 5 ignores.
     *
     * @param file has the member
     * @throws ModelFormatException if it is one that builds a tokenizer in a way of its own
     */
    public static TokenizerClass named(JsonObject file, String key) {
        String text = file.text(key);
        String name = text.endsWith("Fast") ? text.substring(0, text.length() - "Fast".length()) : text;
        if (BUILDING_OTHERWISE.contains(name)) throw KindChecks.unsupported(file, key, SUPPORTED);
        return switch (name) {
            case "BertTokenizer", "DistilBertTokenizer", "ElectraTokenizer", "LayoutLMTokenizer", "LxmertTokenizer", "MobileBertTokenizer",
                    "SqueezeBertTokenizer" -> BERT;
            case "XLMRobertaTokenizer" -> XLM_ROBERTA;
            default -> AS_WRITTEN;
        };
    }

    /**
     * The class that is taken for the {@code model_type} of {@code config.json} if no file names one.
     *
     * @throws ModelFormatException if it builds a tokenizer in a way of its own
     */
    public static TokenizerClass ofModelType(JsonObject config) {
        return switch (config.text("model_type", "")) {
            case "bert", "distilbert", "electra", "ernie", "layoutlm", "lxmert", "megatron-bert", "mobilebert", "nomic_bert",
                    "squeezebert" ->
                    BERT;
            case "xlm-roberta", "jina_embeddings_v3" -> XLM_ROBERTA;
            case "roberta" -> throw config.error("tokenizer_class", "expected %s, found none, which stands for RobertaTokenizer"
                    .formatted(SUPPORTED));
            default -> AS_WRITTEN;
        };
    }

    /**
     * This class, or {@link #AS_WRITTEN} if it could not use the model of a file: some folders with a Unigram say BertTokenizer.
     *
     * @param file the root of {@code tokenizer.json}
     */
    public TokenizerClass ifUsable(JsonObject file) {
        return file.object("model").text("type").equals(modelType) ? this : AS_WRITTEN;
    }

    /** The token of a name if no file says another: {@code [CLS]} for {@code cls_token}. */
    public Optional<String> usualToken(String key) {
        return specialTokens.stream().filter(token -> token.getKey().equals(key)).map(Map.Entry::getValue).findFirst();
    }

    /**
     * The special token of a key.
     *
     * @throws ModelFormatException if a file says that there is none
     */
    public String specialToken(TokenizerSettings settings, String key) {
        JsonObject holder = settings.holder(key);
        if (!holder.has(key) && holder.keys().contains(key))
            throw holder.error(key, "expected the %s of %s, found null".formatted(key, className));
        return TokenContent.of(holder, key, usualToken(key).orElseThrow());
    }

    /**
     * The id of such a token.
     *
     * @param file the root of {@code tokenizer.json}
     * @throws ModelFormatException if the vocabulary does not have it
     */
    public int specialId(JsonObject file, TokenizerSettings settings, String key, Function<String, OptionalInt> ids) {
        String token = specialToken(settings, key);
        return ids.apply(token).orElseThrow(() -> file.object("model").error("vocab",
                "no token %s: expected the %s of %s".formatted(JsonWriter.quote(token), key, className)));
    }
}
