package dev.mme5.server.api;

import dev.mme5.engine.ImageSource;
import dev.mme5.json.Json;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.server.http.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Collects parts of type {@code text} and {@code image_url} into one item. The model was trained with images before words, so they go
 * there, in order; texts are joined by line breaks.
 */
final class ContentParts {
    private final String place;
    private final List<String> texts = new ArrayList<>();
    private final List<ImageSource> images = new ArrayList<>();

    ContentParts(String place) {
        this.place = place;
    }

    void add(String text) {
        texts.add(text);
    }

    void addAll(JsonArray parts, String placeOfParts) {
        for (int i = 0; i < parts.size(); i++) {
            JsonObject part = parts.object(i);
            String at = placeOfParts + "[" + i + "]";
            switch (part.text("type")) {
                case "text" -> texts.add(part.text("text"));
                case "image_url" -> images.add(ImageData.parse(address(part), at + ".image_url"));
                default -> throw part.error("type", "expected text or image_url, found " + part.get("type"));
            }
        }
    }

    private static String address(JsonObject part) {
        return part.get("image_url") instanceof Json.Text text ? text.value() : part.object("image_url").text("url");
    }

    Item item(UnaryOperator<String> prompt, boolean isSpecial) {
        String text = String.join("\n", texts);
        if (text.isEmpty() && images.isEmpty()) throw Problem.wrong(place, place + ": expected a text or an image, found none");
        return new Item(place, text.isEmpty() ? null : prompt.apply(text), images, isSpecial);
    }
}
