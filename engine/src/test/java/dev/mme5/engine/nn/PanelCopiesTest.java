package dev.mme5.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import org.junit.jupiter.api.Test;

class PanelCopiesTest {
    private final PanelCopies copies = new PanelCopies();
    private final MappedTensor stored = MappedTensor.ofFloats("weight", new float[33 * 5], 33, 5);
    private final PanelCopies.Weight weight = copies.weight(stored);

    @Test
    void bytesAreThoseOfTheArrays() {
        assertThat(copies.bytes()).isEqualTo((long) Float.BYTES * PanelTensor.copyToArray(stored).array().length);
    }

    @Test
    void nothingIsCopiedUnlessItIsAllowed() {
        for (int use = 0; use < 3; use++) assertThat(weight.get(true)).isSameAs(stored);
    }

    @Test
    void theSecondUseCopies() {
        copies.allow();

        assertThat(weight.get(false)).isSameAs(stored);
        assertThat(weight.get(true)).isSameAs(stored);
        assertThat(weight.get(true)).isInstanceOf(PanelTensor.class).isSameAs(weight.get(true));
    }
}
