package dev.mme5.cli.option;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.OptionException;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.KernelChoice;
import dev.mme5.engine.Options;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a command that embeds runs its model. */
public final class EngineOptions {
    /** The values of {@code --kernels}. */
    enum KernelName { auto, vector, scalar }

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Mixin
    private PromptOptions prompts = new PromptOptions();

    @Option(names = "--kernels", paramLabel = "KIND", description = "auto (default), vector or scalar.")
    private KernelName kernels = KernelName.auto;

    @Option(names = "--exif", description = "Rotate images by their EXIF orientation; the reference does not.")
    private boolean exif;

    @Option(names = "--max-pixels", paramLabel = "N", description = "Largest image. Default: " + Options.DEFAULT_MAX_PIXELS + ".")
    private long maxPixels = Options.DEFAULT_MAX_PIXELS;

    public Options options(CommonOptions common) {
        OptionException.requireAtLeast(1, "--max-pixels", maxPixels);
        return model.options(common)
                .withKernels(KernelChoice.valueOf(kernels.name().toUpperCase(Locale.ROOT)))
                .withMaxTokens(prompts.maxTokens(0))
                .withMaxPixels(maxPixels)
                .withDropDuplicateBos(prompts.singleBos())
                .withApplyExif(exif);
    }

    /** Opens the model. */
    public EmbeddingModel open(CommonOptions common, Options options, CommandContext context) {
        return model.open(common, options, context);
    }

    /** The options that change vectors, by name. */
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("--single-bos", Boolean.toString(prompts.singleBos()));
        settings.put("--exif", Boolean.toString(exif));
        settings.put("--max-pixels", Long.toString(maxPixels));
        return settings;
    }
}
