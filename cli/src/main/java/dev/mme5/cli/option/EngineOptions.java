package dev.mme5.cli.option;

import dev.mme5.engine.KernelChoice;
import dev.mme5.engine.Options;
import java.util.Locale;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a command that searches or measures runs its model. */
public final class EngineOptions {
    enum KernelName { auto, vector, scalar }

    @Mixin
    private PromptOptions prompts;

    @Option(names = "--kernels", paramLabel = "KIND", description = "auto (default), vector or scalar.")
    private KernelName kernels = KernelName.auto;

    @Option(names = "--exif", description = "Turn pictures as their EXIF orientation says; the reference does not.")
    private boolean exif;

    @Option(names = "--max-pixels", paramLabel = "N", description = "Largest picture; default: " + Options.DEFAULT_MAX_PIXELS + ".")
    private long maxPixels = Options.DEFAULT_MAX_PIXELS;

    public Options options(CommonOptions common) {
        if (maxPixels < 1) throw common.wrongUse("--max-pixels is " + maxPixels + ", expected at least 1");
        return Options.defaults()
                .withThreads(common.threads())
                .withKernels(KernelChoice.valueOf(kernels.name().toUpperCase(Locale.ROOT)))
                .withMaxTokens(prompts.maxTokens(common, 0))
                .withMaxPixels(maxPixels)
                .withDropDuplicateBos(prompts.singleBos())
                .withApplyExif(exif);
    }
}
