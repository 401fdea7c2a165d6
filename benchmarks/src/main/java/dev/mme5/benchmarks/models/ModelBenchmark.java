package dev.mme5.benchmarks.models;

import dev.mme5.benchmarks.subject.BenchmarkSubject;
import dev.mme5.benchmarks.subject.Workload;
import dev.mme5.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Text embeddings of e5-small-v2 by mme5, by ONNX Runtime and by Jlama: the same weights, texts and threads, in one process. Results are
 * compared first.
 */
public final class ModelBenchmark implements AutoCloseable {
    private static final int WIDTH = 384;
    private static final int MLP = 1536;
    private static final int LAYERS = 12;

    /** Words of one token each. */
    private static final String[] WORDS =
            ("time year people way day man thing woman life child world school state family student group country "
                    + "problem hand part place case week company system program question work government number night point home water room mother "
                    + "area money story fact month lot right study book eye job word business issue side kind head house service friend father power "
                    + "hour game line end member law car city community name president team minute idea kid body information back parent face others")
                    .split(" ");

    private final List<TextEmbedder> embedders = new ArrayList<>();
    private final Tokenizer tokenizer;
    private final PeerLibraries peers;

    /**
     * @param tree root of the source tree, with .cache/e5-small-v2 and .cache/model-peers
     * @param withPeers false for mme5 alone
     */
    public ModelBenchmark(Path tree, int threads, boolean withPeers) throws IOException {
        Path folder = tree.resolve(".cache/e5-small-v2");
        require(folder.resolve("model.safetensors"), ".ci/unpack-e5");
        tokenizer = Tokenizer.open(folder);
        embedders.add(new Mme5Embedder(folder, threads));
        if (!withPeers) {
            peers = null;
            return;
        }
        Path jars = tree.resolve(".cache/model-peers");
        require(jars, ".ci/model-peers");
        peers = new PeerLibraries(jars);
        embedders.add(new LangChain4jEmbedder(peers, threads));
        embedders.add(new OnnxRuntimeEmbedder(peers, peers.resource("e5-small-v2.onnx"), folder, threads));
        embedders.add(new JlamaEmbedder(peers, folder, WIDTH, threads));
    }

    private static void require(Path path, String script) throws IOException {
        if (!Files.exists(path)) throw new IOException(path + " is missing; " + script + " makes it");
    }

    /** Numbers of texts and of tokens in each. */
    public record Shape(int texts, int tokens) {
        @Override
        public String toString() {
            return texts == 1 ? "e5-small-v2, 1 text of " + tokens : "e5-small-v2, " + texts + " texts of " + tokens;
        }
    }

    /** The three shapes of the table. */
    public static List<Shape> shapes() {
        return List.of(new Shape(1, 20), new Shape(32, 20), new Shape(32, 256));
    }

    /**
     * One subject for each library; mme5 first. They stay usable until this is closed.
     *
     * @param quick without Jlama where it takes a minute
     * @param libraries what the names of those beside mme5 must match
     */
    public List<BenchmarkSubject> subjects(Shape shape, boolean quick, Pattern libraries) {
        Random random = new Random(shape.tokens());
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < shape.texts(); i++) texts.add(text(shape.tokens(), random));
        double perToken = 2.0 * LAYERS * (4 * WIDTH * WIDTH + 2 * WIDTH * MLP + 2 * WIDTH * shape.tokens());
        double tokens = (double) shape.texts() * shape.tokens();
        Workload workload = new Workload(perToken * tokens, 0, tokens, "tokens");
        List<float[]> expected = embedders.getFirst().embed(texts);
        boolean all = !quick || shape.texts() * shape.tokens() < 1000;
        return embedders.stream()
                .filter(embedder -> all || embedder.isSameModel())
                .filter(embedder -> embedder == embedders.getFirst() || libraries.matcher(embedder.name()).find())
                .<BenchmarkSubject>map(embedder -> new ModelSubject(embedder, texts, expected, workload)).toList();
    }

    private String text(int tokens, Random random) {
        StringBuilder text = new StringBuilder("query: how");
        for (int length = length(text); length < tokens; length++) text.append(' ').append(WORDS[random.nextInt(WORDS.length)]);
        if (length(text) != tokens) throw new IllegalStateException("expected " + tokens + " tokens, found " + length(text) + ": " + text);
        return text.toString();
    }

    private int length(CharSequence text) {
        return tokenizer.encode(text.toString(), Integer.MAX_VALUE).ids().length;
    }

    /**
     * Compares texts with ONNX Runtime, one by one.
     *
     * @return the largest difference of any number
     */
    public float largestDifference(List<String> texts) {
        return largestDifference(embedders.get(0), embedders.get(2), texts);
    }

    /**
     * Compares texts with ONNX Runtime, one by one, for another model with mean pooling and unit vectors.
     *
     * @param tree root of the source tree, with .cache/model-peers
     * @param jar with the same model for ONNX Runtime, its only .onnx
     * @return the largest difference of any number
     */
    public static float largestDifference(Path tree, Path folder, Path jar, int threads, List<String> texts) throws IOException {
        Path jars = tree.resolve(".cache/model-peers");
        require(jars, ".ci/model-peers");
        try (PeerLibraries peers = new PeerLibraries(jars);
                TextEmbedder ours = new Mme5Embedder(folder, threads);
                TextEmbedder theirs = new OnnxRuntimeEmbedder(peers, onnx(jar), folder, threads)) {
            return largestDifference(ours, theirs, texts);
        }
    }

    private static byte[] onnx(Path jar) throws IOException {
        try (ZipFile file = new ZipFile(jar.toFile())) {
            ZipEntry entry = file.stream().filter(found -> found.getName().endsWith(".onnx")).findFirst()
                    .orElseThrow(() -> new IOException(jar + " has no .onnx"));
            return file.getInputStream(entry).readAllBytes();
        }
    }

    private static float largestDifference(TextEmbedder mme5, TextEmbedder onnxRuntime, List<String> texts) {
        float largest = 0;
        for (String text : texts) {
            float[] ours = mme5.embed(List.of(text)).getFirst();
            float[] theirs = onnxRuntime.embed(List.of(text)).getFirst();
            for (int k = 0; k < ours.length; k++) largest = Math.max(largest, Math.abs(ours[k] - theirs[k]));
        }
        return largest;
    }

    /** Cosine of the vectors of mme5 and of the last library, Jlama. */
    public double cosineOfJlama() {
        String text = text(20, new Random(1));
        float[] ours = embedders.getFirst().embed(List.of(text)).getFirst();
        float[] theirs = embedders.getLast().embed(List.of(text)).getFirst();
        double dot = 0;
        double squares = 0;
        for (int k = 0; k < ours.length; k++) {
            dot += (double) ours[k] * theirs[k];
            squares += (double) theirs[k] * theirs[k];
        }
        return dot / Math.sqrt(squares);
    }

    @Override
    public void close() {
        embedders.forEach(TextEmbedder::close);
        if (peers != null) peers.close();
    }
}
