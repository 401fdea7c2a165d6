package dev.mme5.benchmarks.report;

import dev.mme5.benchmarks.checkpoint.BenchmarkModel;
import dev.mme5.benchmarks.checkpoint.SyntheticCheckpoint;
import dev.mme5.benchmarks.checkpoint.SyntheticConfig;
import dev.mme5.benchmarks.peer.MatmulPeer;
import dev.mme5.benchmarks.probe.InterleavedRounds;
import dev.mme5.benchmarks.subject.AttentionShape;
import dev.mme5.benchmarks.subject.AttentionSubject;
import dev.mme5.benchmarks.subject.BenchmarkSubject;
import dev.mme5.benchmarks.subject.EmbedInputs;
import dev.mme5.benchmarks.subject.EmbedSubject;
import dev.mme5.benchmarks.subject.ImageKind;
import dev.mme5.benchmarks.subject.ImageSubject;
import dev.mme5.benchmarks.subject.MatmulInputs;
import dev.mme5.benchmarks.subject.MatmulShape;
import dev.mme5.benchmarks.subject.RowOperation;
import dev.mme5.benchmarks.subject.RowSubject;
import dev.mme5.benchmarks.subject.TokenizerSubject;
import dev.mme5.benchmarks.subject.TokenizerText;
import dev.mme5.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import jdk.incubator.vector.FloatVector;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mme5 bench}: measures all operations at the shapes of the real model, with the peers and the machine's peak. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures this machine and everything that costs time, at the shapes of the 11B model, and prints a table.",
        subcommands = SyntheticCheckpoint.class)
public final class BenchCommand implements Callable<Integer> {
    /** Shapes without --all: one layer for few and many tokens, a smaller layer, and the vision encoder. */
    private static final Set<String> SHORT_TABLE = Set.of(
            "1x4096x14336", "8x4096x14336", "32x4096x14336", "128x4096x14336", "512x4096x14336",
            "512x4096x4096", "1032x1280x5120", "1032x5120x1280");

    private final PrintStream out;

    @Option(names = "--threads", paramLabel = "N", description = "threads of the kernels and of the peers; default: all processors")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--filter", paramLabel = "REGEX", description = "only what has this in its name, such as 'product 512' or image")
    private Pattern filter = Pattern.compile("");

    @Option(names = "--quick", description = "a third of the time, and noisier")
    private boolean quick;

    @Option(names = "--all", description = "every shape; an hour")
    private boolean all;

    @Option(names = "--no-peers", description = "mme5 alone")
    private boolean noPeers;

    @Option(names = "--embed", description = "whole embeddings too, on a synthetic checkpoint of 3.7 GB in benchmarks/target")
    private boolean embed;

    @Option(names = "--model", paramLabel = "DIR", description = "--embed of another folder, such as panels of that checkpoint")
    private Path model;

    @Option(names = "--models", description = "e5-small-v2 beside ONNX Runtime (LangChain4j) and Jlama; --filter chooses libraries")
    private boolean models;

    @Option(names = "--compare", paramLabel = "FILE.json",
            description = "with --models: compares an array of texts with ONNX Runtime, 1e-5")
    private Path compared;

    @Option(names = "--onnx-jar", paramLabel = "FILE.jar",
            description = "with --models --compare --model DIR: another encoder of LangChain4j, with mean pooling")
    private Path onnxJar;

    @Option(names = "--tree", hidden = true, defaultValue = "${sys:mme5.tree:-.}", description = "root of the source tree")
    private Path tree;

    public BenchCommand(PrintStream out) {
        this.out = out;
    }

    /** One block of the table: mme5 first, then peers that do the same work. */
    private record Block(String name, List<Supplier<BenchmarkSubject>> subjects, InterleavedRounds.Effort effort) {
        Block(String name, List<Supplier<BenchmarkSubject>> subjects) {
            this(name, subjects, InterleavedRounds.Effort.NORMAL);
        }
    }

