package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.runtime.ModelFamilies;
import dev.mme5.engine.runtime.ModelRuntime;
import dev.mme5.engine.runtime.memory.MemoryCheck;
import dev.mme5.engine.runtime.memory.MemoryEstimate;
import dev.mme5.engine.testing.ClassPathJvm;
import dev.mme5.engine.testing.EmbedOneText;
import dev.mme5.engine.testing.Golden;
import dev.mme5.engine.testing.ModelCopy;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.JsonWriter;
import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.Shape;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A vocabulary may need more heap than all else: models of any family are refused before it is read. */
class LargeTokenizerTest {
    private static final long MB = 1 << 20;
    private static final int THREADS = 2;
    private static final Options OPTIONS = Options.defaults().withThreads(THREADS);
    private static final String TOKENIZER = "tokenizer.json";

    /** Heap that Java needs beside the engine. */
    private static final int MARGIN_MB = 4;

    @TempDir
    Path temporary;

    private static EmbeddingModel open(Path folder, long heapBytes) {
        return EmbeddingModel.open(folder, OPTIONS, ProgressListener.NONE,
                ModelRuntime.Environment.standard().withMemory(estimate -> new MemoryCheck(estimate, heapBytes, Long.MAX_VALUE)));
    }

    private static long planned(Path folder) {
        return MemoryEstimate.of(folder, ModelFamilies.ALL.read(folder).architecture(), Optional.empty(), THREADS).text(20);
    }

    private ModelCopy copy(String model) {
        return model.startsWith("a-") ? ModelCopy.of(model, temporary) : ModelCopy.of(Golden.encoder(model), temporary);
    }

    /** The file is no JSON, so whoever reads it says so. */
    @ParameterizedTest
    @ValueSource(strings = {"a-bf16-hub", "bert-cls", "xlm-roberta-mean"})
    void isRefusedBeforeItIsReadIfTheHeapIsTooSmall(String model) {
        Path folder = copy(model).write(TOKENIZER, " ".repeat(20_000_000)).folder();
        long planned = planned(folder);

        assertThat(planned).isGreaterThan(80_000_000);
        assertThatThrownBy(() -> open(folder, 64 * MB)).isInstanceOf(UnsuitableMachineException.class)
                .hasMessage("%s: a text of 20 tokens needs %d MB of heap, the JVM has 64 MB (raise it with -Xmx)"
                        .formatted(folder, Math.ceilDiv(planned, MB)));
        assertThatThrownBy(() -> open(folder, planned)).isInstanceOf(ModelFormatException.class).hasMessageContaining(TOKENIZER);
    }

    /** Whoever looks the folder over gets the numbers, where reading the file would end as out of memory. */
    @ParameterizedTest
    @ValueSource(strings = {"a-bf16-hub", "bert-cls", "xlm-roberta-mean"})
    void isNotInspectedIfTheHeapIsTooSmall(String model) {
        Path folder = copy(model).write(TOKENIZER, " ".repeat(20_000_000)).folder();

        ModelInspection small = new ModelInspector(folder, OPTIONS, 64 * MB).inspect();

        assertThat(small.problems()).isEmpty();
        assertThat(small.tokenizerIds()).isEmpty();
        assertThat(small.memory()).isNotEmpty().allMatch(run -> run.shortage().isPresent());
        assertThat(new ModelInspector(folder, OPTIONS, 100 * MB).inspect().problems()).singleElement().asString().contains(TOKENIZER);
    }

    /** What is planned for a Unigram suffices, with all that a text needs. */
    @Test
    void opensInTheHeapThatIsPlanned() throws Exception {
        int pieces = 150_000;
        ModelCopy copy = copy("xlm-roberta-mean").set("config.json", "vocab_size", Integer.toString(pieces));
        copy.write(TOKENIZER, withPieces(JsonReader.readObject(copy.folder().resolve(TOKENIZER)), pieces));
        copy.tensors(tensor -> tensor.name().endsWith("word_embeddings.weight") ? rows(tensor, pieces) : tensor);
        int planned = (int) Math.ceilDiv(planned(copy.folder()), MB);

        ClassPathJvm.Output run = ClassPathJvm.run(EmbedOneText.class,
                List.of("--add-modules", "jdk.incubator.vector", "-Xmx" + (planned + MARGIN_MB) + "m", "-XX:+UseG1GC"),
                copy.folder().toString());

        assertThat(run.out()).as(run.err()).isEqualTo("32\n");
        assertThat(planned).isLessThan(64);
    }

    /** The same file with random pieces after its own, whose scores have as many digits as usual. */
    private static String withPieces(JsonObject file, int pieces) {
        Random random = new Random(1);
        JsonObject model = file.object("model");
        JsonWriter out = new JsonWriter();
        out.beginObject();
        for (String key : file.keys()) {
            if (!key.equals("model")) out.name(key).value(file.get(key));
        }
        out.name("model").beginObject();
        for (String key : model.keys()) {
            if (!key.equals("vocab")) out.name(key).value(model.get(key));
        }
        out.name("vocab").beginArray();
        int own = model.array("vocab").size();
        for (int id = 0; id < own; id++) out.value(model.array("vocab").get(id));
        for (int id = own; id < pieces; id++) {
            String piece = Long.toString(id, 36) + Integer.toString(random.nextInt(1 << 20), 36);
            out.beginArray().value(piece).value((double) (-20 * random.nextFloat())).endArray();
        }
        return out.endArray().endObject().endObject().toString();
    }

    private static MappedTensor rows(MappedTensor tensor, int rows) {
        Shape shape = new Shape(rows, tensor.shape().cols());
        return new MappedTensor("", tensor.name(), DType.F32, shape, MemorySegment.ofArray(new byte[(int) DType.F32.bytes(shape)]));
    }
}
