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

    /** A key that is missing or null leaves it to {@code tokenizer.json} here. */
    void requireAgreement(JsonObject tokenizerConfig) {
        if (!tokenizerConfig.text("tokenizer_class", "Bert").startsWith("Bert")) return;
        require(lowercase, "lowercase", tokenizerConfig, "do_lower_case");
        require(stripAccents, "strip_accents", tokenizerConfig, "strip_accents");
        require(isolateChinese, "handle_chinese_chars", tokenizerConfig, "tokenize_chinese_chars");
    }

    private static void require(boolean expected, String name, JsonObject config, String key) {
        if (config.bool(key, expected) == expected) return;
        throw config.error(key, "expected %s, which %s of tokenizer.json is, found %s".formatted(expected, name, !expected));
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
