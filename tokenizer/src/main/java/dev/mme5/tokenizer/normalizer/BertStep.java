package dev.mme5.tokenizer.normalizer;

import dev.mme5.json.JsonObject;
import dev.mme5.tokenizer.common.UnicodeClasses;
import java.text.Normalizer.Form;

/**
 * BertNormalizer: deletes controls, puts spaces around Chinese characters, deletes accents, and lowers the case, as far as the
 * file asks for each.
 */
record BertStep(boolean cleanText, boolean isolateChinese, boolean stripAccents, boolean lowercase) implements TextStep {
    private static final Unicode DECOMPOSE = new Unicode(Form.NFD);
    private static final Lowercase LOWERCASE = new Lowercase();

    /** Chinese characters get two spaces; accents are decomposed before they are deleted. */
    @Override
    public int maxGrowth() {
        return (isolateChinese ? 3 : 1) * (stripAccents ? DECOMPOSE.maxGrowth() : 1) * (lowercase ? LOWERCASE.maxGrowth() : 1);
    }

    /**
     * As BertTokenizer of transformers 5 makes it, which reads nothing of the normalizer in {@code tokenizer.json}. Accents follow the case
     * if nothing is said.
     */
    static BertStep configured(JsonObject tokenizerConfig) {
        boolean lowers = tokenizerConfig.bool("do_lower_case", true);
        return new BertStep(true, tokenizerConfig.bool("tokenize_chinese_chars", true), tokenizerConfig.bool("strip_accents", lowers),
                lowers);
    }

    private static boolean isDeleted(int c) {
        return c == 0 || c == 0xFFFD || UnicodeClasses.isControl(c);
    }

    @Override
    public String apply(String text) {
        String changed = text;
        if (cleanText) changed = cleaned(changed);
        if (isolateChinese) changed = chineseIsolated(changed);
        if (stripAccents) changed = withoutAccents(changed);
        return lowercase ? LOWERCASE.apply(changed) : changed;
    }

    /** Without controls, and with every white space as a space. */
    private static String cleaned(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        for (int i = 0; i < text.length();) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (UnicodeClasses.isBertWhiteSpace(c)) {
                clean.append(' ');
            } else if (!isDeleted(c)) {
                clean.appendCodePoint(c);
            }
        }
        return clean.toString();
    }

    private static String chineseIsolated(String text) {
        if (text.codePoints().noneMatch(UnicodeClasses::isChinese)) return text;
        StringBuilder spaced = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            if (UnicodeClasses.isChinese(c)) {
                spaced.append(' ').appendCodePoint(c).append(' ');
            } else {
                spaced.appendCodePoint(c);
            }
        });
        return spaced.toString();
    }

    private static String withoutAccents(String text) {
        StringBuilder rest = new StringBuilder(text.length());
        DECOMPOSE.apply(text).codePoints().filter(c -> !UnicodeClasses.isNonSpacingMark(c)).forEach(rest::appendCodePoint);
        return rest.toString();
    }
}
