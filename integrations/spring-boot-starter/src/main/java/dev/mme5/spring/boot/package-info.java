/**
 * Auto-configuration of mme5 for Spring Boot. {@code spring.ai.model.embedding.text=mme5} gives the bean {@link
 * dev.mme5.spring.ai.Mme5EmbeddingModel}, {@code spring.ai.model.embedding.multimodal=mme5} the bean {@link
 * dev.mme5.spring.ai.Mme5DocumentEmbeddingModel}; {@link dev.mme5.spring.boot.Mme5Properties} has the properties.
 */
@org.jspecify.annotations.NullMarked
package dev.mme5.spring.boot;
