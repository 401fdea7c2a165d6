package dev.mme5.spring.boot;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.KernelChoice;
import dev.mme5.engine.Options;
import dev.mme5.engine.UnsuitableMachineException;
import dev.mme5.hub.HubException;
import dev.mme5.hub.ModelHub;
import dev.mme5.hub.ModelReference;
import dev.mme5.json.ModelFormatException;
import dev.mme5.model.mini.MiniModel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/** Opens the model that the properties name, and says what is wrong with it or with the flags of the JVM. */
final class EngineOpener {
    private static final Log LOG = LogFactory.getLog(EngineOpener.class);
    private static final String MODEL = "spring.ai.mme5.model";

    private final Mme5Properties properties;

    /**
     * @param name what responses call the model: its folder's name, or {@code ORG/NAME} from the Hugging Face cache, where folders are
     *     named by commits
     */
    record Opened(EmbeddingModel engine, String name) {}

    /** @param name {@code ORG/NAME} of a snapshot; null for a folder */
    private record Location(Path folder, @Nullable String name) {}

    EngineOpener(Mme5Properties properties) {
        this.properties = properties;
    }

    /** @throws Mme5StartupException when that is impossible */
    Opened open() {
        Options options = checkFlags(options());
        Location location = location();
        Path folder = location.folder();
        try {
            EmbeddingModel engine = EmbeddingModel.open(folder, options);
            if (properties.warmUp()) engine.warmUp();
            return new Opened(engine, location.name() == null ? engine.name() : location.name());
        } catch (ModelFormatException e) {
            throw new Mme5StartupException("mme5 cannot open the model " + folder + ": " + e.getMessage(),
                    "Set " + MODEL + " to a complete model folder, or download the model again.", e);
        } catch (UnsuitableMachineException e) {
            throw new Mme5StartupException("mme5 cannot run the model " + folder + ": " + e.getMessage(),
                    "Give the JVM the memory that the message names, or lower spring.ai.mme5.max-tokens.", e);
        }
    }

    private Options options() {
        try {
            Options options = Options.defaults()
                    .withRefuseTooLong(properties.refuseTooLong())
                    .withMaxPixels(properties.maxPixels())
                    .withApplyExif(properties.applyExif())
                    .withDropDuplicateBos(properties.dropDuplicateBos())
                    .withVerify(properties.verify())
                    .withMaxWait(properties.maxWait())
                    .withMaxWaiting(properties.maxWaiting());
            if (properties.threads() != null) options = options.withThreads(properties.threads());
            if (properties.maxTokens() != null) options = options.withMaxTokens(properties.maxTokens());
            if (properties.imageCache() != null) options = options.withImageCacheBytes(properties.imageCache().toBytes());
            if (properties.prefixCache() != null) options = options.withPrefixCacheBytes(properties.prefixCache().toBytes());
            return options;
        } catch (IllegalArgumentException e) {
            throw new Mme5StartupException("a property spring.ai.mme5.* is wrong: " + e.getMessage(), "Correct its value.", e);
        }
    }

    private Options checkFlags(Options options) {
        if (JvmFlags.isOptimizingCompilerOff()) {
            LOG.warn(
                    "This JVM runs without its optimising compiler (-XX:TieredStopAtLevel), so mme5 computes without vector code, many"
                            + " times slower. mvn spring-boot:run does this by itself: set spring-boot.run.optimizedLaunch=false.");
        }
        if (JvmFlags.hasVectorModule()) return options;
        if (properties.requireVector()) {
            throw new Mme5StartupException("mme5 needs the JVM option " + JvmFlags.ADD_VECTOR_MODULE
                    + ", because spring.ai.mme5.require-vector is true.", JvmFlags.HOW_TO_ADD);
        }
        LOG.warn("mme5 runs many times slower without the JVM option " + JvmFlags.ADD_VECTOR_MODULE + ". " + JvmFlags.HOW_TO_ADD);
        return options.withKernels(KernelChoice.SCALAR);   // what AUTO takes too, but with a warning of its own
    }

    private Location location() {
        String name = properties.model();
        if (name == null || name.isBlank()) return new Location(defaultFolder(), null);
        try {
            Path path = Path.of(name);
            if (Files.exists(path)) return new Location(path, null);
            Optional<ModelReference> reference = ModelReference.tryParse(name);
            if (reference.isPresent()) return new Location(ModelHub.defaults().require(reference.get()), reference.get().name());
        } catch (InvalidPathException e) {
            // neither a path nor a name
        } catch (HubException e) {
            throw new Mme5StartupException("There is no model folder " + name + ", and " + e.getMessage() + ".",
                    "Download the model, or set " + MODEL + " to its folder.", e);
        }
        throw new Mme5StartupException("There is no model folder " + name + ".",
                "Set " + MODEL + " to the folder of a model, or to ORG/NAME of one in the Hugging Face cache.");
    }

    private static Path defaultFolder() {
        if (ClassUtils.isPresent("dev.mme5.model.mini.MiniModel", EngineOpener.class.getClassLoader())) return MiniModel.folder();
        throw new Mme5StartupException("mme5 is chosen as embedding model, but " + MODEL + " is not set.",
                "Set it to the folder of a model, or to ORG/NAME of one in the Hugging Face cache. For first steps, add the dependency "
                        + "dev.mme5:mme5-model-mini, which has a small model.");
    }
}
