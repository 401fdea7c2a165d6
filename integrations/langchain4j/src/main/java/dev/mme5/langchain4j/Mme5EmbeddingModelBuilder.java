package dev.mme5.langchain4j;

import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Options;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Opens a {@link Mme5EmbeddingModel}. Only a model is needed: {@link #model}, {@link #modelFolder} or {@link #engine}. */
public final class Mme5EmbeddingModelBuilder {
    private Path folder;
    private String cachedName;   // of a snapshot, whose folder is named by its commit
    private EmbeddingModel engine;
    private Options options = Options.defaults();
    private String modelName;
    private String queryInstruction;
    private String documentInstruction;
    private EmbeddingInputType inputType;
    private Integer dimensions;
    private final List<Path> imageFolders = new ArrayList<>();
    private List<EmbeddingModelListener> listeners = List.of();

    Mme5EmbeddingModelBuilder() {}

    /**
     * A model folder, or {@code ORG/NAME} or {@code ORG/NAME@REV} of a model that {@code mme5 download} or Python has put into the Hugging
     * Face cache. Nothing is downloaded.
     *
     * @throws dev.mme5.hub.HubException when it is neither; the message says how to get it
     */
    public Mme5EmbeddingModelBuilder model(String folderOrName) {
        ModelLocation location = ModelLocation.resolve(folderOrName);
        modelFolder(location.folder());
        cachedName = location.name();
        return this;
    }

    public Mme5EmbeddingModelBuilder modelFolder(Path value) {
        folder = Objects.requireNonNull(value, "modelFolder");
        cachedName = null;
        return this;
    }

    /** A model that is open already and is shared; closing the result leaves it open. */
    public Mme5EmbeddingModelBuilder engine(EmbeddingModel value) {
        engine = Objects.requireNonNull(value, "engine");
        return this;
    }

    /** Threads, limits and the like; not for {@link #engine}, which has its own. */
    public Mme5EmbeddingModelBuilder options(Options value) {
        options = Objects.requireNonNull(value, "options");
        return this;
    }

    /** What responses call the model; by default {@code ORG/NAME} from the Hugging Face cache, or the name of the folder. */
    public Mme5EmbeddingModelBuilder modelName(String value) {
        modelName = value;
        return this;
    }

    /**
     * Stands in front of inputs of type QUERY, or has their text at {@code {text}}, such as
     * {@code "Find me an everyday image that matches the given caption: {text}\n"}. By default what the model folder names, if it does.
     */
    public Mme5EmbeddingModelBuilder queryInstruction(String value) {
        queryInstruction = value;
        return this;
    }

    /** The same for inputs of type DOCUMENT. */
    public Mme5EmbeddingModelBuilder documentInstruction(String value) {
        documentInstruction = value;
        return this;
    }

    /** The type of inputs whose request names none; by default none, so without an instruction. */
    public Mme5EmbeddingModelBuilder inputType(EmbeddingInputType value) {
        inputType = value;
        return this;
    }

    /** Dimensions of requests that name none; by default all. */
    public Mme5EmbeddingModelBuilder dimensions(Integer value) {
        dimensions = value;
        return this;
    }

    /**
     * Allows images from {@code file:} URLs below a folder, symbolic links followed. Without it they are refused, so that whoever writes
     * a request cannot have a file of this machine read.
     *
     * @throws UncheckedIOException when there is no such folder
     */
    public Mme5EmbeddingModelBuilder allowFilesBelow(Path imageFolder) {
        try {
            imageFolders.add(imageFolder.toRealPath());
        } catch (IOException e) {
            throw new UncheckedIOException(imageFolder + ": no such folder", e);
        }
        return this;
    }

    public Mme5EmbeddingModelBuilder listeners(List<EmbeddingModelListener> value) {
        listeners = value == null ? List.of() : List.copyOf(value);
        return this;
    }

    /**
     * Opens the model.
     *
     * @throws dev.mme5.json.ModelFormatException when something about the folder is wrong
     * @throws IllegalArgumentException when dimensions does not fit the model
     * @throws IllegalStateException when no model is named, or it cannot run here (see {@link EmbeddingModel#open})
     */
    public Mme5EmbeddingModel build() {
        if ((folder == null) == (engine == null)) throw new IllegalStateException("either a model folder or an open engine is needed");
        EmbeddingModel opened = engine == null ? EmbeddingModel.open(folder, options) : engine;
        try {
            if (dimensions != null && (dimensions < 1 || dimensions > opened.dimensions())) {
                throw new IllegalArgumentException("dimensions is " + dimensions + ", expected 1 to " + opened.dimensions());
            }
            Instructions instructions = Instructions.of(queryInstruction, documentInstruction).orElse(opened.prompts());
            EmbeddingRequestParameters defaults = EmbeddingRequestParameters.builder()
                    .modelName(name(opened))
                    .dimensions(dimensions)
                    .inputType(inputType)
                    .build();
            InputConverter converter = new InputConverter(instructions, new ImageReader(imageFolders));
            return new Mme5EmbeddingModel(opened, engine == null, converter, defaults, listeners);
        } catch (RuntimeException e) {
            if (engine == null) opened.close();
            throw e;
        }
    }

    private String name(EmbeddingModel opened) {
        if (modelName != null) return modelName;
        return cachedName == null ? opened.name() : cachedName;
    }
}
