package dev.mme5.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BodyBudgetTest {
    private final BodyBudget budget = new BodyBudget(4096);

    /** Else requests that have read their bodies would wait for each other. */
    @Test
    void resultsDoNotWaitForInputs() throws InterruptedException {
        BodyBudget.Reservation inputs = budget.reserve(3072, 0);
        BodyBudget.Reservation results = budget.reserveResults(1024, 0);
        assertThat(budget.used()).isEqualTo(4096);

        assertThatThrownBy(() -> budget.reserve(3072, 0)).isInstanceOf(Problem.class).hasMessageContaining("in use by others");
        assertThatThrownBy(() -> budget.reserveResults(1, 0)).isInstanceOf(Problem.class).hasMessageContaining("in use by others");
        assertThatThrownBy(() -> budget.reserveResults(1025, 0)).isInstanceOf(Problem.class).hasMessageContaining("1025 bytes");
        inputs.close();
        results.close();
        assertThat(budget.used()).isZero();
    }

    @Test
    void smallRequestsDoNotWaitForLargeOnes() throws InterruptedException {
        budget.reserve(3072, 0);

        try (BodyBudget.Reservation small = budget.reserve(64, 0)) {
            small.shrinkTo(10);
            assertThat(budget.used()).isEqualTo(3082);
        }
    }
}
