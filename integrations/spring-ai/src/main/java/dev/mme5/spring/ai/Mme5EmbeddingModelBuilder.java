package dev.mme5.spring.ai;

import dev.mme5.engine.EmbeddingModel;
import io.micrometer.observation.ObservationRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.document.MetadataMode;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationConvention;

/** Builds a {@link Mme5EmbeddingModel}. What is not set has the default named here. */
public final class Mme5EmbeddingModelBuilder {
    private final EmbeddingModel engine;
    private final List<Path> imageFolders = new ArrayList<>();
    private @Nullable Instruction queryInstruction;
    private @Nullable Instruction documentInstruction;
    private MetadataMode metadataMode = MetadataMode.NONE;
    private int dimensions;
    private String modelName;
    private ObservationRegistry observationRegistry = ObservationRegistry.NOOP;
    private @Nullable EmbeddingModelObservationConvention observationConvention;

    Mme5EmbeddingModelBuilder(EmbeddingModel engine) {
        this.engine = Objects.requireNonNull(engine, "engine");
        dimensions = engine.dimensions();
        modelName = engine.name();
    }

    /** Allows documents to name image files below this folder. Default: none, so that every named image is refused. */
    public Mme5EmbeddingModelBuilder imageFolder(Path folder) {
        imageFolders.add(folder.toAbsolutePath());
        return this;
    }

    /**
     * The words in front of a query, such as {@code "query: "}, or around it, such as {@code "Find an image of: {text}\n"}. Default: what
     * the model folder names as its prompt for queries, as E5 does, else none.
     */
    public Mme5EmbeddingModelBuilder queryInstruction(String instruction) {
        queryInstruction = Instruction.of(instruction);
        return this;
    }

    /** The same for documents without an image. Default: what the model folder names, else none. */
    public Mme5EmbeddingModelBuilder documentInstruction(String instruction) {
        documentInstruction = Instruction.of(instruction);
        return this;
    }

    /** Which of a document's metadata are embedded with its text; those of {@link Mme5Metadata} never are. Default: none of them. */
    public Mme5EmbeddingModelBuilder metadataMode(MetadataMode mode) {
        metadataMode = Objects.requireNonNull(mode, "mode");
        return this;
    }

    /**
     * Keeps the first numbers of each vector, scaled to unit length. Only models that were trained for it keep their meaning in them; mmE5
     * was not. Default: all.
     *
     * @throws IllegalArgumentException when the model has fewer
     */
    public Mme5EmbeddingModelBuilder dimensions(int count) {
        if (count < 1 || count > engine.dimensions()) {
            throw new IllegalArgumentException("dimensions is " + count + ", expected 1 to " + engine.dimensions());
        }
        dimensions = count;
        return this;
    }

    /**
     * What responses and observations call the model, and requests may. Default: the name of its folder, in a Hugging Face cache a commit.
     */
    public Mme5EmbeddingModelBuilder modelName(String name) {
        modelName = Objects.requireNonNull(name, "name");
        return this;
    }

    /** Receives an observation for each request. Default: none does. */
    public Mme5EmbeddingModelBuilder observationRegistry(ObservationRegistry registry) {
        observationRegistry = Objects.requireNonNull(registry, "registry");
        return this;
    }

    /** Names and tags of observations. Default: Spring AI's. */
    public Mme5EmbeddingModelBuilder observationConvention(@Nullable EmbeddingModelObservationConvention convention) {
        observationConvention = convention;
        return this;
    }

    public Mme5EmbeddingModel build() {
        return new Mme5EmbeddingModel(this);
    }

    ObservedEngine observedEngine() {
        return new ObservedEngine(engine, modelName, dimensions, observationRegistry, observationConvention);
    }

    DocumentInputs documentInputs() {
        return new DocumentInputs(new ImageFolders(imageFolders), documentInstruction(), metadataMode);
    }

    Instruction queryInstruction() {
        return queryInstruction != null ? queryInstruction : Instruction.named(engine.prompts(), "query");
    }

    Instruction documentInstruction() {
        return documentInstruction != null ? documentInstruction : Instruction.named(engine.prompts(), "document", "passage");
    }
}
