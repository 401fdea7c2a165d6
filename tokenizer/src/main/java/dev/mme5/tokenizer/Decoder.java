package dev.mme5.tokenizer;

import dev.mme5.tokenizer.common.Utf8;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Joins tokens to text: the member {@code decoder} of {@code tokenizer.json}. */
sealed interface Decoder {
    /** @param ids of tokens that exist */
    String decode(int[] ids, Vocabulary vocabulary);

    /** The text of one token. */
    static String text(int id, Vocabulary vocabulary) {
        byte[] utf8 = new byte[vocabulary.length(id)];
        vocabulary.copy(id, utf8, 0);
        return Utf8.decode(utf8);
    }

    /** ByteLevel: the bytes of the tokens are the text. */
    record ByteLevel() implements Decoder {
        @Override
        public String decode(int[] ids, Vocabulary vocabulary) {
            long length = 0;
            for (int id : ids) length += vocabulary.length(id);
            byte[] utf8 = new byte[Math.toIntExact(length)];
            int offset = 0;
            for (int id : ids) {
                vocabulary.copy(id, utf8, offset);
                offset += vocabulary.length(id);
            }
            return Utf8.decode(utf8);
        }
    }

    /** None: the tokens as they are written, with spaces between them. */
    record Spaced() implements Decoder {
        @Override
        public String decode(int[] ids, Vocabulary vocabulary) {
            return Arrays.stream(ids).mapToObj(id -> text(id, vocabulary)).collect(Collectors.joining(" "));
        }
    }

    /**
     * WordPiece: a space in front of every token but those that continue a word.
     *
     * @param prefix of tokens that continue a word
     * @param cleanup whether to take spaces away again that English does not have
     */
    record WordPiece(String prefix, boolean cleanup) implements Decoder {
        @Override
        public String decode(int[] ids, Vocabulary vocabulary) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < ids.length; i++) {
                String token = text(ids[i], vocabulary);
                if (i > 0) token = token.startsWith(prefix) ? token.substring(prefix.length()) : " " + token;
                text.append(cleanup ? cleaned(token) : token);
            }
            return text.toString();
        }

        private static String cleaned(String token) {
            return token.replace(" .", ".").replace(" ?", "?").replace(" !", "!").replace(" ,", ",").replace(" ' ", "'")
                    .replace(" n't", "n't").replace(" 'm", "'m").replace(" do not", " don't").replace(" 's", "'s")
                    .replace(" 've", "'ve").replace(" 're", "'re");
        }
    }

    /**
     * Metaspace: a character stands for a space.
     *
     * @param replacement the character
     * @param prepended whether encoding put one in front of the text
     */
    record Metaspace(String replacement, boolean prepended) implements Decoder {
        @Override
        public String decode(int[] ids, Vocabulary vocabulary) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < ids.length; i++) {
                text.append(text(ids[i], vocabulary).replace(replacement, i == 0 && prepended ? "" : " "));
            }
            return text.toString();
        }
    }
}
