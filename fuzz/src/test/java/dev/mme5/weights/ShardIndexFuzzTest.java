package dev.mme5.weights;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.mme5.engine.family.mllama.MllamaTensorNames;
import dev.mme5.fuzz.Scratch;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.file.ShardFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** An index is refused with its location, or every tensor in it is in the shard that it names, next to the index. */
class ShardIndexFuzzTest {
    private static final String INDEX = "model.safetensors.index.json";
    private static final Scratch SCRATCH = new Scratch();

    static Stream<byte[]> seeds() {
        return Stream.of(
                "{\"weight_map\":{\"a\":\"s1\",\"b\":\"s2\"}}",
                "{\"metadata\":{\"total_size\":8},\"weight_map\":{\"a\":\"s1\"}}",
                "{\"weight_map\":{\"a\":\"../s1\"}}").map(text -> text.getBytes(UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void weightMap(byte[] index) throws IOException {
        Path folder = SCRATCH.folder();
        for (String name : new String[] {"a", "b"}) {
            Path shard = folder.resolve(name.equals("a") ? "s1" : "s2");
            if (Files.exists(shard)) continue;
            new SafetensorsWriter().add(name, new float[] {1}, 1).write(shard);
            shard.toFile().deleteOnExit();
        }
        SCRATCH.put(INDEX, index);

        try (Checkpoint checkpoint = Checkpoint.open(folder, MllamaTensorNames.INSTANCE)) {
            JsonObject weightMap = JsonReader.parseObject(index, "x").object("weight_map");
            for (String name : weightMap.keys()) {
                String file = checkpoint.tensors().get(MllamaTensorNames.INSTANCE.canonical(name)).file();
                assertThat(Path.of(file)).isEqualTo(folder.resolve(weightMap.text(name)));
            }
            for (ShardFile shard : checkpoint.shards()) assertThat(shard.path().getParent()).isEqualTo(folder);
        } catch (ModelFormatException refused) {
            assertThat(refused.getMessage()).startsWith(folder.toString()).doesNotContain("\n");
        }
    }
}
