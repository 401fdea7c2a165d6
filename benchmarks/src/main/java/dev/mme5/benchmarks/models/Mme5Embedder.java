package dev.mme5.benchmarks.models;

import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.engine.Options;
import dev.mme5.engine.ProgressListener;
import java.nio.file.Path;
import java.util.List;

/** mme5, all texts in one call. */
final class Mme5Embedder implements TextEmbedder {
    private final EmbeddingModel model;

    Mme5Embedder(Path folder, int threads) {
        model = EmbeddingModel.open(folder, Options.defaults().withThreads(threads));
    }

    @Override
    public String name() {
        return "mme5";
    }

    @Override
    public List<float[]> embed(List<String> texts) {
        return model.embedAll(texts.stream().map(Input::text).toList(), ProgressListener.NONE).stream().map(Embedding::values).toList();
    }

    @Override
    public boolean isSameModel() {
        return true;
    }

    @Override
    public void close() {
        model.close();
    }
}
