package dev.mme5.server.api;

import dev.mme5.engine.ImageSource;
import dev.mme5.json.Json;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.server.http.Problem;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code input} or {@code messages} of a request in OpenAI's shape. */
final class OpenAiInputs {
    private static final String INPUT = "input";
    private static final String EXPECTED = "expected a string, a list of strings, token ids, or objects with text or image";

    private final ServedModel model;
    private final JsonObject body;
    private final boolean isSpecial;
    private final boolean areIdsOfModel;
    private final String promptName;
    private final String inputType;

    OpenAiInputs(ServedModel model, JsonObject body) {
        this.model = model;
        this.body = body;
        this.isSpecial = body.bool("special", false);
        this.areIdsOfModel = switch (body.text("token_ids", "openai")) {
            case "openai", "cl100k" -> false;
            case "model" -> true;
            default -> throw Problem.wrong("token_ids", "token_ids: expected \"openai\" or \"model\"");
        };
        this.promptName = body.text("prompt_name", null);
        this.inputType = model.instructions().inputType(body);
    }

    List<Item> items() {
        if (body.has("messages")) {
            if (body.has(INPUT)) throw Problem.wrong("messages", "expected input or messages, found both");
            return List.of(message());
        }
        return switch (body.get(INPUT)) {
            case null -> throw Problem.wrong(INPUT, "input: missing");
            case Json.Text text -> List.of(text(INPUT, text.value()));
            case JsonArray array -> ofArray(array);
            case JsonObject object -> List.of(object(INPUT, object));
            default -> throw Problem.wrong(INPUT, "input: " + EXPECTED);
        };
    }

    private List<Item> ofArray(JsonArray array) {
        if (array.size() > 0 && array.get(0) instanceof Json.Number) return List.of(tokenIds(INPUT, array));
        model.checkCount(INPUT, array.size());
        List<Item> items = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            String place = "input[" + i + "]";
            items.add(switch (array.get(i)) {
                case Json.Text text -> text(place, text.value());
                case JsonArray ids -> tokenIds(place, ids);
                case JsonObject object -> object(place, object);
                default -> throw Problem.wrong(place, place + ": " + EXPECTED + ", found " + array.get(i));
            });
        }
        return items;
    }

    private Item text(String place, String text) {
        if (text.isEmpty()) throw Problem.wrong(place, place + ": expected a text, found an empty one");
        return Item.text(place, prompted(text), isSpecial);
    }

    private String prompted(String text) {
        return model.withPrompt(promptName, model.instructions().apply(inputType, text));
    }

    private Item tokenIds(String place, JsonArray ids) {
        if (ids.size() == 0) throw Problem.wrong(place, place + ": expected token ids, found none");
        if (!areIdsOfModel) return text(place, model.tokens().ofCl100k(ids.integers(), place));
        if (model.instructions().find(inputType) != null) {
            throw Problem.wrong("input_type", "input_type: has an instruction, and token ids of the model are taken as they are");
        }
        return model.ofTokenIds(promptName, ids, place);
    }

    /** Jina's: a text, an image, or both in one vector. */
    private Item object(String place, JsonObject object) {
        List<ImageSource> images = new ArrayList<>();
        if (object.has("image")) images.add(ImageData.parse(object.text("image"), place + ".image"));
        String text = object.text("text", null);
        if (text == null && images.isEmpty()) throw Problem.wrong(place, place + ": expected text, image, or both");
        if (text != null && text.isEmpty()) {
            if (images.isEmpty()) throw Problem.wrong(place, place + ".text: expected a text, found an empty one");
            text = null;
        }
        return new Item(place, text == null ? null : prompted(text), images, isSpecial);
    }

    /** vLLM's: all messages are one input. */
    private Item message() {
        JsonArray messages = body.array("messages");
        ContentParts parts = new ContentParts("messages");
        for (int i = 0; i < messages.size(); i++) {
            JsonObject message = messages.object(i);
            String place = "messages[" + i + "].content";
            switch (message.get("content")) {
                case null -> throw message.error("content", "missing");
                case Json.Null none -> {
                    // an assistant's message that has calls of tools only
                }
                case Json.Text text -> parts.add(text.value());
                case JsonArray content -> parts.addAll(content, place);
                default -> throw message.error("content", "expected a string or a list of parts");
            }
        }
        return parts.item(this::prompted, isSpecial);
    }
}
