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
        BodyBudget.Reservation results = budget.reserveResults(768, 0);
        assertThat(budget.used()).isEqualTo(3840);

        assertThatThrownBy(() -> budget.reserve(3072, 0)).isInstanceOf(Problem.class).hasMessageContaining("in use by others");
        assertThatThrownBy(() -> budget.reserveResults(17, 0)).isInstanceOf(Problem.class).hasMessageContaining("in use by others");
        assertThatThrownBy(() -> budget.reserveResults(769, 0)).isInstanceOf(Problem.class).hasMessageContaining("769 bytes");
        inputs.close();
        results.close();
        assertThat(budget.used()).isZero();
    }

    /** A bulk request whose results wait would otherwise keep every query waiting. */
    @Test
    void smallResultsDoNotWaitForLargeOnes() throws InterruptedException {
        budget.reserveResults(768, 0);

        assertThatThrownBy(() -> budget.reserveResults(768, 0)).isInstanceOf(Problem.class);
        budget.reserveResults(16, 0).close();
        assertThat(budget.used()).isEqualTo(768);
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