    @Override
    public Integer call() throws IOException {
        if (models && compared != null && model != null && onnxJar != null) {
            return new ModelsTable(out, tree, threads, quick, noPeers, filter).compare(compared, model, onnxJar);
        }
        if (models) return new ModelsTable(out, tree, threads, quick, noPeers, filter).run(compared);
        List<Block> blocks = blocks().stream().filter(block -> filter.matcher(block.name()).find()).toList();
        if (blocks.isEmpty()) throw new IllegalArgumentException("--filter '" + filter + "' leaves nothing to measure");
        Supplier<InterleavedRounds.Peak> probe = InterleavedRounds.Peak.probes(threads);
        BenchTable table = new BenchTable(out);
        table.head(machine(), probe.get(), threads);
        for (Block block : blocks) measure(block, probe, table);
        return 0;
    }

    private void measure(Block block, Supplier<InterleavedRounds.Peak> probe, BenchTable table) {
        List<BenchmarkSubject> subjects = new ArrayList<>();
        try {
            for (Supplier<BenchmarkSubject> subject : block.subjects()) subjects.add(subject.get());
            table.rows(block.name(), subjects,
                    InterleavedRounds.measure(subjects, probe, quick ? InterleavedRounds.Effort.QUICK : block.effort()));
        } finally {
            for (BenchmarkSubject subject : subjects) subject.close();
        }
    }

    private List<Block> blocks() throws IOException {
        List<Block> blocks = new ArrayList<>();
        for (MatmulShape shape : MatmulShape.all()) {
            if (all || SHORT_TABLE.contains(shape.toString())) blocks.add(matmul(shape));
        }
        for (AttentionShape shape : AttentionShape.values()) {
            blocks.add(new Block("attention " + lower(shape), List.of(() -> new AttentionSubject(shape, threads))));
        }
        for (RowOperation operation : RowOperation.values()) {
            blocks.add(new Block("rows " + lower(operation), List.of(() -> new RowSubject(operation, threads))));
        }
        Path vocabulary = vocabulary();
        String which = vocabulary.equals(realVocabulary()) ? "" : ", small vocabulary";
        for (TokenizerText text : TokenizerText.values()) {
            blocks.add(new Block(
                    "tokenizer " + lower(text) + which, List.of(() -> new TokenizerSubject(Tokenizer.read(vocabulary), text))));
        }
        for (ImageKind kind : ImageKind.values()) {
            blocks.add(new Block("image " + lower(kind), List.of(() -> new ImageSubject(kind))));
        }
        if (embed || model != null) {
            Path folder = model == null ? BenchmarkModel.folder(tree) : model;
            for (EmbedInputs inputs : EmbedInputs.values()) {
                blocks.add(new Block("embed " + lower(inputs), List.of(() -> new EmbedSubject(folder, inputs, threads)),
                        InterleavedRounds.Effort.FEW_LAYERS));
            }
        }
        return blocks;
    }

    private Block matmul(MatmulShape shape) {
        MatmulInputs[] inputs = new MatmulInputs[1]; // created by the first subject, shared by the others
        List<Supplier<BenchmarkSubject>> subjects = new ArrayList<>();
        for (MatmulPeer peer : noPeers ? List.of(MatmulPeer.MME5) : List.of(MatmulPeer.values())) {
            subjects.add(() -> {
                if (inputs[0] == null) inputs[0] = MatmulInputs.of(shape);
                return peer.open(inputs[0], threads);
            });
        }
        return new Block("product " + shape, subjects);
    }

    private Path realVocabulary() {
        return tree.resolve(".cache/llama3/tokenizer.json");
    }

    private Path vocabulary() {
        return Files.exists(realVocabulary()) ? realVocabulary() : tree.resolve(SyntheticConfig.MINI).resolve("tokenizer.json");
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    static String machine() {
        return "Java %s on %s, vectors of %d bit".formatted(
                Runtime.version().feature(), System.getProperty("os.arch"), FloatVector.SPECIES_PREFERRED.vectorBitSize());
    }
}
