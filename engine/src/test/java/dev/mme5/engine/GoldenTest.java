package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.mme5.engine.testing.Golden;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Every case of every reference model, stage by stage, within the tolerances of reference section 14. */
class GoldenTest {
    private static final double EMBEDDING_TOLERANCE = 1e-5;
    private static final double COSINE_TOLERANCE = 1e-8;
    private static final double STAGE_TOLERANCE = 1e-4;

    @Tag("thorough")
    @TestFactory
    Stream<DynamicNode> scalarKernelsGiveTheReferencesStagesAndEmbeddings() {
        return Golden.all().stream().map(golden -> casesOf(golden, KernelChoice.SCALAR));
    }

    @TestFactory
    @Tag("width")
    Stream<DynamicNode> vectorKernelsGiveTheReferencesStagesAndEmbeddings() {
        return Golden.all().stream().map(golden -> casesOf(golden, KernelChoice.VECTOR));
    }

    private static DynamicNode casesOf(Golden golden, KernelChoice kernels) {
        String name = golden.model();
        EmbeddingModel model = EmbeddingModel.open(golden.folder(), Options.defaults().withKernels(kernels));
        Stream<DynamicNode> tests = golden.cases().stream().map(c -> dynamicTest(name + " " + c.id(), () -> check(model, c)));
        return dynamicContainer(name, tests.onClose(model::close));
    }

    private static void check(EmbeddingModel model, Golden.Case c) {
        Embedding embedding = model.embed(c.input());

        assertThat(embedding.tokens()).as("tokens").isEqualTo(c.ids().length);
        assertEmbedding(embedding.values(), c.tensors().get("embedding"));

        Map<String, float[]> stages = new HashMap<>();
        Embedding traced = ModelTools.of(model).trace(c.input(), (stage, shape, values) -> {
            long size = 1;
            for (long dimension : shape) size *= dimension;
            assertThat(size).as(stage + " has its shape").isEqualTo(values.length);
            stages.put(stage, values);
        });

        assertThat(toInts(stages.get("input_ids"))).as("ids").isEqualTo(c.ids());
        c.tensors().forEach((stage, expected) -> assertStage(stage, stages.get(stage), expected));
        assertEmbedding(traced.values(), c.tensors().get("embedding"));
    }

    private static void assertStage(String stage, float[] found, float[] expected) {
        assertThat(found).as(stage).isNotNull().hasSameSizeAs(expected);
        if (stage.equals("pixel_values")) {
            assertThat(found).as(stage).isEqualTo(expected);
            return;
        }
        double squares = 0;
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            squares += (double) expected[i] * expected[i];
            worst = Math.max(worst, Math.abs((double) found[i] - expected[i]));
        }
        double rms = Math.sqrt(squares / expected.length);
        assertThat(worst).as("%s: largest difference, rms %s", stage, rms).isLessThanOrEqualTo(STAGE_TOLERANCE * rms);
    }

    private static void assertEmbedding(float[] found, float[] expected) {
        assertThat(found).hasSameSizeAs(expected);
        double dot = 0;
        double foundSquares = 0;
        double expectedSquares = 0;
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs((double) found[i] - expected[i])).as("number " + i).isLessThanOrEqualTo(EMBEDDING_TOLERANCE);
            dot += (double) found[i] * expected[i];
            foundSquares += (double) found[i] * found[i];
            expectedSquares += (double) expected[i] * expected[i];
        }
        assertThat(1 - dot / Math.sqrt(foundSquares * expectedSquares)).as("1 - cosine").isLessThanOrEqualTo(COSINE_TOLERANCE);
    }

    private static int[] toInts(float[] values) {
        int[] ints = new int[values.length];
        for (int i = 0; i < ints.length; i++) ints[i] = (int) values[i];
        return ints;
    }
}
