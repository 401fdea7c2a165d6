package dev.mme5.spring.boot;

import dev.mme5.engine.EmbeddingModel;
import java.time.Duration;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.FactoryBean;

/** Opens the engine with the application, and closes it after everything that uses it, with a limit for calls that still run. */
final class EngineFactory implements FactoryBean<EmbeddingModel>, DisposableBean {
    private final EmbeddingModel engine;
    private final Duration patience;

    EngineFactory(Mme5Properties properties) {
        engine = new EngineOpener(properties).open();
        patience = properties.shutdownTimeout();
    }

    @Override
    public EmbeddingModel getObject() {
        return engine;
    }

    @Override
    public Class<?> getObjectType() {
        return EmbeddingModel.class;
    }

    @Override
    public void destroy() {
        engine.close(patience);
    }
}
