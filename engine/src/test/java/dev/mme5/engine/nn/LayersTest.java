package dev.mme5.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.reference.ReferenceKernels;
import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.Checkpoint;
import dev.mme5.weights.SafetensorsWriter;
import dev.mme5.weights.TensorNames;
import dev.mme5.weights.Weights;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link LayerNorm} and {@link GeluMlp} with weights small enough to compute by hand. */
class LayersTest {
    private static final ReferenceKernels KERNELS = new ReferenceKernels();

    @TempDir
    private Path folder;

    private Checkpoint checkpoint;
    private Weights weights;

    @BeforeEach
    void open() throws IOException {
        new SafetensorsWriter()
                .add("norm.weight", new float[] {1, 2}, 2).add("norm.bias", new float[] {0, 1}, 2)
                .add("mlp.fc1.weight", new float[] {1, 0, 0, 1, 1, 1}, 3, 2).add("mlp.fc1.bias", new float[] {0, 0, 1}, 3)
                .add("mlp.fc2.weight", new float[] {1, 0, 0, 0, 1, 1}, 2, 3).add("mlp.fc2.bias", new float[] {0, 10}, 2)
                .write(folder.resolve("model.safetensors"));
        checkpoint = Checkpoint.open(folder, TensorNames.AS_STORED);
        weights = checkpoint.weights();
    }

    @AfterEach
    void close() {
        checkpoint.close();
    }

    /** (x - mean) / √(variance + eps), times 1 and 2, plus 0 and 1. */
    @ParameterizedTest
    @CsvSource({
        "1, 3, 0, -1, 3", "3, 1, 0, 1, -1", "5, 5, 1, 0, 1", "1, 3, 3, -0.5, 2", "-1, 1, 0, -1, 3", "1000000, 1000002, 0, -1, 3"})
    void rowsAreNormalised(float a, float b, float eps, float first, float second) {
        LayerNorm norm = LayerNorm.load(weights.at("norm"), 2, eps, KERNELS);
        Matrix x = new Matrix(new float[] {9, 7, a, b}, 0, 2, 2);

        norm.forward(x, x);

        assertThat(x.at(1, 0)).isCloseTo(first, within(1e-6f));
        assertThat(x.at(1, 1)).isCloseTo(second, within(1e-6f));
    }

    /** fc1 gives (a, b, a + b + 1), fc2 the first gelu and the sum of the others plus 10; gelu(1) = 0.8413447, gelu(-1) = -0.1586553. */
    @ParameterizedTest
    @CsvSource({"1, -1, 0.8413447, 10.6826895", "0, 0, 0, 10.8413447", "-1, 0, -0.1586553, 10", "10, -11, 10, 10"})
    void rowsGoThroughTheHiddenLayer(float a, float b, float first, float second) {
        GeluMlp mlp = GeluMlp.load(weights.at("mlp"), 2, 3, KERNELS);
        for (int bufferRows = 1; bufferRows <= 4; bufferRows++) {
            Matrix x = new Matrix(new float[] {a, b, 0, 0, a, b}, 0, 3, 2);

            mlp.forward(x, Matrix.zeros(bufferRows, 3), x);

            for (int row : new int[] {0, 2}) {
                assertThat(x.at(row, 0)).isCloseTo(first, within(1e-6f));
                assertThat(x.at(row, 1)).isCloseTo(second, within(2e-6f));
            }
            assertThat(x.at(1, 1)).isCloseTo(10.8413447f, within(2e-6f));
        }
    }

    @Test
    void anotherWidthIsRefused() {
        assertThatThrownBy(() -> LayerNorm.load(weights.at("norm"), 3, 0, KERNELS)).isInstanceOf(ModelFormatException.class)
                .hasMessageEndingWith("norm.weight: expected shape [3], found [2]");
        assertThatThrownBy(() -> GeluMlp.load(weights.at("mlp"), 2, 4, KERNELS)).isInstanceOf(ModelFormatException.class)
                .hasMessageEndingWith("mlp.fc1.weight: expected shape [4, 2], found [3, 2]");
    }
}
