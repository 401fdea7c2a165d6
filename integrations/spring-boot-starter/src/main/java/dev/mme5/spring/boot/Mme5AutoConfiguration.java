package dev.mme5.spring.boot;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.spring.ai.Mme5DocumentEmbeddingModel;
import dev.mme5.spring.ai.Mme5EmbeddingModel;
import dev.mme5.spring.ai.Mme5EmbeddingModelBuilder;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationConvention;
import org.springframework.ai.model.SpringAIModelProperties;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/**
 * One engine, shared by the model for texts and the model for documents, each only where Spring AI's properties choose mme5. The engine
 * is closed last: it waits for running calls.
 */
@AutoConfiguration
@Conditional(Selected.ForAnything.class)
@EnableConfigurationProperties(Mme5Properties.class)
public class Mme5AutoConfiguration {
    @Bean
    @ConditionalOnMissingBean(EmbeddingModel.class)
    EngineFactory mme5Engine(Mme5Properties properties) {
        return new EngineFactory(properties);
    }

    @Bean
    @ConditionalOnMissingBean
    @Conditional(Selected.ForText.class)
    Mme5EmbeddingModel mme5EmbeddingModel(EmbeddingModel engine, ObjectProvider<EngineFactory> factory, Mme5Properties properties,
            ObjectProvider<ObservationRegistry> registry, ObjectProvider<EmbeddingModelObservationConvention> convention) {
        return build(engine, factory, properties, registry, convention);
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnProperty(name = SpringAIModelProperties.MULTI_MODAL_EMBEDDING_MODEL, havingValue = Selected.MME5)
    Mme5DocumentEmbeddingModel mme5DocumentEmbeddingModel(EmbeddingModel engine, ObjectProvider<EngineFactory> factory,
            Mme5Properties properties, ObjectProvider<ObservationRegistry> registry,
            ObjectProvider<EmbeddingModelObservationConvention> convention) {
        return new Mme5DocumentEmbeddingModel(build(engine, factory, properties, registry, convention));
    }

    /** @param factory absent where the engine is a bean of the application's own */
    private static Mme5EmbeddingModel build(EmbeddingModel engine, ObjectProvider<EngineFactory> factory, Mme5Properties properties,
            ObjectProvider<ObservationRegistry> registry, ObjectProvider<EmbeddingModelObservationConvention> convention) {
        Mme5EmbeddingModelBuilder builder = Mme5EmbeddingModel.builder(engine)
                .metadataMode(properties.metadataMode())
                .observationRegistry(registry.getIfUnique(() -> ObservationRegistry.NOOP))
                .observationConvention(convention.getIfAvailable());
        factory.ifAvailable(ours -> builder.modelName(ours.modelName()));
        properties.imageFolders().forEach(builder::imageFolder);
        if (properties.queryInstruction() != null) builder.queryInstruction(properties.queryInstruction());
        if (properties.documentInstruction() != null) builder.documentInstruction(properties.documentInstruction());
        if (properties.dimensions() != null) builder.dimensions(properties.dimensions());
        return builder.build();
    }
}
