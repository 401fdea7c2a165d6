package dev.mme5.langchain4j;

import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.common.AbstractEmbeddingModelIT;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.mme5.model.mini.MiniModel;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

/** LangChain4j's own tests of an embedding model. */
class Mme5EmbeddingModelIT extends AbstractEmbeddingModelIT {
    /** JUnit closes the models that it passes to tests, so none may own it. */
    private final dev.mme5.engine.EmbeddingModel engine = dev.mme5.engine.EmbeddingModel.open(MiniModel.folder());

    private final Mme5EmbeddingModel model = Mme5EmbeddingModel.builder()
            .engine(engine)
            .queryInstruction("query: ")
            .documentInstruction("{text} is a document")
            .build();

    @Override
    protected List<EmbeddingModel> models() {
        return List.of(model);
    }

    @Override
    protected EmbeddingModel modelWith(EmbeddingModelListener listener) {
        return model.addListener(listener);
    }

    @Override
    protected EmbeddingModel failingModelWith(EmbeddingModelListener listener) {
        Mme5EmbeddingModel failing = TestModel.builder().listeners(List.of(listener)).build();
        failing.close();
        return failing;
    }

    /** The mini model has 192. */
    @Override
    protected int dimensionsParameter() {
        return 64;
    }

    /** Core's own comes from the internet. */
    @Override
    protected ImageContent catImage() {
        return TestModel.image("cat.png");
    }

    @AfterAll
    void close() {
        engine.close();
    }
}
