package dev.mme5.benchmarks.models;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Jlama's BERT in float32, one text after the other as its API has it. Its vectors are others: see docs/E5.md. */
final class JlamaEmbedder implements TextEmbedder {
    private final Path folder;
    private final Object model;
    private final Method embed;
    private final Object average;

    JlamaEmbedder(PeerLibraries peers, Path source, int width, int threads) throws IOException {
        folder = Files.createTempDirectory("mme5-jlama");
        copyWithPooler(source, folder, width);
        model = PeerLibraries.call(() -> {
            peers.type("com.github.tjake.jlama.util.PhysicalCoreExecutor").getMethod("overrideThreadCount", int.class).invoke(null,
                    threads);
            Class<?> dtype = peers.type("com.github.tjake.jlama.safetensors.DType");
            Object f32 = dtype.getField("F32").get(null);
            return peers.type("com.github.tjake.jlama.model.ModelSupport")
                    .getMethod("loadEmbeddingModel", File.class, dtype, dtype).invoke(null, folder.toFile(), f32, f32);
        });
        Class<?> pooling = PeerLibraries.call(() -> peers.type("com.github.tjake.jlama.model.functions.Generator$PoolingType"));
        average = PeerLibraries.call(() -> pooling.getField("AVG").get(null));
        embed = PeerLibraries.call(() -> model.getClass().getMethod("embed", String.class, pooling));
    }

    /** Jlama does not open an encoder without a pooler. It does not use it for the mean. */
    private static void copyWithPooler(Path source, Path target, int width) throws IOException {
        for (String name : List.of("config.json", "tokenizer.json", "tokenizer_config.json"))
            Files.copy(source.resolve(name), target.resolve(name));
        try (FileChannel in = FileChannel.open(source.resolve("model.safetensors"));
                FileChannel out =
                        FileChannel.open(target.resolve("model.safetensors"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            in.read(length);
            ByteBuffer header = ByteBuffer.allocate((int) length.getLong(0));
            in.read(header);
            long data = in.size() - 8 - header.capacity();
            long weights = 4L * width * width;
            String json = new String(header.array(), StandardCharsets.UTF_8).strip();
            byte[] longer = (json.substring(0, json.length() - 1) + ",\"pooler.dense.weight\":{\"dtype\":\"F32\",\"shape\":[" + width + ","
                    + width + "],\"data_offsets\":[" + data + "," + (data + weights)
                    + "]},\"pooler.dense.bias\":{\"dtype\":\"F32\",\"shape\":["
                    + width + "],\"data_offsets\":[" + (data + weights) + "," + (data + weights + 4L * width) + "]}}")
                    .getBytes(StandardCharsets.UTF_8);
            out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, longer.length));
            out.write(ByteBuffer.wrap(longer));
            long done = 0;
            while (done < data) done += in.transferTo(8L + header.capacity() + done, data - done, out);
            out.write(ByteBuffer.allocate((int) (weights + 4L * width)));
        }
    }

    @Override
    public String name() {
        return "Jlama 0.8.4";
    }

    @Override
    public List<float[]> embed(List<String> texts) {
        return PeerLibraries.call(() -> {
            List<float[]> vectors = new ArrayList<>();
            for (String text : texts) vectors.add((float[]) embed.invoke(model, text, average));
            return vectors;
        });
    }

    @Override
    public boolean isSameModel() {
        return false;
    }

    @Override
    public void close() {
        try {
            ((AutoCloseable) model).close();
            for (File file : folder.toFile().listFiles()) Files.delete(file.toPath());
            Files.delete(folder);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
