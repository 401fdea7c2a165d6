package dev.mme5.engine.testing;

import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.KernelChoice;
import dev.mme5.engine.Options;
import dev.mme5.engine.ProgressListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The bits of every golden case of every fixture model by the vector kernels: SHA-256 of the embedding's floats, little-endian.
 * The committed table is what every machine must give.
 */
public final class BitsTable {
    private static final Path FILE = Path.of("src/test/resources/embedding-bits.txt");

    /** How much of the table is computed. */
    public enum Part {
        /** All cases of all models. */
        ALL,
        /** The smallest model with images: for a compiler that leaves vectors boxed. */
        SMALL,
        /** The smallest model: for the interpreter. */
        TINY;

        private boolean has(Golden golden) {
            return switch (this) {
                case ALL -> true;
                case SMALL -> golden.model().equals("h-one-tile");
                case TINY -> golden.model().equals("i-no-cross");
            };
        }
    }

    private BitsTable() {}

    /** Arguments: part, numbers of threads, sizes of batches, both with commas. Prints how each combination compares with the table. */
    public static void main(String[] args) {
        Part part = Part.valueOf(args[0]);
        try (EmbeddingModel model = EmbeddingModel.open(Golden.fixtures().getFirst().folder(), options(1))) {
            System.out.println(model.kernels());
        }
        for (String threads : args[1].split(",")) {
            for (String batch : args[2].split(",")) {
                System.out.println(threads + " threads, batches of " + batch + ": "
                        + compared(computed(part, Integer.parseInt(threads), Integer.parseInt(batch))));
            }
        }
    }

    /** {@code N as in the table}, or what differs. */
    public static String compared(Map<String, String> computed) {
        Map<String, String> table = committed();
        List<String> different = new ArrayList<>();
        computed.forEach((name, sha) -> {
            if (!sha.equals(table.get(name))) different.add(name + " is " + sha + ", the table has " + table.get(name));
        });
        return different.isEmpty() ? computed.size() + " as in the table" : String.join("; ", different);
    }

    /** By {@code MODEL CASE}. */
    public static Map<String, String> computed(Part part, int threads, int batch) {
        Map<String, String> shas = new TreeMap<>();
        for (Golden golden : Golden.fixtures()) {
            if (!part.has(golden)) continue;
            List<Golden.Case> cases = golden.cases();
            try (EmbeddingModel model = EmbeddingModel.open(golden.folder(), options(threads))) {
                for (int from = 0; from < cases.size(); from += batch) {
                    List<Golden.Case> some = cases.subList(from, Math.min(from + batch, cases.size()));
                    List<Embedding> embeddings =
                            model.embedAll(some.stream().map(Golden.Case::input).toList(), ProgressListener.NONE);
                    for (int i = 0; i < some.size(); i++) {
                        shas.put(golden.model() + " " + some.get(i).id(), sha256(embeddings.get(i).values()));
                    }
                }
            }
        }
        return shas;
    }

    /** By {@code MODEL CASE}. */
    public static Map<String, String> committed() {
        Map<String, String> shas = new TreeMap<>();
        for (String line : lines()) {
            if (!line.startsWith("#")) shas.put(line.substring(0, line.lastIndexOf(' ')), line.substring(line.lastIndexOf(' ') + 1));
        }
        return shas;
    }

    /** Writes a new table under the head of the old one. */
    public static void write(Map<String, String> computed) throws IOException {
        List<String> lines = new ArrayList<>(lines().stream().filter(line -> line.startsWith("#")).toList());
        computed.forEach((name, sha) -> lines.add(name + " " + sha));
        Files.write(FILE, lines);
    }

    private static List<String> lines() {
        try {
            return Files.readAllLines(FILE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Options options(int threads) {
        return Options.defaults().withKernels(KernelChoice.VECTOR).withThreads(threads);
    }

    private static String sha256(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e); // every Java has it
        }
    }
}
