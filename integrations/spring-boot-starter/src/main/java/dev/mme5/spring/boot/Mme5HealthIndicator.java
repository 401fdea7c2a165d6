package dev.mme5.spring.boot;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Up while the model is open. Nothing is embedded for it: a probe must not wait for a pass. */
final class Mme5HealthIndicator extends AbstractHealthIndicator {
    private static final Input PROBE = Input.literal("up");

    private final EmbeddingModel engine;
    private final String modelName;

    Mme5HealthIndicator(EmbeddingModel engine, String modelName) {
        super("mme5 is not usable");
        this.engine = engine;
        this.modelName = modelName;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        engine.countTokens(PROBE);   // fails when it is closed
        builder.up()
                .withDetail("model", modelName)
                .withDetail("dimensions", engine.dimensions())
                .withDetail("maxTokens", engine.maxTokens())
                .withDetail("kernels", engine.kernels())
                .withDetail("waitingCalls", engine.statistics().waitingCalls());
    }
}
