package dev.mme5.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.spring.ai.Mme5EmbeddingModel;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;

/** Metrics as an application with the actuator has them. */
class ObservationTest {
    @Test
    void requestsAreTimedAndTokensCounted() {
        Runners.text().withBean(SimpleMeterRegistry.class).withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
                CompositeMeterRegistryAutoConfiguration.class, ObservationAutoConfiguration.class)).run(context -> {
                    int tokens = context.getBean(Mme5EmbeddingModel.class).embedForResponse(List.of("a cat", "a dog")).getMetadata()
                            .getUsage().getPromptTokens();
                    MeterRegistry meters = context.getBean(MeterRegistry.class);
                    assertThat(meters.get("gen_ai.client.operation").tags("gen_ai.system", "mme5", "gen_ai.operation.name", "embedding",
                            "gen_ai.request.model", "mini").timer().count()).isEqualTo(1);
                    assertThat(meters.get("gen_ai.client.token.usage").tags("gen_ai.token.type", "input", "gen_ai.system", "mme5")
                            .counter().count()).isEqualTo(tokens);
                    assertThat(meters.get("mme5.inputs").functionCounter().count()).isEqualTo(2);
                    double shared = meters.get("mme5.tokens.shared").functionCounter().count();
                    assertThat(shared).isPositive(); // both begin with "a"
                    assertThat(meters.get("mme5.tokens").functionCounter().count()).isEqualTo(tokens - shared);
                    assertThat(meters.get("mme5.tokens.cached").functionCounter().count()).isZero(); // both are in one pass
                    assertThat(meters.get("mme5.calls.waiting").gauge().value()).isZero();
                    assertThat(meters.get("mme5.memory.limit").gauge().value()).isPositive();
                    assertThat(meters.get("mme5.computing").timeGauge().value()).isPositive();
                });
    }
}
