package dev.mme5.spring.boot;

import org.springframework.ai.model.SpringAIModelProperties;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;

/** Conditions by Spring AI's properties that choose a provider. */
final class Selected {
    static final String MME5 = "mme5";

    private Selected() {}

    /**
     * For a bean: {@code spring.ai.model.embedding.text=mme5}, or {@code spring.ai.model.embedding=mme5}, which switches other providers
     * off.
     */
    static final class ForText extends AnyNestedCondition {
        ForText() {
            super(ConfigurationPhase.REGISTER_BEAN);
        }

        @ConditionalOnProperty(name = SpringAIModelProperties.TEXT_EMBEDDING_MODEL, havingValue = MME5)
        static final class Text {}

        @ConditionalOnProperty(name = SpringAIModelProperties.EMBEDDING_MODEL, havingValue = MME5)
        static final class Any {}
    }

    /** For a configuration: any of these, or {@code spring.ai.model.embedding.multimodal=mme5}. */
    static final class ForAnything extends AnyNestedCondition {
        ForAnything() {
            super(ConfigurationPhase.PARSE_CONFIGURATION);
        }

        @ConditionalOnProperty(name = SpringAIModelProperties.TEXT_EMBEDDING_MODEL, havingValue = MME5)
        static final class Text {}

        @ConditionalOnProperty(name = SpringAIModelProperties.EMBEDDING_MODEL, havingValue = MME5)
        static final class Any {}

        @ConditionalOnProperty(name = SpringAIModelProperties.MULTI_MODAL_EMBEDDING_MODEL, havingValue = MME5)
        static final class Multimodal {}
    }
}
