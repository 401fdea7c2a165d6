package dev.mme5.spring.boot;

import dev.mme5.engine.EmbeddingModel;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Meters {@code mme5.*}, where the application has Micrometer. */
@AutoConfiguration(after = Mme5AutoConfiguration.class)
@ConditionalOnClass(MeterBinder.class)
@ConditionalOnBean(EmbeddingModel.class)
public class Mme5MetricsAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean(name = "mme5Meters")
    MeterBinder mme5Meters(EmbeddingModel engine) {
        return new Mme5Meters(engine);
    }
}
