package dev.mme5.lucene;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.VectorUtil;

/**
 * The table of docs/STORES.md: recall@10 against an exact search, disk and speed. Not a test; integrations/lucene/measure runs it.
 *
 * <p>{@code prepare FOLDER VECTORS COUNT} makes COUNT vectors of 4,096 dimensions out of the rows of a .npy file: a row with noise, rotated
 * into 4,096 dimensions by a random matrix, with noise there. So they crowd as real embeddings do. {@code exact FOLDER} finds the true
 * answers. {@code add FOLDER BITS} writes the vectors, quantised but without a graph, and goes on where a killed call stopped;
 * {@code merge FOLDER BITS} builds the one graph. {@code search FOLDER BITS} prints the rows of the table. {@code put FOLDER BITS COUNT}
 * adds the first vectors to an index of their own, as a program does.
 */
final class StoreMeasurement {
    private static final int DIMENSIONS = 4096;
    private static final int QUERIES = 200;
    private static final int TOP = 10;
    private static final double ROW_NOISE = 0.6;
    private static final double NOISE = 0.4;
    private static final int[] CANDIDATES = {10, 20, 50, 100, 200, 500};
    private static final int COMMIT = 10_000;

    private final Path folder;
    private final MappedVectors vectors;
    private final MappedVectors queries;

