package dev.mme5.tokenizer.postprocessor;

import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonWriter;
import dev.mme5.json.ModelFormatException;
import dev.mme5.tokenizer.common.KindChecks;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * Reads the member {@code post_processor} of {@code tokenizer.json}. Supported are {@code null}, ByteLevel, TemplateProcessing,
 * BertProcessing, RobertaProcessing, and a Sequence of ByteLevel and at most one of the others. Embeddings are of single texts; the
 * template for pairs is for programs that use the tokenizer alone.
 */
public final class PostProcessorReader {
    private static final String SUPPORTED = "ByteLevel, TemplateProcessing, BertProcessing, RobertaProcessing or a Sequence of these";

    private final Function<String, OptionalInt> ids;
    private final TemplateReader templates;

    private PostProcessorReader(Function<String, OptionalInt> ids, boolean passesTypes) {
        this.ids = ids;
        this.templates = new TemplateReader(ids, passesTypes);
    }

    /**
     * @param file the root of {@code tokenizer.json}
     * @param ids the id of a token, as it is written in the file
     * @param passesTypes whether the model is given token types; then a template for one text may only have type 0
     * @throws ModelFormatException if it is of an unsupported kind or names a special token that does not exist
     */
    public static PostProcessor read(JsonObject file, Function<String, OptionalInt> ids, boolean passesTypes) {
        if (!file.has("post_processor")) return new IdentityPostProcessor();
        return new PostProcessorReader(ids, passesTypes).read(file.object("post_processor"));
    }

    private PostProcessor read(JsonObject processor) {
        return switch (processor.text("type")) {
            case "Sequence" -> sequence(processor.array("processors"));
            default -> single(processor);
        };
    }

    private PostProcessor sequence(JsonArray processors) {
        PostProcessor all = new IdentityPostProcessor();
        for (int i = 0; i < processors.size(); i++) {
            PostProcessor next = single(processors.object(i));
            if (next instanceof IdentityPostProcessor) continue;
            if (!(all instanceof IdentityPostProcessor)) {
                throw processors.error(i, "a second TemplateProcessing, which has no defined meaning");
            }
            all = next;
        }
        return all;
    }

    private PostProcessor single(JsonObject processor) {
        return switch (processor.text("type")) {
            case "ByteLevel" -> new IdentityPostProcessor();
            case "TemplateProcessing" -> templates.read(processor);
            case "BertProcessing" -> around(special(processor, "cls"), special(processor, "sep"), 1);
            case "RobertaProcessing" -> around(special(processor, "cls"), special(processor, "sep"), 2);
            default -> throw KindChecks.unsupported(processor, "type", SUPPORTED);
        };
    }

    /**
     * The post-processor that puts one token in front of texts and one after them, as BERT and RoBERTa do.
     *
     * @param end also stands between two texts
     * @param separators how many stand there
     */
    public static PostProcessor around(int start, int end, int separators) {
        int[] between = new int[separators];
        Arrays.fill(between, end);
        return new TemplatePostProcessor(new int[] {start}, new int[] {end},
                Optional.of(PairTemplate.of(new int[] {start}, between, new int[] {end})));
    }

    /** The id of a token that is given as {@code ["[CLS]", 101]}. */
    private int special(JsonObject processor, String key) {
        JsonArray pair = processor.array(key);
        if (pair.size() != 2) throw processor.error(key, "expected a token and its id, found " + pair.size() + " elements");
        String token = pair.text(0);
        OptionalInt id = ids.apply(token);
        if (id.isEmpty()) throw pair.error(0, JsonWriter.quote(token) + " is not in the vocabulary");
        if (id.getAsInt() != pair.integer(1)) {
            throw pair.error(1, "expected %d, the id of %s, found %d".formatted(id.getAsInt(), JsonWriter.quote(token), pair.integer(1)));
        }
        return id.getAsInt();
    }
}
