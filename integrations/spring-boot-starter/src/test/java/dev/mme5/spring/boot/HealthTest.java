package dev.mme5.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.spring.ai.Mme5EmbeddingModel;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;

class HealthTest {
    private static HealthIndicator indicator(org.springframework.context.ApplicationContext context) {
        return context.getBean("mme5HealthIndicator", HealthIndicator.class);
    }

    @Test
    void openModelIsUpWithItsDetails() {
        Runners.text().run(context -> {
            Health health = indicator(context).health();
            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails()).containsEntry("model", "mini").containsEntry("dimensions", 192)
                    .containsKeys("kernels", "maxTokens");
        });
    }

    @Test
    void modelFromTheHubsCacheHasItsNameEverywhere() throws IOException {
        HubCache.fill();

        Runners.text().withPropertyValues("spring.ai.mme5.model=" + HubCache.NAME).run(context -> {
            assertThat(indicator(context).health().getDetails()).containsEntry("model", HubCache.NAME);
            Mme5EmbeddingModel model = context.getBean(Mme5EmbeddingModel.class);
            assertThat(model.embedForResponse(List.of("a cat")).getMetadata().getModel()).isEqualTo(HubCache.NAME);
        });
    }

    @Test
    void closedModelIsDown() {
        Runners.text().run(context -> {
            context.getBean(EmbeddingModel.class).close();
            assertThat(indicator(context).health().getStatus()).isEqualTo(Status.DOWN);
        });
    }

    @Test
    void applicationsWithoutHealthOrModelHaveNone() {
        Runners.text().withPropertyValues("management.health.mme5.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean("mme5HealthIndicator"));
        Runners.text().withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("mme5HealthIndicator"));
        Runners.plain().run(context -> assertThat(context).doesNotHaveBean("mme5HealthIndicator"));
    }
}
