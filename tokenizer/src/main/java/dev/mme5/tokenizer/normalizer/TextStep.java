package dev.mme5.tokenizer.normalizer;

import dev.mme5.tokenizer.common.UnicodeClasses;
import java.text.Normalizer.Form;

/** One kind of normaliser. Well-formed text stays well-formed. */
sealed interface TextStep permits BertStep, PrecompiledStep, TextStep.Unicode, TextStep.Lowercase, TextStep.StripAccents,
        TextStep.Replace, TextStep.CollapseSpaces, TextStep.Strip, TextStep.Prepend {
    String apply(String text);

    /**
     * How many chars at the beginning of the result come from the first chars of the text, in the library's account: what replaces several
     * characters comes from the last of them.
     *
     * @param chars whole characters, at least one
     */
    default int leading(String text, int chars) {
        return apply(text.substring(0, chars)).length();
    }

    /** How many times as long as before the text can be, at most. */
    default int maxGrowth() {
        return 1;
    }

    /** NFC, NFD, NFKC and NFKD. */
    record Unicode(Form form) implements TextStep {
        /** As the Unicode Standard has it (annex 15) for UTF-16. */
        @Override
        public int maxGrowth() {
            return switch (form) {
                case NFC -> 3;
                case NFD -> 4;
                case NFKC, NFKD -> 18;
            };
        }

        @Override
        public int leading(String text, int chars) {
            int end = chars < text.length() ? text.offsetByCodePoints(chars, 1) : chars;
            return Math.min(apply(text.substring(0, chars)).length(), apply(text.substring(0, end)).length());
        }

        @Override
        public String apply(String text) {
            if (text.codePoints().noneMatch(UnicodeClasses::isNotNormalized)) return normalized(text);
            StringBuilder out = new StringBuilder(text.length());
            int done = 0;
            for (int i = 0; i < text.length();) {
                int c = text.codePointAt(i);
                int next = i + Character.charCount(c);
                if (UnicodeClasses.isNotNormalized(c)) {
                    out.append(normalized(text.substring(done, i))).appendCodePoint(c);
                    done = next;
                }
                i = next;
            }
            return out.append(normalized(text.substring(done))).toString();
        }

        private String normalized(String text) {
            return java.text.Normalizer.normalize(MarkOrder.ordered(text, form), form);
        }
    }

    /** Lowercase, character by character: a final sigma is not told apart. */
    record Lowercase() implements TextStep {
        /** The only character whose lower case is two characters in every context. */
        private static final int CAPITAL_I_WITH_DOT = 0x130;

        @Override
        public int maxGrowth() {
            return 2;
        }

        private static int lower(int c) {
            if (c < 0xA7CE) return Character.toLowerCase(c);
            if (UnicodeClasses.isNotCapital(c)) return c;
            return switch (c) {   // letters of Unicode 17, whatever the JDK
                case 0xA7CE, 0xA7D2, 0xA7D4 -> c + 1;
                default -> c >= 0x16EA0 && c <= 0x16EB8 ? c + 0x1B : Character.toLowerCase(c);
            };
        }

        @Override
        public String apply(String text) {
            StringBuilder lower = new StringBuilder(text.length());
            for (int i = 0; i < text.length();) {
                int c = text.codePointAt(i);
                i += Character.charCount(c);
                if (c == CAPITAL_I_WITH_DOT) {
                    lower.append("i\u0307");
                } else {
                    lower.appendCodePoint(lower(c));
                }
            }
            return lower.toString();
        }
    }

    /** Deletes combining marks. */
    record StripAccents() implements TextStep {
        @Override
        public String apply(String text) {
            StringBuilder rest = new StringBuilder(text.length());
            text.codePoints().filter(c -> !UnicodeClasses.isMark(c)).forEach(rest::appendCodePoint);
            return rest.toString();
        }
    }

    /** Replaces every occurrence of a string, from the left, without overlap. */
    record Replace(String pattern, String content) implements TextStep {
        @Override
        public int leading(String text, int chars) {
            int limit = chars;
            for (int i = text.indexOf(pattern); i >= 0 && i < limit; i = text.indexOf(pattern, i + pattern.length())) {
                if (i + pattern.length() > chars) limit = i;
            }
            return apply(text.substring(0, limit)).length();
        }

        @Override
        public int maxGrowth() {
            return Math.max(1, Math.ceilDiv(content.length(), pattern.length()));
        }

        @Override
        public String apply(String text) {
            return text.replace(pattern, content);
        }
    }

    /** Replaces every run of two or more spaces: the pattern {@code  {2,}}. */
    record CollapseSpaces(String content) implements TextStep {
        @Override
        public int leading(String text, int chars) {
            int limit = chars;
            if (chars < text.length() && text.charAt(chars) == ' ') {
                while (limit > 0 && text.charAt(limit - 1) == ' ') limit--; // of the run that goes on behind
            }
            return apply(text.substring(0, limit)).length();
        }

        @Override
        public int maxGrowth() {
            return Math.max(1, Math.ceilDiv(content.length(), 2));
        }

        @Override
        public String apply(String text) {
            if (!text.contains("  ")) return text;
            StringBuilder out = new StringBuilder(text.length());
            for (int i = 0; i < text.length();) {
                int end = i;
                while (end < text.length() && text.charAt(end) == ' ') end++;
                if (end - i >= 2) {
                    out.append(content);
                    i = end;
                } else {
                    out.append(text.charAt(i++));
                }
            }
            return out.toString();
        }
    }

    /** Deletes white space at the ends. */
    record Strip(boolean left, boolean right) implements TextStep {
        @Override
        public int leading(String text, int chars) {
            return Math.min(new Strip(left, false).apply(text.substring(0, chars)).length(), apply(text).length());
        }

        @Override
        public String apply(String text) {
            int from = 0;
            int to = text.length();
            // All white space is in the basic plane: one char each.
            while (left && from < to && UnicodeClasses.isWhiteSpace(text.charAt(from))) from++;
            while (right && to > from && UnicodeClasses.isWhiteSpace(text.charAt(to - 1))) to--;
            return text.substring(from, to);
        }
    }

    /** Puts a string in front of a text that is not empty. */
    record Prepend(String prefix) implements TextStep {
        @Override
        public int maxGrowth() {
            return 1 + prefix.length();
        }

        @Override
        public String apply(String text) {
            return text.isEmpty() ? text : prefix + text;
        }
    }
}
