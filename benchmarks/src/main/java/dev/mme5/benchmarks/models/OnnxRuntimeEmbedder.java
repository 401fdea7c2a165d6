package dev.mme5.benchmarks.models;

import dev.mme5.tokenizer.Tokenizer;
import java.lang.reflect.Method;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * ONNX Runtime itself with the model of LangChain4j's jar: all texts in one run, which is the most that it can do. Texts of a run must
 * have the same number of tokens. The tokenizer is that of mme5.
 */
final class OnnxRuntimeEmbedder implements TextEmbedder {
    private final Tokenizer tokenizer;
    private final Object environment;
    private final Object session;
    private final Method createTensor;
    private final Method run;

    /** @param onnx the model, as the file has it */
    OnnxRuntimeEmbedder(PeerLibraries peers, byte[] onnx, Path folder, int threads) {
        tokenizer = Tokenizer.open(folder);
        environment = PeerLibraries.call(() -> peers.type("ai.onnxruntime.OrtEnvironment").getMethod("getEnvironment").invoke(null));
        session = PeerLibraries.call(() -> {
            Class<?> optionsType = peers.type("ai.onnxruntime.OrtSession$SessionOptions");
            Object options = optionsType.getConstructor().newInstance();
            optionsType.getMethod("setIntraOpNumThreads", int.class).invoke(options, threads);
            return environment.getClass().getMethod("createSession", byte[].class, optionsType).invoke(environment, onnx, options);
        });
        createTensor = PeerLibraries.call(() -> peers.type("ai.onnxruntime.OnnxTensor")
                .getMethod("createTensor", peers.type("ai.onnxruntime.OrtEnvironment"), LongBuffer.class, long[].class));
        run = PeerLibraries.call(() -> session.getClass().getMethod("run", Map.class));
    }

    @Override
    public String name() {
        return "ONNX Runtime 1.20, batch";
    }

    @Override
    public List<float[]> embed(List<String> texts) {
        List<int[]> ids = texts.stream().map(text -> tokenizer.encode(text, Integer.MAX_VALUE).ids()).toList();
        long[] shape = {ids.size(), ids.getFirst().length};
        LongBuffer tokens = LongBuffer.allocate((int) (shape[0] * shape[1]));
        for (int[] sequence : ids) {
            for (int id : sequence) tokens.put(id);
        }
        LongBuffer ones = LongBuffer.allocate(tokens.capacity());
        while (ones.hasRemaining()) ones.put(1);
        return PeerLibraries.call(() -> {
            Map<String, Object> inputs = new LinkedHashMap<>();
            inputs.put("input_ids", createTensor.invoke(null, environment, tokens.flip(), shape));
            inputs.put("attention_mask", createTensor.invoke(null, environment, ones.flip(), shape));
            inputs.put("token_type_ids", createTensor.invoke(null, environment, LongBuffer.allocate(tokens.capacity()), shape));
            try (AutoCloseable result = (AutoCloseable) run.invoke(session, inputs)) {
                Object first = result.getClass().getMethod("get", int.class).invoke(result, 0);
                float[][][] states = (float[][][]) first.getClass().getMethod("getValue").invoke(first);
                List<float[]> vectors = new ArrayList<>();
                for (float[][] text : states) vectors.add(unitMean(text));
                return vectors;
            } catch (ReflectiveOperationException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            } finally {
                for (Object tensor : inputs.values()) tensor.getClass().getMethod("close").invoke(tensor);
            }
        });
    }

    /** The mean of the rows, scaled to unit length. */
    private static float[] unitMean(float[][] rows) {
        float[] mean = new float[rows[0].length];
        for (float[] row : rows) {
            for (int i = 0; i < mean.length; i++) mean[i] += row[i];
        }
        double square = 0;
        for (float value : mean) square += (double) value * value;
        for (int i = 0; i < mean.length; i++) mean[i] /= (float) Math.sqrt(square);
        return mean;
    }

    @Override
    public boolean isSameModel() {
        return true;
    }

    @Override
    public void close() {
        PeerLibraries.call(() -> session.getClass().getMethod("close").invoke(session));
    }
}
