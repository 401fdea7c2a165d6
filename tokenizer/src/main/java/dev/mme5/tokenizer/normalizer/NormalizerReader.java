package dev.mme5.tokenizer.normalizer;

import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.ModelFormatException;
import dev.mme5.tokenizer.common.KindChecks;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** Reads the member {@code normalizer} of {@code tokenizer.json}: {@code null}, one kind, or a Sequence of them. */
public final class NormalizerReader {
    /** Steps of a Sequence, with those of nested ones; known tokenizers have up to five. */
    private static final int MAX_STEPS = 100;

    /** Of all steps together. A character map and NFKC, one after the other, may come to 1,000. */
    private static final int MAX_GROWTH = 10_000;

    private static final String SUPPORTED =
            "BertNormalizer, Precompiled, NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Replace, Strip, Prepend or a Sequence of these";

    /** The one regular expression of Replace in converted SentencePiece models. */
    private static final String TWO_SPACES_OR_MORE = " {2,}";

    private NormalizerReader() {}

    /**
     * @param file the root of {@code tokenizer.json}
     * @throws ModelFormatException if it is of an unsupported kind
     */
    public static Normalizer read(JsonObject file) {
        if (!file.has("normalizer")) return new IdentityNormalizer();
        List<TextStep> steps = new ArrayList<>();
        addSteps(file.object("normalizer"), steps);
        requireModerateGrowth(file, steps);
        return steps.isEmpty() ? new IdentityNormalizer() : new TextNormalizer(steps);
    }

    /**
     * The normaliser that transformers' BertTokenizer makes, whatever that of {@code tokenizer.json} is.
     *
     * @throws ModelFormatException if a setting of {@code tokenizer_config.json} is of another type
     */
    public static Normalizer ofBertTokenizer(JsonObject tokenizerConfig) {
        return new TextNormalizer(List.of(BertStep.configured(tokenizerConfig)));
    }

    /**
     * The normaliser that transformers' XLMRobertaTokenizer makes: the first Precompiled of {@code tokenizer.json}, alone or in a Sequence,
     * and nothing else.
     *
     * @param file the root of {@code tokenizer.json}
     * @throws ModelFormatException if its character map is damaged
     */
    public static Normalizer ofXlmRobertaTokenizer(JsonObject file) {
        if (!file.has("normalizer")) return new IdentityNormalizer();
        JsonObject normalizer = file.object("normalizer");
        if (isPrecompiled(normalizer)) return new TextNormalizer(List.of(precompiled(normalizer)));
        if (!normalizer.text("type").equals("Sequence")) return new IdentityNormalizer();
        JsonArray steps = normalizer.array("normalizers");
        for (int i = 0; i < steps.size(); i++) {
            if (isPrecompiled(steps.object(i))) return new TextNormalizer(List.of(precompiled(steps.object(i))));
        }
        return new IdentityNormalizer();
    }

    private static boolean isPrecompiled(JsonObject normalizer) {
        return normalizer.text("type").equals("Precompiled");
    }

    private static void addSteps(JsonObject normalizer, List<TextStep> steps) {
        if (!normalizer.text("type").equals("Sequence")) {
            steps.add(step(normalizer));
            return;
        }
        JsonArray nested = normalizer.array("normalizers");
        for (int i = 0; i < nested.size(); i++) {
            addSteps(nested.object(i), steps);
            if (steps.size() > MAX_STEPS) throw nested.error(i, "expected at most " + MAX_STEPS + " normalizers");
        }
    }

    /** A dozen Replace steps that double a text would make a line of it fill the memory. */
    private static void requireModerateGrowth(JsonObject file, List<TextStep> steps) {
        double growth = 1;
        for (TextStep step : steps) growth *= step.maxGrowth();
        if (growth > MAX_GROWTH) {
            throw file.error("normalizer", String.format(Locale.ROOT,
                    "expected steps that make no text more than %d times as long, found %.3g times", MAX_GROWTH, growth));
        }
    }

    private static TextStep step(JsonObject normalizer) {
        return switch (normalizer.text("type")) {
            case "BertNormalizer" -> bert(normalizer);
            case "Precompiled" -> precompiled(normalizer);
            case "NFC" -> new TextStep.Unicode(Form.NFC);
            case "NFD" -> new TextStep.Unicode(Form.NFD);
            case "NFKC" -> new TextStep.Unicode(Form.NFKC);
            case "NFKD" -> new TextStep.Unicode(Form.NFKD);
            case "Lowercase" -> new TextStep.Lowercase();
            case "StripAccents" -> new TextStep.StripAccents();
            case "Replace" -> replace(normalizer);
            case "Strip" -> new TextStep.Strip(normalizer.bool("strip_left"), normalizer.bool("strip_right"));
            case "Prepend" -> new TextStep.Prepend(normalizer.text("prepend"));
            default -> throw KindChecks.unsupported(normalizer, "type", SUPPORTED);
        };
    }

    private static TextStep bert(JsonObject bert) {
        boolean lowercase = bert.bool("lowercase");
        return new BertStep(
                bert.bool("clean_text"), bert.bool("handle_chinese_chars"), bert.bool("strip_accents", lowercase), lowercase);
    }

    private static TextStep precompiled(JsonObject precompiled) {
        String key = "precompiled_charsmap";
        try {
            return new PrecompiledStep(CharacterMap.of(Base64.getDecoder().decode(precompiled.text(key))));
        } catch (IllegalArgumentException e) {
            throw precompiled.error(key, e.getMessage());
        }
    }

    private static TextStep replace(JsonObject replace) {
        JsonObject pattern = replace.object("pattern");
        String content = replace.text("content");
        if (pattern.has("String")) {
            if (pattern.text("String").isEmpty()) throw pattern.error("String", "is empty");
            return new TextStep.Replace(pattern.text("String"), content);
        }
        KindChecks.requireText(pattern, "Regex", TWO_SPACES_OR_MORE);
        return new TextStep.CollapseSpaces(content);
    }
}
