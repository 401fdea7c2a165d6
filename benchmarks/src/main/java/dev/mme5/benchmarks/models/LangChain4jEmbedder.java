package dev.mme5.benchmarks.models;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The in-process model of LangChain4j, as its users call it: ONNX Runtime, one text a run, several runs at once. */
final class LangChain4jEmbedder implements TextEmbedder {
    private final ExecutorService executor;
    private final Object model;
    private final Method segmentOf;
    private final Method embedAll;
    private final Method content;
    private final Method vector;

    LangChain4jEmbedder(PeerLibraries peers, int threads) {
        executor = Executors.newFixedThreadPool(threads);
        model = PeerLibraries.call(() -> peers.type("dev.langchain4j.model.embedding.onnx.e5smallv2.E5SmallV2EmbeddingModel")
                .getConstructor(Executor.class).newInstance(executor));
        segmentOf = PeerLibraries.call(() -> peers.type("dev.langchain4j.data.segment.TextSegment").getMethod("from", String.class));
        embedAll = PeerLibraries.call(() -> model.getClass().getMethod("embedAll", List.class));
        content = PeerLibraries.call(() -> peers.type("dev.langchain4j.model.output.Response").getMethod("content"));
        vector = PeerLibraries.call(() -> peers.type("dev.langchain4j.data.embedding.Embedding").getMethod("vector"));
    }

    @Override
    public String name() {
        return "LangChain4j 0.36.2 (ONNX)";
    }

    @Override
    public List<float[]> embed(List<String> texts) {
        return PeerLibraries.call(() -> {
            List<Object> segments = new ArrayList<>();
            for (String text : texts) segments.add(segmentOf.invoke(null, text));
            List<float[]> vectors = new ArrayList<>();
            for (Object embedding : (List<?>) content.invoke(embedAll.invoke(model, segments))) {
                vectors.add((float[]) vector.invoke(embedding));
            }
            return vectors;
        });
    }

    @Override
    public boolean isSameModel() {
        return true;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
