package dev.mme5.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.kernel.pool.ArrayAlignment;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PanelCopiesTest {
    private final PanelCopies copies = new PanelCopies();
    private final MappedTensor stored = MappedTensor.ofFloats("weight", new float[33 * 5], 33, 5);
    private final PanelCopies.Weight weight = copies.weight(stored);

    @Test
    void bytesAreThoseOfTheArray() {
        copies.allow();

        assertThat(copies.bytes()).isEqualTo((long) Float.BYTES * copy(weight).array().length);
        assertThat(new PanelCopies().bytes()).isZero();
    }

    @Test
    void copiesLieInOneArray() {
        PanelCopies.Weight other = copies.weight(MappedTensor.ofFloats("other", new float[] {1, 2, 3, 4}, 2, 2));
        copies.allow();
        PanelTensor second = copy(other);
        PanelTensor first = copy(weight);

        assertThat(second.array()).isSameAs(first.array());
        assertThat(first.arrayOffset()).isEqualTo(ArrayAlignment.FLOATS);
        assertThat(second.arrayOffset()).isEqualTo(first.arrayOffset() + 2 * 5 * PanelTensor.ROWS);
        float[] row = new float[2];
        second.widen(1, row, 0);
        assertThat(row).containsExactly(3, 4);
    }

    @Test
    void whatFitsIntoNoArrayIsNotCopiedAndNotCounted() {
        MappedTensor large = MappedTensor.ofFloats("large", new float[1 << 20], 32, 1 << 15);
        for (int i = 0; i < 2047; i++) copies.weight(large);
        assertThat(copies.bytes()).isPositive();

        for (int i = 0; i < 2; i++) copies.weight(large);
        copies.allow();

        assertThat(copies.bytes()).isZero();
        for (int use = 0; use < 3; use++) assertThat(weight.get(true)).isSameAs(stored);
    }

    @Test
    void aFullHeapIsTriedAgainLater() {
        AtomicInteger attempts = new AtomicInteger();
        PanelCopies full = new PanelCopies(size -> {
            if (attempts.incrementAndGet() <= 2) throw new OutOfMemoryError("full");
            return new float[size];
        });
        PanelCopies.Weight tried = full.weight(stored);
        full.allow();
        for (int use = 0; use < 2; use++) assertThat(tried.get(true)).isSameAs(stored);
        assertThat(attempts).hasValue(1);

        for (int use = 0; use < PanelCopies.USES_AFTER_FAILURE; use++) assertThat(tried.get(true)).isSameAs(stored);
        assertThat(attempts).hasValue(1);
        assertThat(tried.get(true)).isSameAs(stored);
        assertThat(attempts).hasValue(2);

        for (int use = 0; use < 2 * PanelCopies.USES_AFTER_FAILURE; use++) assertThat(tried.get(true)).isSameAs(stored);
        assertThat(tried.get(true)).isInstanceOf(PanelTensor.class);
        assertThat(attempts).hasValue(3);
    }

    private static PanelTensor copy(PanelCopies.Weight weight) {
        weight.get(true);
        return (PanelTensor) weight.get(true);
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
