package dev.mme5.tokenizer;

import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonWriter;
import dev.mme5.json.ModelFormatException;

/**
 * What {@code post_processor} puts around every text: nothing (ByteLevel, which concerns offsets only), or the special
 * tokens of the {@code single} template of TemplateProcessing.
 *
 * @param before ids in front of the text's
 * @param after ids behind them
 */
record PostProcessor(int[] before, int[] after) {
    private static final String EXPECTED = "ByteLevel, TemplateProcessing or a Sequence of these";
    private static final PostProcessor NOTHING = new PostProcessor(new int[0], new int[0]);

    /** @throws ModelFormatException when it is of another kind or names a special token that does not exist */
    static PostProcessor read(JsonObject file, Vocabulary vocabulary) {
        if (!file.has("post_processor")) return NOTHING;
        JsonObject processor = file.object("post_processor");
        return switch (processor.text("type")) {
            case "Sequence" -> sequence(processor.array("processors"), vocabulary);
            default -> single(processor, vocabulary);
        };
    }

    private static PostProcessor sequence(JsonArray processors, Vocabulary vocabulary) {
        PostProcessor all = NOTHING;
        for (int i = 0; i < processors.size(); i++) {
            PostProcessor next = single(processors.object(i), vocabulary);
            if (next == NOTHING) continue;
            if (all != NOTHING) throw processors.error(i, "a second TemplateProcessing, which has no defined meaning");
            all = next;
        }
        return all;
    }

    private static PostProcessor single(JsonObject processor, Vocabulary vocabulary) {
        return switch (processor.text("type")) {
            case "ByteLevel" -> NOTHING;
            case "TemplateProcessing" -> template(processor, vocabulary);
            default -> throw TokenizerReader.anotherKind(processor, "type", EXPECTED);
        };
    }

    private static PostProcessor template(JsonObject processor, Vocabulary vocabulary) {
        JsonObject specials = processor.object("special_tokens");
        IdBuffer before = new IdBuffer(Integer.MAX_VALUE);
        IdBuffer after = new IdBuffer(Integer.MAX_VALUE);
        JsonArray template = processor.array("single");
        boolean textSeen = false;
        for (int i = 0; i < template.size(); i++) {
            JsonObject part = template.object(i);
            if (part.has("SpecialToken")) {
                special(part.object("SpecialToken"), specials, vocabulary, textSeen ? after : before);
            } else if (part.has("Sequence") && part.object("Sequence").text("id").equals("A") && !textSeen) {
                textSeen = true;
            } else {
                throw template.error(i, "expected special tokens around one Sequence A");
            }
        }
        if (!textSeen) throw processor.error("single", "no Sequence A: the text would be left out");
        return new PostProcessor(before.kept(), after.kept());
    }

    /** One name may stand for several tokens. */
    private static void special(JsonObject part, JsonObject specials, Vocabulary vocabulary, IdBuffer out) {
        String name = part.text("id");
        if (!specials.has(name)) throw part.error("id", JsonWriter.quote(name) + " is not in special_tokens");
        JsonObject special = specials.object(name);
        JsonArray ids = special.array("ids");
        JsonArray tokens = special.array("tokens");
        if (tokens.size() != ids.size()) {
            throw special.error("tokens", "expected one for each of %d ids, found %d".formatted(ids.size(), tokens.size()));
        }
        for (int i = 0; i < ids.size(); i++) {
            String token = tokens.text(i);
            int id = vocabulary.id(token);
            if (id == Vocabulary.ABSENT) throw tokens.error(i, JsonWriter.quote(token) + " is not in the vocabulary");
            if (id != ids.integer(i)) {
                throw ids.error(i, "expected %d, the id of %s, found %d".formatted(id, JsonWriter.quote(token), ids.integer(i)));
            }
            out.add(id);
        }
    }
}
