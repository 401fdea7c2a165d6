package dev.mme5.spring.boot;

import dev.mme5.engine.EmbeddingModel;
import java.time.Duration;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.FactoryBean;

/** Opens the engine with the application, and closes it after everything that uses it, with a limit for calls that still run. */
final class EngineFactory implements FactoryBean<EmbeddingModel>, DisposableBean {
    private final EngineOpener.Opened opened;
    private final Duration patience;

    EngineFactory(Mme5Properties properties) {
        opened = new EngineOpener(properties).open();
        patience = properties.shutdownTimeout();
    }

    /** What responses call the model. */
    String modelName() {
        return opened.name();
    }

    @Override
    public EmbeddingModel getObject() {
        return opened.engine();
    }

    @Override
    public Class<?> getObjectType() {
        return EmbeddingModel.class;
    }

    @Override
    public void destroy() {
        opened.engine().close(patience);
    }
}
