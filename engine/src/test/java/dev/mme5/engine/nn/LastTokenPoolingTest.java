package dev.mme5.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.reference.ReferenceKernels;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LastTokenPoolingTest {
    @Test
    void rowsAreScaledToUnitLengthAndTracedBeforeAndAfter() {
        Matrix x = new Matrix(new float[] {3, 4, 0, 0}, 0, 2, 2);
        List<String> stages = new ArrayList<>();

        new LastTokenPooling(new ReferenceKernels())
                .forward(x, (name, value, shape) -> stages.add(name + " " + value.get().at(0, 0) + " " + shape[0]));

        assertThat(x.toArray()).containsExactly(0.6f, 0.8f, 0, 0);
        assertThat(stages).containsExactly("pooled 3.0 2", "embedding 0.6 2");
    }
}
