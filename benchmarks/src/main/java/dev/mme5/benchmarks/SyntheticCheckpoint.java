package dev.mme5.benchmarks;

import dev.mme5.benchmarks.SyntheticShape.Tensor;
import dev.mme5.json.JsonWriter;
import dev.mme5.weights.DType;
import dev.mme5.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Writes a model folder of the real model's size with made-up weights: real configuration, names, shapes and sharding, seeded
 * values of realistic scale. For measuring, and for finding what breaks at 20 GB; its vectors mean nothing.
 */
@Command(name = "synthetic-checkpoint", mixinStandardHelpOptions = true, description = "Writes a made-up checkpoint of real size.")
public final class SyntheticCheckpoint implements Callable<Integer> {
    private static final long SHARD_BYTES = 5_000_000_000L;
    private static final long SPARE_BYTES = 2_000_000_000L;

    @Option(names = "--output", required = true, description = "the folder to write; must not exist")
    private Path output;

    @Option(names = "--tile", defaultValue = "448", description = "side of a tile: 448 or 560")
    private int tile;

    @Option(names = "--few-layers", description = "3 text layers and 3 vision blocks: 2.5 GB")
    private boolean fewLayers;

    @Option(names = "--seed", defaultValue = "1")
    private long seed;

    @Option(
            names = "--tokenizer",
            description = "a folder with a tokenizer.json of 128,257 ids; by default the mini model's, padded to that size")
    private Path tokenizer;

    /** @param args see {@code --help} */
    public static void main(String[] args) {
        System.exit(new CommandLine(new SyntheticCheckpoint()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        if (tile != 448 && tile != 560) throw new IllegalArgumentException("--tile is 448 or 560");
        write(output, fewLayers ? SyntheticShape.few(tile) : SyntheticShape.real(tile), seed, tokenizer);
        return 0;
    }

    static void write(Path folder, SyntheticShape shape, long seed, Path tokenizer) throws IOException {
        List<List<Tensor>> shards = shards(shape.tensors());
        long bytes = 2 * shape.tensors().stream().mapToLong(t -> t.shape().elements()).sum();
        requireSpace(folder.toAbsolutePath().getParent(), bytes);
        Files.createDirectory(folder);
        SyntheticConfig.write(folder, shape, tokenizer);

        SyntheticValues values = new SyntheticValues(seed);
        JsonWriter index = new JsonWriter().beginObject().name("metadata").beginObject().member("total_size", bytes).endObject();
        index.name("weight_map").beginObject();
        for (int i = 0; i < shards.size(); i++) {
            String file = "model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size());
            SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
            for (Tensor tensor : shards.get(i)) {
                writer.add(tensor.name(), DType.BF16, tensor.shape(), values.data(tensor));
                index.member(tensor.name(), file);
            }
            System.err.printf("%s: %,d bytes%n", file, writer.fileBytes());
            writer.write(folder.resolve(file));
        }
        Files.writeString(folder.resolve("model.safetensors.index.json"), index.endObject().endObject().toString());
    }

    private static List<List<Tensor>> shards(List<Tensor> tensors) {
        List<List<Tensor>> shards = new ArrayList<>();
        long bytes = SHARD_BYTES;
        for (Tensor tensor : tensors) {
            long more = 2 * tensor.shape().elements();
            if (bytes + more > SHARD_BYTES) {
                shards.add(new ArrayList<>());
                bytes = 0;
            }
            shards.getLast().add(tensor);
            bytes += more;
        }
        return shards;
    }

    private static void requireSpace(Path parent, long bytes) throws IOException {
        FileStore store = Files.getFileStore(parent);
        if (store.getUsableSpace() < bytes + SPARE_BYTES) {
            throw new IOException("%s: %,d bytes are needed, %,d are free".formatted(parent, bytes + SPARE_BYTES, store.getUsableSpace()));
        }
    }
}
