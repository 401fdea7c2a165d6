package dev.mme5.engine;

import dev.mme5.engine.family.ModelFiles;
import dev.mme5.engine.runtime.ModelFamilies;
import dev.mme5.engine.runtime.ModelRuntime;
import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.WeightFormat;
import dev.mme5.weights.lora.LoraAdapter;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The contents of a model folder, found from its small files, the headers of its shards and its norms.
 *
 * @param folder the folder
 * @param model what config.json describes; empty when it cannot be read
 * @param tokenizerIds number of ids of the tokenizer; empty when it cannot be read, or when the heap is too small for it
 * @param files every file that belongs to the model, weights included
 * @param entries everything in the folder, and what the engine does with it; empty when config.json cannot be read
 * @param shards the files of weights
 * @param quantization how weights are stored, if the folder was written by quantising
 * @param parts parameters by part and dtype
 * @param memory what runs need; empty when config.json or the weights cannot be read
 * @param limits what runs may take
 * @param problems everything wrong that was found, one line each; empty when the model can be run
 */
public record ModelInspection(
        Path folder, Optional<Model> model, OptionalInt tokenizerIds, List<Path> files, List<Entry> entries, List<Shard> shards,
        Optional<WeightFormat> quantization, List<Part> parts, List<Memory> memory, Limits limits, List<String> problems) {
    public ModelInspection {
        files = List.copyOf(files);
        entries = List.copyOf(entries);
        shards = List.copyOf(shards);
        parts = List.copyOf(parts);
        memory = List.copyOf(memory);
        problems = List.copyOf(problems);
    }

    /**
     * What config.json and the small files beside it say.
     *
     * @param modelType its {@code model_type}
     * @param dimensions numbers of an embedding
     * @param maxTokens longest input
     * @param takesImages whether inputs may have images
     * @param pooling how the states of an input's tokens become its vector
     * @param givesUnitVectors whether it scales its vectors to unit length
     * @param traits the architecture in words, for people
     * @param defaultsUsed what the file leaves to the defaults of the reference implementation
     */
    public record Model(
            String modelType, int dimensions, int maxTokens, boolean takesImages, Pooling pooling, boolean givesUnitVectors,
            List<Trait> traits, List<Default> defaultsUsed) {
        public Model {
            traits = List.copyOf(traits);
            defaultsUsed = List.copyOf(defaultsUsed);
        }
    }

    /** How the states of an input's tokens become one vector. */
    public enum Pooling {
        /** The state of the last token. */
        LAST_TOKEN,
        /** The mean of all states. */
        MEAN,
        /** The state of the first token. */
        FIRST_TOKEN,
        /** The maximum of each number of all states. */
        MAX,
        /** The sum of all states, divided by the square root of their number. */
        MEAN_SQRT_LENGTH,
        /** The mean of all states with the weights 1, 2, 3 and so on. */
        WEIGHTED_MEAN,
        /** Several of these, one after the other. */
        SEVERAL
    }

    /** One line about the architecture, for people: names and values differ between kinds of models. */
    public record Trait(String name, String value) {}

    /** One key that config.json leaves out, and the value it has then. */
    public record Default(String key, String value) {}

    /** What the engine does with a file. */
    public enum Use {
        /** Decides about vectors, or is checked for what the engine does not do. */
        READ,
        /** Known, and without meaning for vectors. */
        NOT_NEEDED,
        /** Unknown: whether it would change vectors, nobody can say. */
        NOT_UNDERSTOOD;

        /** Name for people and in files: {@code not understood}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /**
     * A file or folder in the model folder.
     *
     * @param name with a slash at the end of the name of a folder
     * @param bytes 0 for a folder
     */
    public record Entry(String name, long bytes, Use use) {}

    /** One file of weights. */
    public record Shard(Path file, long bytes) {}

    /**
     * One part of the model in one dtype.
     *
     * @param name such as {@code token embeddings}
     * @param needed whether the engine reads it
     */
    public record Part(String name, String dtype, int tensors, long parameters, long bytes, boolean needed) {}

    /** A kind of run. */
    public sealed interface Run {
        /**
         * Embedding one input.
         *
         * @param tokens of the prompt
         * @param images that it is about, each as large as the model takes them
         */
        record Pass(int tokens, int images) implements Run {}

        /** Decoding one image beside an open model. */
        record Decoding(long pixels) implements Run {}
    }

    /**
     * Memory that one run needs.
     *
     * @param heapBytes of working memory, at most
     * @param mappedBytes of weights, which the operating system may drop and read again
     * @param directBytes of memory that is neither: weights merged with an adapter
     * @param shortage why it does not fit into this process's heap or machine: needed and present bytes in words; empty when it fits
     */
    public record Memory(Run run, long heapBytes, long mappedBytes, long directBytes, Optional<String> shortage) {}

    /**
     * What this process may use.
     *
     * @param heapBytes Java's largest heap
     * @param machineBytes of the machine or container; {@link Long#MAX_VALUE} where that is not known
     */
    public record Limits(long heapBytes, long machineBytes) {}

    /** Never throws for a bad folder: what is wrong is in {@link #problems}. */
    public static ModelInspection of(Path folder) {
        return of(folder, Options.defaults());
    }

    /** The same for runs with these options, of which {@link Options#threads} and {@link Options#maxTokens} count. */
    public static ModelInspection of(Path folder, Options options) {
        Objects.requireNonNull(folder, "folder");
        Objects.requireNonNull(options, "options");
        return new ModelInspector(folder, options, Runtime.getRuntime().maxMemory()).inspect();
    }

    /**
     * The same of an open model's folder, for its options. The tokenizer is the model's: it is not read again, nor are its files checked.
     */
    public static ModelInspection of(EmbeddingModel model) {
        ModelRuntime runtime = Objects.requireNonNull(model, "model").runtime();
        return new ModelInspector(runtime.folder(), model.options(), Runtime.getRuntime().maxMemory())
                .withTokenizerIds(runtime.tokenizer().size()).inspect();
    }

    /**
     * Why no model family of this version can run a folder, by its config.json alone: the other files may still be on their way.
     *
     * @return the refusal, in one line; empty when a family can
     */
    public static Optional<String> refusalByConfig(Path folder) {
        try {
            ModelFamilies.ALL.read(folder);
            return Optional.empty();
        } catch (ModelFormatException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** The files that a folder of some family may have beside its weights, read or accompanying; with {@code /} between folders. */
    public static Set<String> namesOfModelFiles() {
        Set<String> names = new HashSet<>();
        names.add(LoraAdapter.CONFIG);
        for (ModelFamilies.Entry entry : ModelFamilies.ALL.entries()) {
            ModelFiles files = entry.family().get().files();
            names.addAll(files.all());
            names.addAll(files.checked());
        }
        return Set.copyOf(names);
    }
}
