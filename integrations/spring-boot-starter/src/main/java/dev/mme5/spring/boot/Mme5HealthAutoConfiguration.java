package dev.mme5.spring.boot;

import dev.mme5.engine.EmbeddingModel;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** The health of the model, where the application has health endpoints. {@code management.health.mme5.enabled=false} switches it off. */
@AutoConfiguration(after = Mme5AutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(EmbeddingModel.class)
public class Mme5HealthAutoConfiguration {
    @Bean
    @ConditionalOnEnabledHealthIndicator("mme5")   // on the class, it would be looked for where there is no such class
    @ConditionalOnMissingBean(name = "mme5HealthIndicator")
    HealthIndicator mme5HealthIndicator(EmbeddingModel engine, ObjectProvider<EngineFactory> factory) {
        EngineFactory ours = factory.getIfAvailable();
        return new Mme5HealthIndicator(engine, ours == null ? engine.name() : ours.modelName());
    }
}
