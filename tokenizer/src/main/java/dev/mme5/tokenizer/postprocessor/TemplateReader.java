package dev.mme5.tokenizer.postprocessor;

import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonWriter;
import dev.mme5.json.ModelFormatException;
import dev.mme5.tokenizer.common.IdBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** Reads a TemplateProcessing: its {@code single} template, with special tokens around one sequence A, and its {@code pair} template. */
final class TemplateReader {
    private final Function<String, OptionalInt> ids;
    private final boolean passesTypes;

    /**
     * @param ids the id of a token, as it is written in the file
     * @param passesTypes whether the model is given the token types of the template
     */
    TemplateReader(Function<String, OptionalInt> ids, boolean passesTypes) {
        this.ids = ids;
        this.passesTypes = passesTypes;
    }

    /**
     * @throws ModelFormatException if the template has another form or names a special token that does not exist, or a text alone would
     *     have another token type than 0, which is not computed
     */
    TemplatePostProcessor read(JsonObject processor) {
        JsonObject specials = processor.object("special_tokens");
        IdBuffer prefix = new IdBuffer(Integer.MAX_VALUE);
        IdBuffer suffix = new IdBuffer(Integer.MAX_VALUE);
        JsonArray template = processor.array("single");
        boolean isAfterText = false;
        for (int i = 0; i < template.size(); i++) {
            JsonObject part = template.object(i);
            if (part.has("SpecialToken")) {
                addSpecial(part.object("SpecialToken"), specials, isAfterText ? suffix : prefix);
            } else if (part.has("Sequence") && part.object("Sequence").text("id").equals("A") && !isAfterText) {
                isAfterText = true;
            } else {
                throw template.error(i, "expected special tokens around one Sequence A");
            }
            if (passesTypes) requireFirstType(part.object(part.has("SpecialToken") ? "SpecialToken" : "Sequence"));
        }
        if (!isAfterText) throw processor.error("single", "no Sequence A: the text would be left out");
        return new TemplatePostProcessor(prefix.kept(), suffix.kept(), pair(processor, specials));
    }

    private static void requireFirstType(JsonObject part) {
        int type = part.integer("type_id", 0);
        if (type == 0) return;
        throw part.error("type_id", ("expected 0, found %d: tokenizer_config.json has token_type_ids in model_input_names, and only type 0 "
                + "is computed").formatted(type));
    }

    /** The template of two texts; empty where the file leaves it out. Each text stands in it once. */
    private Optional<PairTemplate> pair(JsonObject processor, JsonObject specials) {
        if (!processor.has("pair") || processor.array("pair").size() == 0) return Optional.empty();
        JsonArray template = processor.array("pair");
        List<PairTemplate.Part> parts = new ArrayList<>();
        StringBuilder texts = new StringBuilder();
        for (int i = 0; i < template.size(); i++) {
            JsonObject part = template.object(i);
            if (part.has("SpecialToken")) {
                IdBuffer special = new IdBuffer(Integer.MAX_VALUE);
                addSpecial(part.object("SpecialToken"), specials, special);
                parts.add(new PairTemplate.Part.Special(special.kept()));
            } else {
                String text = part.object("Sequence").text("id");
                texts.append(text);
                parts.add(new PairTemplate.Part.Text(text.equals("B")));
            }
        }
        // A file may repeat the template of single texts here, as converters do for models that know no pairs.
        boolean hasBoth = texts.toString().equals("AB") || texts.toString().equals("BA");
        if (!hasBoth && !texts.toString().equals("A")) {
            throw processor.error("pair", "expected the Sequences A and B once each, found " + texts);
        }
        return hasBoth ? Optional.of(new PairTemplate(parts)) : Optional.empty();
    }

    /** Appends the ids of one special token, whose name can stand for several tokens. */
    private void addSpecial(JsonObject part, JsonObject specials, IdBuffer out) {
        String name = part.text("id");
        if (!specials.has(name)) throw part.error("id", JsonWriter.quote(name) + " is not in special_tokens");
        JsonObject special = specials.object(name);
        JsonArray declared = special.array("ids");
        JsonArray tokens = special.array("tokens");
        if (tokens.size() != declared.size()) {
            throw special.error("tokens", "expected one for each of %d ids, found %d".formatted(declared.size(), tokens.size()));
        }
        for (int i = 0; i < declared.size(); i++) {
            String token = tokens.text(i);
            OptionalInt id = ids.apply(token);
            if (id.isEmpty()) throw tokens.error(i, JsonWriter.quote(token) + " is not in the vocabulary");
            if (id.getAsInt() != declared.integer(i)) {
                throw declared.error(i, "expected %d, the id of %s, found %d"
                        .formatted(id.getAsInt(), JsonWriter.quote(token), declared.integer(i)));
            }
            out.add(id.getAsInt());
        }
    }
}
