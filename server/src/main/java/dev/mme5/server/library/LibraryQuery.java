package dev.mme5.server.library;

import dev.mme5.engine.Embedding;
import dev.mme5.engine.ImageSource;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.server.api.ImageData;
import dev.mme5.server.api.Item;
import dev.mme5.server.api.ServedModel;
import dev.mme5.server.http.Call;
import dev.mme5.server.http.Problem;
import java.util.ArrayList;
import java.util.List;

/**
 * What is looked for: words and an image make one vector; a document that is to be like the matches is added, minus terms are taken away.
 *
 * @param words the words to look for, without minus terms; may be empty
 * @param minus what matches should not be like
 * @param image null for none
 * @param like a document that matches should be like; null for none
 * @param top number of matches
 * @param threshold least score
 */
record LibraryQuery(String words, List<String> minus, ImageSource image, Library.Place like, int top, double threshold) {
    private static final int DEFAULT_TOP = 50;
    private static final int MAX_TOP = 1000;
    private static final int MAX_MINUS = 16;

    static LibraryQuery read(JsonObject body, Library library) {
        QueryWords typed = QueryWords.parse(body.text("text", ""));
        List<String> minus = new ArrayList<>(typed.minus());
        if (body.has("minus")) {
            JsonArray terms = body.array("minus");
            for (int i = 0; i < terms.size(); i++) if (!terms.text(i).isBlank()) minus.add(terms.text(i).strip());
        }
        if (minus.size() > MAX_MINUS) throw Problem.tooLarge("minus", "minus: expected at most " + MAX_MINUS + " terms");
        ImageSource image = body.has("image") ? ImageData.parse(body.text("image"), "image") : null;
        Library.Place like = null;
        if (body.has("like")) {
            like = library.find(body.text("like"));
            if (like == null) throw Problem.wrong("like", "like: no such document; it may have changed");
        }
        if (typed.text().isEmpty() && image == null && like == null) {
            throw Problem.wrong("text",
                    "expected text, image or like: " + (minus.isEmpty() ? "found none" : "minus terms need something to be taken from"));
        }
        int top = body.integer("top", DEFAULT_TOP);
        if (top < 1 || top > MAX_TOP) throw Problem.wrong("top", "top: expected 1 to %d, found %d".formatted(MAX_TOP, top));
        double threshold = body.number("threshold", -1);
        return new LibraryQuery(typed.text(), minus, image, like, top, threshold);
    }

    /**
     * The vector to look for, of unit length.
     *
     * @param prompt put in front of every text without an image
     */
    Embedding embed(ServedModel model, String prompt, Call call) throws InterruptedException {
        List<Item> items = new ArrayList<>();
        boolean hasOwn = !words.isEmpty() || image != null;
        if (hasOwn) {
            String text = words.isEmpty() ? null : (image == null ? prompt : "") + model.asQuery(words);
            items.add(new Item("text", text, image == null ? List.of() : List.of(image), false));
        }
        for (String term : minus) items.add(Item.text("minus", prompt + model.asQuery(term), false));
        List<Embedding> embeddings = items.isEmpty() ? List.of() : model.embedCutting(call, items);
        if (like == null && minus.isEmpty()) return embeddings.getFirst();

        float[] sum = new float[model.model().dimensions()];
        int next = 0;
        if (hasOwn) add(sum, embeddings.get(next++).values(), 1);
        if (like != null) {
            float[] stored = like.folder().vector(like.document());
            if (stored == null) throw Problem.wrong("like", "like: no such document; it may have changed");
            if (!hasOwn && minus.isEmpty()) return Embedding.of(stored, 0, false);
            add(sum, stored, 1);
        }
        while (next < embeddings.size()) add(sum, embeddings.get(next++).values(), -1);
        return Embedding.of(unit(sum), 0, false);
    }

    private static void add(float[] sum, float[] values, int sign) {
        for (int i = 0; i < sum.length; i++) sum[i] += sign * values[i];
    }

    private static float[] unit(float[] values) {
        double squares = 0;
        for (float value : values) squares += (double) value * value;
        double length = Math.max(Math.sqrt(squares), 1e-12);
        for (int i = 0; i < values.length; i++) values[i] = (float) (values[i] / length);
        return values;
    }
}