    private StoreMeasurement(Path folder) throws IOException {
        this.folder = folder;
        this.vectors = new MappedVectors(folder.resolve("vectors.bin"), DIMENSIONS);
        this.queries = new MappedVectors(folder.resolve("queries.bin"), DIMENSIONS);
    }

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[1]);
        switch (args[0]) {
            case "prepare" -> prepare(folder, MappedVectors.readNpy(Path.of(args[2])), Integer.parseInt(args[3]));
            case "exact" -> new StoreMeasurement(folder).findExact();
            case "add" -> new StoreMeasurement(folder).add(Quantization.valueOf("BITS_" + args[2]));
            case "merge" -> new StoreMeasurement(folder).merge(Quantization.valueOf("BITS_" + args[2]));
            case "put" -> new StoreMeasurement(folder).put(Quantization.valueOf("BITS_" + args[2]), Integer.parseInt(args[3]));
            case "search" -> new StoreMeasurement(folder).search(Quantization.valueOf("BITS_" + args[2]));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void prepare(Path folder, float[][] rows, int count) throws IOException {
        Files.createDirectories(folder);
        float[][] matrix = new float[rows[0].length][];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < matrix.length; i++) matrix[i] = noise(random, DIMENSIONS);
        MappedVectors.write(folder.resolve("vectors.bin"), DIMENSIONS, count, i -> vector(rows, matrix, i));
        MappedVectors.write(folder.resolve("queries.bin"), DIMENSIONS, QUERIES, i -> vector(rows, matrix, -1 - i));
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

    /** Without merges: every flush is a segment without a graph. */
    private void add(Quantization quantization) throws IOException {
        Stopwatch watch = new Stopwatch();
        IndexWriterConfig config = new IndexWriterConfig().setCodec(new WideVectorsCodec(quantization))
                .setMergePolicy(NoMergePolicy.INSTANCE).setRAMBufferSizeMB(IndexSettings.defaults().bufferMegabytes());
        try (FSDirectory directory = FSDirectory.open(folder.resolve(quantization.name()));
                IndexWriter writer = new IndexWriter(directory, config)) {
            int first = writer.getDocStats().numDocs;
            for (int i = first; i < vectors.count(); i++) {
                writer.addDocument(DocumentFields.write(EmbeddingDocument.of(Integer.toString(i), vectors.row(i))));
                if ((i + 1) % COMMIT == 0 || i + 1 == vectors.count()) {
                    writer.setLiveCommitData(new CommitData(DIMENSIONS, null).toMap().entrySet());
                    writer.commit();
                }
            }
            System.out.printf("%s: added %,d of %,d vectors, %s%n", quantization, vectors.count() - first, vectors.count(), watch);
        }
    }

    private void merge(Quantization quantization) {
        Stopwatch watch = new Stopwatch();
        IndexSettings settings = IndexSettings.defaults().withQuantization(quantization);
        try (LuceneEmbeddingIndex index = LuceneEmbeddingIndex.open(folder.resolve(quantization.name()), settings)) {
            index.optimize();
        }
        System.out.printf("%s: merged, %s%n", quantization, watch);
    }

    /** As a program does. */
    private void put(Quantization quantization, int count) {
        Stopwatch watch = new Stopwatch();
        IndexSettings settings = IndexSettings.defaults().withQuantization(quantization);
        try (LuceneEmbeddingIndex index = LuceneEmbeddingIndex.open(folder.resolve("put"), settings)) {
            for (int i = 0; i < count; i++) index.put(EmbeddingDocument.of(Integer.toString(i), vectors.row(i)));
        }
        System.out.printf("%s: put %,d vectors, %s%n", quantization, count, watch);
    }

    private void search(Quantization quantization) throws IOException {
        List<Set<String>> exact = exact();
        Path path = folder.resolve(quantization.name());
        try (FSDirectory directory = FSDirectory.open(path); DirectoryReader reader = DirectoryReader.open(directory)) {
            System.out.printf("%s: %,d vectors, %d segments, %.1f MB on disk: floats %.1f, quantised %.1f, graph %.1f%n",
                    quantization, reader.numDocs(), reader.leaves().size(), megabytes(path, ""), megabytes(path, ".vec"),
                    megabytes(path, ".veq"), megabytes(path, ".vex"));
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
        for (int i = 0; i < QUERIES; i++) {
            Set<String> ids = finder.find(queries.row(i));
            ids.retainAll(exact.get(i));
            found += ids.size();
        }
        double milliseconds = (System.nanoTime() - start) / 1e6 / QUERIES;
        if (isShown) System.out.printf("  %-22s recall@10 %.4f  %.2f ms%n", name, (double) found / (TOP * QUERIES), milliseconds);
    }

    private static Set<String> graph(IndexSearcher searcher, float[] query, int candidates) throws IOException {
        Set<String> ids = new HashSet<>();
        for (ScoreDoc found : searcher.search(new KnnFloatVectorQuery(DocumentFields.VECTOR, query, candidates), TOP).scoreDocs) {
            ids.add(searcher.storedFields().document(found.doc).get(DocumentFields.ID));
        }
        return ids;
    }

    private List<Set<String>> exact() throws IOException {
        List<Set<String>> exact = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("exact.txt"))) exact.add(Set.of(line.split(" ")));
        return exact;
    }

    private void findExact() throws IOException {
        float[][] scores = new float[QUERIES][vectors.count()];
        for (int i = 0; i < vectors.count(); i++) {
            float[] row = vectors.row(i);
            for (int query = 0; query < QUERIES; query++) scores[query][i] = VectorUtil.dotProduct(queries.row(query), row);
        }
        List<String> lines = new ArrayList<>();
        for (float[] score : scores) {
            lines.add(IntStream.range(0, score.length).boxed().sorted((a, b) -> Float.compare(score[b], score[a])).limit(TOP)
                    .map(i -> Integer.toString(i)).collect(Collectors.joining(" ")));
        }
        Files.write(folder.resolve("exact.txt"), lines);
    }

    /** Bytes of the files with this ending, or of all. */
    private static double megabytes(Path path, String ending) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.list(path)) {
            for (Path file : files.filter(file -> file.toString().endsWith(ending)).toList()) bytes += Files.size(file);
        }
        return bytes / 1e6;
    }

    private static final class Stopwatch {
        private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        private final long start = System.nanoTime();
        private final long startCpu = system.getProcessCpuTime();

        @Override
        public String toString() {
            return "%.1f s, %.1f s of CPU".formatted((System.nanoTime() - start) / 1e9, (system.getProcessCpuTime() - startCpu) / 1e9);
        }
    }
}
