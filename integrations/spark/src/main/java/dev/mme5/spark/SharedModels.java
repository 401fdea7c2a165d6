package dev.mme5.spark;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Options;
import dev.mme5.hub.HubException;
import dev.mme5.hub.ModelHub;
import dev.mme5.hub.ModelReference;
import dev.mme5.json.Mme5Exception;
import dev.mme5.spark.EmbedSettings.ModelSettings;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkEnv;

/**
 * The open models of this JVM: one for all tasks that ask for the same folder and options, opened by the first of them. They are closed
 * when the application or the JVM ends.
 */
final class SharedModels {
    // Static, because tasks of one executor have nothing else in common.
    private static final SharedModels OF_THIS_JVM = new SharedModels();
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    private final Map<ModelSettings, EmbeddingModel> open = new HashMap<>();
    private boolean hasHook;
    private int openings;

    private SharedModels() {}

    static SharedModels ofThisJvm() {
        return OF_THIS_JVM;
    }

    /** @throws SparkEmbeddingException when it cannot be opened, or would be slow for want of the vector module */
    synchronized EmbeddingModel get(ModelSettings settings) {
        EmbeddingModel model = open.get(settings);
        if (model == null) {
            checkVectorModule(settings);
            model = open(settings);
            openings++;
            open.put(settings, model);
            closeWithJvm();
        }
        return model;
    }

    /** How often a model was opened, for tests. */
    synchronized int openings() {
        return openings;
    }

    synchronized void closeAll() {
        open.values().forEach(model -> model.close(PATIENCE));
        open.clear();
    }

    private void closeWithJvm() {
        if (!hasHook) Runtime.getRuntime().addShutdownHook(new Thread(this::closeAll, "mme5-close"));
        hasHook = true;
    }

    private static void checkVectorModule(ModelSettings settings) {
        if (!settings.requiresVector() || ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent()) return;
        throw new SparkEmbeddingException("This JVM of Spark lacks the module " + VECTOR_MODULE + ", so mme5 would be many times slower. "
                + "Spark from 4.2 on adds it by itself to the JVMs that it starts; for others set spark.executor.extraJavaOptions, or the "
                + "options of your own JVM in local mode, to \"--add-modules " + VECTOR_MODULE
                + "\". requireVector=false runs without it.");
    }

    private static EmbeddingModel open(ModelSettings settings) {
        Options options = Options.defaults().withMaxTokens(settings.maxTokens()).withThreads(threads(settings));
        try {
            return EmbeddingModel.open(folder(settings.model()), options);
        } catch (SparkEmbeddingException e) {
            throw e;
        } catch (Mme5Exception e) {
            throw new SparkEmbeddingException("Cannot open the model " + settings.model() + ": " + e.getMessage(), e);
        }
    }

    /** At most {@link Options#MAX_THREADS}. An executor's JVM sees all processors of its machine and may use only some. */
    private static int threads(ModelSettings settings) {
        int threads = settings.threads();
        if (threads == 0) threads = Runtime.getRuntime().availableProcessors();
        if (settings.threads() == 0 && SparkEnv.get() != null) threads = SparkEnv.get().conf().getInt("spark.executor.cores", threads);
        return Math.clamp(threads, 1, Options.MAX_THREADS);
    }

    private static Path folder(String model) {
        try {
            Path path = Path.of(model);
            if (Files.exists(path)) return path;
            Optional<ModelReference> reference = ModelReference.tryParse(model);
            if (reference.isPresent()) return ModelHub.defaults().require(reference.get());
        } catch (InvalidPathException e) {
            // neither a path nor a name
        } catch (HubException e) {
            throw new SparkEmbeddingException("An executor has no model folder " + model + ", and " + e.getMessage(), e);
        }
        throw new SparkEmbeddingException("An executor has no model folder " + model + "; each needs it at this path");
    }
}
