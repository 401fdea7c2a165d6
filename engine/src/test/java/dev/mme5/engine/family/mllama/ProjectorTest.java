package dev.mme5.engine.family.mllama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.reference.ReferenceKernels;
import dev.mme5.weights.Checkpoint;
import dev.mme5.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectorTest {
    @TempDir
    Path folder;

    @Test
    void everyTokenIsMultipliedAndGetsTheBias() throws IOException {
        Path file = folder.resolve("weights");
        new SafetensorsWriter()
                .add("multi_modal_projector.weight", new float[] {1, 0, 2, 0, -1, 0}, 2, 3)
                .add("multi_modal_projector.bias", new float[] {100, 200}, 2)
                .write(file);
        try (Checkpoint checkpoint = Checkpoint.openFile(file)) {
            Projector projector = Projector.load(checkpoint.weights().at("multi_modal_projector"), 3, 2, new ReferenceKernels());

            Matrix projected = projector.forward(new Matrix(new float[] {1, 2, 3, 4, 5, 6}, 0, 2, 3));

            assertThat(projected.toArray()).containsExactly(107, 198, 116, 195);
        }
    }

    @Test
    void itsBytesAreThoseOfTheProjectedTokens() {
        assertThat(Projector.bytes(1000, 64)).isEqualTo(4 * 1000 * 64);
    }
}
