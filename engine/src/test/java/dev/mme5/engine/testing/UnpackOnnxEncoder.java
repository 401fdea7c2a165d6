package dev.mme5.engine.testing;

import dev.mme5.engine.files.AtomicFolder;
import dev.mme5.weights.SafetensorsWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Makes an ordinary model folder of the encoder in a jar of LangChain4j: {@code UnpackOnnxEncoder JAR FOLDER HEADS}. The folder appears
 * as a whole or not at all. The exporter left the weights of linear layers without names and transposed; each gets the name of the bias
 * that is added to its product. The number of heads stands in no shape.
 */
public final class UnpackOnnxEncoder {
    private UnpackOnnxEncoder() {}

    public static void main(String[] args) throws IOException {
        Path jar = Path.of(args[0]);
        try (AtomicFolder folder = AtomicFolder.create(Path.of(args[1]), 4 * Files.size(jar))) {
            unpack(jar, folder.path(), Integer.parseInt(args[2]));
            folder.commit();
        }
    }

    private static void unpack(Path file, Path folder, int heads) throws IOException {
        Path onnx = folder.resolve("model.onnx");
        try (ZipFile jar = new ZipFile(file.toFile())) {
            extract(jar, "tokenizer.json", folder.resolve("tokenizer.json"));
            extract(jar, ".onnx", onnx);
        }
        Map<String, OnnxFile.Tensor> weights = namedWeights(OnnxFile.read(onnx));
        Files.delete(onnx);
        SafetensorsWriter writer = new SafetensorsWriter();
        weights.forEach((name, tensor) -> writer.add(name, tensor.values(), tensor.shape()));
        writer.write(folder.resolve("model.safetensors"));
        Files.writeString(folder.resolve("config.json"), config(weights, heads));
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"model_max_length\":512}");
        boolean hasPrompts = file.getFileName().toString().contains("-e5-");
        String prompts = hasPrompts ? "\"query\":\"query: \",\"passage\":\"passage: \"" : "";
        Files.writeString(folder.resolve("config_sentence_transformers.json"), "{\"prompts\":{" + prompts + "}}");
    }

    private static void extract(ZipFile jar, String end, Path target) throws IOException {
        ZipEntry entry = jar.stream().filter(e -> e.getName().endsWith(end)).findFirst()
                .orElseThrow(() -> new IOException(jar.getName() + ": no file that ends with " + end));
        try (InputStream in = jar.getInputStream(entry)) {
            Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static Map<String, OnnxFile.Tensor> namedWeights(OnnxFile onnx) {
        Map<String, OnnxFile.Tensor> weights = new TreeMap<>();
        Map<String, OnnxFile.Tensor> products = new HashMap<>();
        onnx.floats().forEach((name, tensor) -> {
            if (name.startsWith("embeddings.") || name.startsWith("encoder.")) weights.put(name, tensor);
        });
        for (OnnxFile.Node node : onnx.nodes()) {
            if (node.type().equals("MatMul") && onnx.floats().containsKey(node.inputs().get(1))) {
                products.put(node.outputs().getFirst(), transposed(onnx.floats().get(node.inputs().get(1))));
            }
            if (!node.type().equals("Add")) continue;
            for (int i = 0; i < 2; i++) {
                OnnxFile.Tensor weight = products.get(node.inputs().get(i));
                String bias = node.inputs().get(1 - i);
                if (weight != null) weights.put(bias.substring(0, bias.length() - "bias".length()) + "weight", weight);
            }
        }
        return weights;
    }

    private static OnnxFile.Tensor transposed(OnnxFile.Tensor tensor) {
        int rows = (int) tensor.shape()[0];
        int cols = (int) tensor.shape()[1];
        float[] values = new float[rows * cols];
        for (int row = 0; row < rows; row++) {
            for (int col = 0; col < cols; col++) values[col * rows + row] = tensor.values()[row * cols + col];
        }
        return new OnnxFile.Tensor(new long[] {cols, rows}, values);
    }

    private static String config(Map<String, OnnxFile.Tensor> weights, int heads) {
        long[] words = weights.get("embeddings.word_embeddings.weight").shape();
        long layers = weights.keySet().stream().filter(name -> name.endsWith(".intermediate.dense.weight")).count();
        return """
                {"model_type":"bert","hidden_act":"gelu","vocab_size":%d,"hidden_size":%d,"num_hidden_layers":%d,\
                "num_attention_heads":%d,"intermediate_size":%d,"max_position_embeddings":%d,"type_vocab_size":%d,\
                "layer_norm_eps":1e-12,"pad_token_id":0}
                """.formatted(words[0], words[1], layers, heads,
                weights.get("encoder.layer.0.intermediate.dense.weight").shape()[0],
                weights.get("embeddings.position_embeddings.weight").shape()[0],
                weights.get("embeddings.token_type_embeddings.weight").shape()[0]);
    }
}
