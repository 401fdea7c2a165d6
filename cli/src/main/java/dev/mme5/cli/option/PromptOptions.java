package dev.mme5.cli.option;

import dev.mme5.cli.context.OptionException;
import picocli.CommandLine.Option;

/** How a prompt becomes token ids. */
public final class PromptOptions {
    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "Keep the first N tokens of an input. Default: the model's limit, for tokenize none.")
    private Integer maxTokens;

    @Option(
            names = "--single-bos",
            description = "Drop the second begin-of-text token that some tokenizers add; the reference keeps both.")
    private boolean singleBos;

    /** The value of {@code --max-tokens}, or {@code orElse} if it is not given. */
    public int maxTokens(int orElse) {
        if (maxTokens == null) return orElse;
        OptionException.requireAtLeast(1, "--max-tokens", maxTokens);
        return maxTokens;
    }

    public boolean singleBos() {
        return singleBos;
    }
}
