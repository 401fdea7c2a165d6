package dev.mme5.weights.lora;

import dev.mme5.json.JsonObject;
import dev.mme5.json.ModelFormatException;
import java.util.List;

/**
 * A key of {@code rank_pattern} or {@code alpha_pattern}: a regular expression of module names. It comes with the model, and an ordinary
 * regular expression of a few characters can take longer to match than anyone lives. So those that name modules are matched here,
 * without trying one way after the other: characters, {@code \d}, {@code \w}, a dot, sets in brackets, groups with alternatives,
 * <code>^ $ ? * + {m,n}</code>.
 *
 * @param key as it stands in the file
 * @param size at least its number of states: what a character of a name costs at most
 * @param limit of all patterns of the adapter
 * @param program of the key and the end: peft matches <code>(.*\.)?(key)$</code>, the whole name or what follows a dot in it
 */
record ModulePattern(String key, int size, MatchLimit limit, PatternProgram program) {
    /** Of all keys of an object together: the whole names of 1500 modules. */
    static final int MAX_SIZE = 100_000;

    /** @param patterns the object that it is a key of, for messages */
    static ModulePattern of(JsonObject patterns, String key, MatchLimit limit) {
        PatternNode all = new PatternNode.Sequence(List.of(new PatternParser(patterns, key).parse(), PatternNode.Edge.END));
        if (all.size() > MAX_SIZE) throw tooLarge(patterns, key);
        return new ModulePattern(key, (int) all.size(), limit, new PatternProgram(all));
    }

    /** Of a pattern that, alone or with those before it, makes machines that are too large. */
    static ModelFormatException tooLarge(JsonObject patterns, String key) {
        return patterns.error(key, "expected shorter or fewer patterns, found more than " + MAX_SIZE
                + " characters up to here, repeated ones counted each time");
    }

    boolean matches(String module) {
        return program.matches(module, limit);
    }
}
