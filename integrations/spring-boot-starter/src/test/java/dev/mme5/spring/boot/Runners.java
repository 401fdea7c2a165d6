package dev.mme5.spring.boot;

import org.springframework.ai.model.embedding.observation.autoconfigure.EmbeddingObservationAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Application contexts with this starter's configurations. */
final class Runners {
    static final String TEXT = "spring.ai.model.embedding.text=mme5";
    static final String MULTIMODAL = "spring.ai.model.embedding.multimodal=mme5";

    private Runners() {}

    static ApplicationContextRunner plain() {
        return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(
                Mme5AutoConfiguration.class, Mme5HealthAutoConfiguration.class, Mme5MetricsAutoConfiguration.class,
                EmbeddingObservationAutoConfiguration.class));
    }

    static ApplicationContextRunner text() {
        return plain().withPropertyValues(TEXT);
    }
}
