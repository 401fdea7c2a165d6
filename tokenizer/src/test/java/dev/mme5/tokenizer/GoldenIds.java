package dev.mme5.tokenizer;

import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Texts with their ids by the tokenizers library, from a JSON file in the test resources. */
final class GoldenIds {
    private GoldenIds() {}

    /** {@code {"cases":[{...},...]}} */
    static List<JsonObject> cases(String resource) throws IOException {
        try (InputStream in = GoldenIds.class.getResourceAsStream(resource)) {
            return cases(JsonReader.parseObject(in.readAllBytes(), resource));
        }
    }

    /** Reads the cases of a file. */
    static List<JsonObject> cases(Path file) throws IOException {
        return cases(JsonReader.readObject(file));
    }

    private static List<JsonObject> cases(JsonObject json) {
        JsonArray cases = json.array("cases");
        List<JsonObject> all = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) all.add(cases.object(i));
        return all;
    }
}
