package dev.mme5.engine.family.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.engine.testing.Golden;
import dev.mme5.engine.testing.ModelCopy;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Folders of other shapes have the vectors of sentence-transformers; golden-encoder/make_folder_goldens.py writes what it gives. */
class FolderShapesTest {
    private static final Path CASES = Path.of("src/test/resources/golden-encoder/goldens/folders.json");

    @TempDir
    Path folder;

    static Stream<JsonObject> cases() throws IOException {
        JsonArray cases = (JsonArray) JsonReader.parse(Files.readAllBytes(CASES), CASES.toString());
        return IntStream.range(0, cases.size()).mapToObj(cases::object);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesTheVectorsOfSentenceTransformers(JsonObject expected) throws IOException {
        ModelCopy copy = ModelCopy.of(Golden.encoder(expected.text("model")), folder);
        JsonObject files = expected.object("files");
        for (String name : files.keys()) {
            if (!files.has(name)) {
                copy.without(name);
            } else if (name.equals("config.json")) {
                JsonObject members = files.object(name);
                for (String key : members.keys()) copy.set(name, key, new JsonWriter().value(members.get(key)).toString());
            } else {
                Files.createDirectories(folder.resolve(name).getParent());
                copy.write(name, new JsonWriter().value(files.get(name)).toString());
            }
        }
        JsonArray texts = expected.array("texts");
        try (EmbeddingModel model = EmbeddingModel.open(folder)) {
            for (int i = 0; i < texts.size(); i++) {
                float[] found = model.embed(Input.text(texts.object(i).text("text"))).values();
                JsonArray vector = texts.object(i).array("vector");
                assertThat(found).as("%s", new JsonWriter().value(files)).hasSize(vector.size()).hasSize(model.dimensions());
                for (int j = 0; j < found.length; j++) {
                    float golden = (float) vector.number(j);
                    assertThat(found[j]).as("%s, %d", new JsonWriter().value(files), j).isCloseTo(golden,
                            within(1e-5f * Math.max(1, Math.abs(golden))));
                }
            }
        }
    }
}
