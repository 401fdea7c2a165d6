package dev.mme5.lucene;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.FSDirectory;

/**
 * The table of docs/STORES.md: recall@10 against an exact search, disk and speed. Not a test; integrations/lucene/measure runs it.
 *
 * <p>{@code prepare FOLDER VECTORS COUNT} makes COUNT vectors of 4,096 dimensions out of the rows of a .npy file: a row with noise, rotated
 * into 4,096 dimensions by a random matrix, with noise there. So they crowd as real embeddings do. {@code add FOLDER BITS SECONDS} indexes
 * them, as many as it can in that time; the next call goes on. {@code search FOLDER BITS} prints the rows of the table.
 */
final class StoreMeasurement {
    private static final int DIMENSIONS = 4096;
    private static final int QUERIES = 200;
    private static final int TOP = 10;
    private static final double ROW_NOISE = 0.6;
    private static final double NOISE = 0.4;
    private static final int[] CANDIDATES = {10, 20, 50, 100, 200, 500};
    private static final int BATCH = 100;
    private static final int THREADS = 2;

    private final Path folder;
    private final float[][] vectors;
    private final float[][] queries;

    private StoreMeasurement(Path folder) throws IOException {
        this.folder = folder;
        this.vectors = read(folder.resolve("vectors.bin"));
        this.queries = read(folder.resolve("queries.bin"));
    }

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[1]);
        switch (args[0]) {
            case "prepare" -> prepare(folder, readNpy(Path.of(args[2])), Integer.parseInt(args[3]));
            case "add" -> new StoreMeasurement(folder).add(Quantization.valueOf("BITS_" + args[2]), Integer.parseInt(args[3]));
            case "search" -> new StoreMeasurement(folder).search(Quantization.valueOf("BITS_" + args[2]));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void prepare(Path folder, float[][] rows, int count) throws IOException {
        Files.createDirectories(folder);
        float[][] matrix = new float[rows[0].length][];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < matrix.length; i++) matrix[i] = noise(random, DIMENSIONS);
        write(folder.resolve("vectors.bin"), count, i -> vector(rows, matrix, i));
        write(folder.resolve("queries.bin"), QUERIES, i -> vector(rows, matrix, -1 - i));
    }

    private static float[] vector(float[][] rows, float[][] matrix, int seed) {
        SplittableRandom random = new SplittableRandom(seed * 7919L + 17);
        float[] row = rows[random.nextInt(rows.length)];
        float[] rowNoise = noise(random, row.length);
        float[] vector = noise(random, DIMENSIONS);
        for (int j = 0; j < DIMENSIONS; j++) vector[j] *= (float) NOISE;
        for (int i = 0; i < row.length; i++) {
            float factor = (float) (row[i] + ROW_NOISE * rowNoise[i]);
            float[] line = matrix[i];
            for (int j = 0; j < DIMENSIONS; j++) vector[j] += factor * line[j];
        }
        double squares = 0;
        for (float value : vector) squares += (double) value * value;
        for (int j = 0; j < DIMENSIONS; j++) vector[j] /= (float) Math.sqrt(squares);
        return vector;
    }

    /** Of length 1 on average. */
    private static float[] noise(SplittableRandom random, int length) {
        float[] noise = new float[length];
        for (int i = 0; i < length; i++) noise[i] = (float) (random.nextGaussian() / Math.sqrt(length));
        return noise;
    }

    private void add(Quantization quantization, int seconds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        long start = System.nanoTime();
        try (LuceneEmbeddingIndex index = open(quantization)) {
            int first = index.size();
            AtomicInteger next = new AtomicInteger(first);
            IntStream.range(0, THREADS).parallel().forEach(thread -> {
                while (System.nanoTime() < end) {
                    int from = next.getAndAdd(BATCH);
                    if (from >= vectors.length) break;
                    index.putAll(IntStream.range(from, Math.min(from + BATCH, vectors.length))
                            .mapToObj(i -> EmbeddingDocument.of(Integer.toString(i), vectors[i])).toList());
                }
            });
            index.commit();
            System.out.printf("%s: %,d of %,d vectors; these %,d in %.1f s%n",
                    quantization, index.size(), vectors.length, index.size() - first, (System.nanoTime() - start) / 1e9);
        }
    }

    private LuceneEmbeddingIndex open(Quantization quantization) {
        return LuceneEmbeddingIndex.open(
                folder.resolve(quantization.name()), IndexSettings.defaults().withQuantization(quantization).withBufferMegabytes(512));
    }

    private void search(Quantization quantization) throws IOException {
        List<Set<String>> exact = exact();
        Path path = folder.resolve(quantization.name());
        try (FSDirectory directory = FSDirectory.open(path); DirectoryReader reader = DirectoryReader.open(directory)) {
            System.out.printf("%s: %,d vectors, %d segments, %.1f MB on disk%n",
                    quantization, reader.numDocs(), reader.leaves().size(), bytes(path) / 1e6);
            VectorSearch rescored = new VectorSearch(new IndexSearcher(reader));
            IndexSearcher plain = new IndexSearcher(reader);
            for (int round = 0; round < 2; round++) {
                for (int candidates : CANDIDATES) {
                    boolean isShown = round > 0;   // the first round warms up
                    measure(isShown, "graph alone, %d".formatted(candidates), exact, query -> graph(plain, query, candidates));
                    measure(isShown, "re-scored, %d".formatted(candidates), exact, query -> {
                        IndexQuery wanted = new IndexQuery(query, TOP, candidates, null, -1);
                        return new HashSet<>(rescored.best(wanted).stream().map(match -> match.document().id()).toList());
                    });
                }
            }
        }
    }

    private interface Finder {
        Set<String> find(float[] query) throws IOException;
    }

    private void measure(boolean isShown, String name, List<Set<String>> exact, Finder finder) throws IOException {
        long start = System.nanoTime();
        int found = 0;
        for (int i = 0; i < queries.length; i++) {
            Set<String> ids = finder.find(queries[i]);
            ids.retainAll(exact.get(i));
            found += ids.size();
        }
        double milliseconds = (System.nanoTime() - start) / 1e6 / queries.length;
        if (isShown) System.out.printf("  %-22s recall@10 %.4f  %.2f ms%n", name, (double) found / (TOP * queries.length), milliseconds);
    }

    private static Set<String> graph(IndexSearcher searcher, float[] query, int candidates) throws IOException {
        Set<String> ids = new HashSet<>();
        for (ScoreDoc found : searcher.search(new KnnFloatVectorQuery(DocumentFields.VECTOR, query, candidates), TOP).scoreDocs) {
            ids.add(searcher.storedFields().document(found.doc).get(DocumentFields.ID));
        }
        return ids;
    }

    /** The best of an exact search, kept for the next call. */
    private List<Set<String>> exact() throws IOException {
        Path file = folder.resolve("exact.txt");
        if (!Files.exists(file)) {
            List<Set<String>> found = Arrays.stream(queries).parallel().map(this::exact).toList();
            Files.write(file, found.stream().map(ids -> String.join(" ", ids)).toList());
        }
        List<Set<String>> exact = new ArrayList<>();
        for (String line : Files.readAllLines(file)) exact.add(Set.of(line.split(" ")));
        return exact;
    }

    private Set<String> exact(float[] query) {
        float[] scores = new float[vectors.length];
        for (int i = 0; i < scores.length; i++) {
            float sum = 0;
            for (int j = 0; j < DIMENSIONS; j++) sum += query[j] * vectors[i][j];
            scores[i] = sum;
        }
        return new HashSet<>(IntStream.range(0, scores.length).boxed()
                .sorted((a, b) -> Float.compare(scores[b], scores[a])).limit(TOP).map(i -> Integer.toString(i)).toList());
    }

    private static long bytes(Path path) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.list(path)) {
            for (Path file : files.toList()) bytes += Files.size(file);
        }
        return bytes;
    }

    private interface Source {
        float[] vector(int i);
    }

    private static void write(Path file, int count, Source source) throws IOException {
        long rowBytes = (long) DIMENSIONS * Float.BYTES;
        try (Arena arena = Arena.ofShared();
                FileChannel channel =
                        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MemorySegment map = channel.map(FileChannel.MapMode.READ_WRITE, 0, count * rowBytes, arena);
            IntStream.range(0, count).parallel()
                    .forEach(i -> MemorySegment.copy(source.vector(i), 0, map, ValueLayout.JAVA_FLOAT_UNALIGNED, i * rowBytes, DIMENSIONS));
        }
    }

    private static float[][] read(Path file) throws IOException {
        long rowBytes = (long) DIMENSIONS * Float.BYTES;
        try (Arena arena = Arena.ofShared(); FileChannel channel = FileChannel.open(file)) {
            MemorySegment map = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            float[][] rows = new float[(int) (channel.size() / rowBytes)][];
            for (int i = 0; i < rows.length; i++) rows[i] = map.asSlice(i * rowBytes, rowBytes).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
            return rows;
        }
    }

    /** A matrix of little-endian floats, as {@code mme5 embed --format npy} writes it. */
    private static float[][] readNpy(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int header = (bytes[8] & 0xff) + ((bytes[9] & 0xff) << 8);
        String shape = new String(bytes, 10, header, java.nio.charset.StandardCharsets.ISO_8859_1);
        String[] sides = shape.replaceAll(".*\\((\\d+), *(\\d+)\\).*", "$1 $2").strip().split(" ");
        int rows = Integer.parseInt(sides[0]);
        int columns = Integer.parseInt(sides[1]);
        var floats = java.nio.ByteBuffer.wrap(bytes).position(10 + header).slice().order(java.nio.ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        float[][] matrix = new float[rows][columns];
        for (float[] row : matrix) floats.get(row);
        return matrix;
    }
}
