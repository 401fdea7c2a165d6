package dev.mme5.benchmarks.checkpoint;

import dev.mme5.benchmarks.checkpoint.SyntheticShape.Tensor;
import dev.mme5.json.JsonWriter;
import dev.mme5.weights.Checkpoint;
import dev.mme5.weights.DType;
import dev.mme5.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Writes a model folder of the real model's size with synthetic weights: real configuration, names, shapes and sharding, seeded values
 * of realistic scale. For measurements, and for finding what fails at 20 GB. Its embeddings are meaningless.
 */
@Command(
        name = "checkpoint",
        mixinStandardHelpOptions = true,
        description = "Writes a model folder of the real size with synthetic weights: 21.3 GB, or 3.7 GB with few layers.")
public final class SyntheticCheckpoint implements Callable<Integer> {
    static final String INDEX = Checkpoint.SHARD_INDEX;

    private static final long SHARD_BYTES = 5_000_000_000L;
    private static final long SPARE_BYTES = 2_000_000_000L;

    @Option(names = "--output", required = true, paramLabel = "DIR", description = "the folder to write; must not exist")
    private Path output;

    @Option(names = "--tile", paramLabel = "SIDE", defaultValue = "448", description = "side of a tile: 448 as the base model, or 560")
    private int tile;

    @Option(names = "--few-layers", description = "3 text layers and 3 vision layers")
    private boolean fewLayers;

    @Option(names = "--sparse",
            description = "headers only: every weight is zero, whatever the seed, and takes no room where the disk has holes; for inspect "
                    + "and quantize")
    private boolean sparse;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "of the weights; equal seeds give equal files")
    private long seed;

    @Option(
            names = "--tokenizer",
            paramLabel = "DIR",
            description = "where to take tokenizer.json from; a small one is filled up to the real size; default: models/mini")
    private Path tokenizer;

    @Option(names = "--tree", hidden = true, defaultValue = "${sys:mme5.tree:-.}", description = "root of the source tree")
    private Path tree;

    @Override
    public Integer call() throws IOException {
        Path vocabulary = tokenizer == null ? tree.resolve(SyntheticConfig.MINI) : tokenizer;
        SyntheticShape shape = shape(fewLayers, tile);
        if (sparse) writeSparse(output, shape, vocabulary);
        else write(output, shape, seed, vocabulary);
        return 0;
    }

    public static SyntheticShape shape(boolean fewLayers, int tile) {
        if (tile != 448 && tile != 560) throw new IllegalArgumentException("--tile is 448 or 560, not " + tile);
        return fewLayers ? SyntheticShape.few(tile) : SyntheticShape.real(tile);
    }

    /**
     * Writes the folder. The index comes last, so a folder with an index is complete.
     *
     * @param tokenizer a folder with a tokenizer.json
     */
    public static void write(Path folder, SyntheticShape shape, long seed, Path tokenizer) throws IOException {
        requireSpace(folder.toAbsolutePath().getParent(), shape.bytes());
        SyntheticValues values = new SyntheticValues(seed);
        write(folder, shape, tokenizer, (file, tensors) -> {
            SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
            for (Tensor tensor : tensors) writer.add(tensor.name(), DType.BF16, tensor.shape(), values.data(tensor));
            System.err.printf("%s: %,d bytes%n", file.getFileName(), writer.fileBytes());
            writer.write(file);
        });
    }

    /** Writes the folder with zeros only, which take no disk space. */
    public static void writeSparse(Path folder, SyntheticShape shape, Path tokenizer) throws IOException {
        write(folder, shape, tokenizer, SparseShard::write);
    }

    private interface ShardWriter {
        void write(Path file, List<Tensor> tensors) throws IOException;
    }

    private static void write(Path folder, SyntheticShape shape, Path tokenizer, ShardWriter writer) throws IOException {
        List<List<Tensor>> shards = shards(shape.tensors());
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            throw new FileAlreadyExistsException(folder + ": it exists already");
        }
        SyntheticConfig.write(folder, shape, tokenizer);

        JsonWriter index = new JsonWriter().beginObject().name("metadata").beginObject().member("total_size", shape.bytes()).endObject();
        index.name("weight_map").beginObject();
        for (int i = 0; i < shards.size(); i++) {
            String file = String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size());
            for (Tensor tensor : shards.get(i)) index.member(tensor.name(), file);
            writer.write(folder.resolve(file), shards.get(i));
        }
        Files.writeString(folder.resolve(INDEX), index.endObject().endObject().toString());
    }

    /** Shards as in the original: a new file starts before the tensor that would exceed 5 GB. */
    static List<List<Tensor>> shards(List<Tensor> tensors) {
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

    static void requireSpace(Path parent, long bytes) throws IOException {
        FileStore store = Files.getFileStore(parent);
        if (store.getUsableSpace() < bytes + SPARE_BYTES) {
            throw new IOException("%s: %,d bytes are needed, %,d are free".formatted(parent, bytes + SPARE_BYTES, store.getUsableSpace()));
        }
    }
}
