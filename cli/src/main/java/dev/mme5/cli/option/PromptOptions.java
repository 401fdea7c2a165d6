package dev.mme5.cli.option;

import picocli.CommandLine.Option;

/** How a prompt becomes token ids. */
public final class PromptOptions {
    @Option(names = "--max-tokens", paramLabel = "N", description = "Keep the first N tokens of an input. Default: what the model takes.")
    private Integer maxTokens;

    @Option(
            names = "--single-bos",
            description = "Leave out the second begin-of-text token that some tokenizers put in front; the reference keeps both.")
    private boolean singleBos;

    public int maxTokens(CommonOptions common, int orElse) {
        if (maxTokens == null) return orElse;
        if (maxTokens < 1) throw common.wrongUse("--max-tokens is " + maxTokens + ", expected at least 1");
        return maxTokens;
    }

    public boolean singleBos() {
        return singleBos;
    }
}
