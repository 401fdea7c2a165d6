package dev.mme5.cli.option;

import dev.mme5.cli.context.OptionException;
import dev.mme5.engine.EmbeddingModel;
import picocli.CommandLine.Option;

/** What comes before every document without images. */
public final class DocumentPromptOptions {
    @Option(
            names = "--document-prompt-name",
            paramLabel = "NAME",
            description = "Put the model's prompt of that name, such as passage, in front of every document without images. Default: none.")
    private String name;

    @Option(
            names = "--document-prompt",
            paramLabel = "TEXT",
            description = "Put TEXT in front of every document without images. \\n is a line break. Default: nothing.")
    private String text;

    /** Refuses both at once. */
    public void check() {
        if (text != null && name != null) throw new OptionException("--document-prompt and --document-prompt-name: expected one of them");
    }

    /** The prompt, empty for none. */
    public String prompt(EmbeddingModel model) {
        if (text != null) return Arguments.instruction(text);
        return name == null ? "" : PromptNameOptions.require(model.prompts(), "--document-prompt-name", name);
    }
}
