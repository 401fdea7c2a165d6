package dev.mme5.engine.runtime;

import dev.mme5.engine.failure.Refusal;
import dev.mme5.engine.family.ConfigSection;
import dev.mme5.engine.family.EmbeddedBatch;
import dev.mme5.engine.family.EmbeddingNetwork;
import dev.mme5.engine.family.ImageState;
import dev.mme5.engine.family.InputProcessor;
import dev.mme5.engine.family.ModelArchitecture;
import dev.mme5.engine.family.ModelFamily;
import dev.mme5.engine.family.ModelFiles;
import dev.mme5.engine.family.PassMemory;
import dev.mme5.engine.family.PreparedImage;
import dev.mme5.engine.family.RefusedInputException;
import dev.mme5.engine.family.SequenceBatch;
import dev.mme5.engine.family.WeightInput;
import dev.mme5.engine.image.raster.HeapLimit;
import dev.mme5.engine.image.raster.RgbImage;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.Buffers;
import dev.mme5.engine.nn.EmbeddingTable;
import dev.mme5.engine.nn.PackedSequences;
import dev.mme5.engine.nn.SequencePooling;
import dev.mme5.engine.nn.Trace;
import dev.mme5.json.JsonReader;
import dev.mme5.tokenizer.Encoding;
import dev.mme5.tokenizer.Tokenizer;
import dev.mme5.weights.TensorNames;
import dev.mme5.weights.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The smallest family: the mean of token embeddings, scaled to unit length; no images. */
final class BagOfTokens implements ModelFamily {
    static final int MAX_TOKENS = 100;
    private static final int VOCABULARY = 660;

    @Override
    public String modelType() {
        return "bag";
    }

    @Override
    public ModelFiles files() {
        return ModelFiles.reading("config.json", "tokenizer.json", "tokenizer_config.json");
    }

    @Override
    public TensorNames tensorNames() {
        return TensorNames.AS_STORED;
    }

    @Override
    public String fullPrompt(String prompt, int images) {
        if (images > 0) throw new RefusedInputException(Refusal.NOT_ACCEPTED, "the model takes no images");
        return prompt;
    }

    @Override
    public Optional<String> unusedPartOf(String tensor) {
        return Optional.empty();
    }

    @Override
    public ModelArchitecture read(Path folder) {
        List<ConfigSection.Default> defaults = new ArrayList<>();
        ConfigSection config = new ConfigSection(JsonReader.readObject(folder.resolve("config.json")), defaults);
        return new Architecture(this, config.count("hidden_size", 1000, 16), defaults);
    }

    private record Architecture(ModelFamily family, int dimensions, List<ConfigSection.Default> defaultsUsed)
            implements
                ModelArchitecture {
        @Override
        public int maxTokens() {
            return MAX_TOKENS;
        }

        @Override
        public List<SequencePooling> pooling() {
            return List.of(SequencePooling.MEAN);
        }

        @Override
        public boolean givesUnitVectors() {
            return true;
        }

        @Override
        public List<Trait> traits() {
            return List.of();
        }

        @Override
        public InputProcessor inputProcessor(Path folder, boolean dropDuplicateBos) {
            return new Processor(family, Tokenizer.open(folder));
        }

        @Override
        public void checkOtherFiles(Path folder) {}

        @Override
        public EmbeddingNetwork load(Weights weights, Kernels kernels) {
            return new Network(EmbeddingTable.load(weights.at("embeddings"), VOCABULARY, dimensions, kernels), dimensions, kernels);
        }

        @Override
        public PassMemory passMemory() {
            return new Memory(dimensions);
        }

        @Override
        public String partOf(String tensor) {
            return "token embeddings";
        }

        @Override
        public boolean isQuantizable(String tensor) {
            return false;
        }

        @Override
        public Optional<WeightInput> inputOf(String tensor) {
            return Optional.empty();
        }
    }

    private record Processor(ModelFamily family, Tokenizer tokenizer) implements InputProcessor {
        @Override
        public Encoding encode(String prompt, int images, int maxTokens) {
            return tokenizer.encode(family.fullPrompt(prompt, images), maxTokens);
        }

        @Override
        public PreparedImage prepare(RgbImage pixels, String name, HeapLimit heap) {
            throw new IllegalStateException("images are refused before");
        }
    }

    private record Memory(int width) implements PassMemory {
        @Override
        public long bytes(long tokens, long sequences, int images) {
            return Buffers.bytes(counter -> counter.matrix(tokens, width));
        }

        @Override
        public long maxRows(long tokens, int images) {
            return 0;
        }

        @Override
        public int maxWidth(int images) {
            return width;
        }
    }

    private record Network(EmbeddingTable table, int width, Kernels kernels) implements EmbeddingNetwork {
        @Override
        public Object stateVariant(int[][] ids) {
            throw new IllegalStateException("there are no images");
        }

        @Override
        public ImageState imageState(PreparedImage image, int[][] ids, Trace trace) {
            throw new IllegalStateException("there are no images");
        }

        @Override
        public EmbeddedBatch embed(SequenceBatch batch, Trace trace) {
            PackedSequences s = PackedSequences.of(batch.ids());
            Matrix x = Buffers.HEAP.matrix(s.total(), width);
            Matrix sums = Matrix.zeros(s.count(), width);
            for (int i = 0; i < s.count(); i++) {
                table.forward(batch.ids()[i], x.rows(s.from(i), s.to(i)));
                for (int row = s.from(i); row < s.to(i); row++) kernels.addScaled(sums.rows(i, i + 1), 1, x.rows(row, row + 1));
            }
            trace.stage("pooled", () -> sums, sums.cols());
            kernels.normalizeRows(sums);
            return new EmbeddedBatch(sums);
        }
    }
}
