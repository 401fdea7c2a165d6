package dev.mme5.benchmarks.subject;

import dev.mme5.engine.Input;
import dev.mme5.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;

/** Words of one token each, of which texts of an exact number of tokens are made: any vocabulary has some. */
public final class OneTokenWords {
    private static final int MAX_WORDS = 2000;
    private static final int MIN_WORDS = 40;

    private final Tokenizer tokenizer;
    private final List<String> words = new ArrayList<>();

    /** @throws IllegalArgumentException if the vocabulary has too few */
    public OneTokenWords(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        for (int id = 0; id < tokenizer.size() && words.size() < MAX_WORDS; id++) {
            OptionalInt word = idOfWord(id);
            if (word.isPresent()) words.add(tokenizer.decode(new int[] {id}));
        }
        if (words.size() < MIN_WORDS) throw new IllegalArgumentException("only " + words.size() + " tokens are words");
    }

    /** The id, if its text is a space and Latin letters and encodes to this id alone. */
    private OptionalInt idOfWord(int id) {
        String text;
        try {
            text = tokenizer.decode(new int[] {id});
        } catch (IllegalArgumentException gap) {
            return OptionalInt.empty();
        }
        if (!text.matches(" [a-z]{2,}")) return OptionalInt.empty();
        int[] ids = tokenizer.encodeRaw(text);
        return ids.length == 1 && ids[0] == id ? OptionalInt.of(id) : OptionalInt.empty();
    }

    /** Number of words. */
    public int count() {
        return words.size();
    }

    /**
     * A text.
     *
     * @param beginning in front of it
     * @param first the index of its first own word
     * @param tokens of the whole prompt, begin-of-text included
     */
    public Input text(String beginning, int first, int tokens) {
        Random random = new Random(first);
        StringBuilder text = new StringBuilder(beginning).append(words.get(first % words.size()));
        while (length(text) < tokens) text.append(words.get(random.nextInt(words.size())));
        if (length(text) != tokens) throw new IllegalStateException("no text of " + tokens + " tokens was found: " + text);
        return Input.text(text.toString());
    }

    /** Words that take that many tokens, begin-of-text included. */
    public String beginning(int tokens) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; text.isEmpty() || length(text) < tokens; i++) text.append(words.get(words.size() - 1 - i));
        return text.toString();
    }

    private int length(CharSequence text) {
        return tokenizer.encode(Input.text(text.toString()).fullPrompt()).length;
    }
}
