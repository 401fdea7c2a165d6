package dev.mme5.cli.option;

import dev.mme5.cli.context.OptionException;
import dev.mme5.engine.EmbeddingModel;
import java.util.Map;
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

    /** Whether there is a prompt. */
    public boolean isGiven() {
        return text != null || name != null;
    }

    /** The name of the option that is given. */
    public String option() {
        return text != null ? "--document-prompt" : "--document-prompt-name";
    }

    /** The prompt, empty for none. */
    public String prompt(EmbeddingModel model) {
        return prompt(name == null ? Map.of() : model.prompts());
    }

    /**
     * The same without a model.
     *
     * @param prompts those of the model, by name
     */
    public String prompt(Map<String, String> prompts) {
        if (text != null) return Arguments.instruction(text);
        return PromptNameOptions.require(prompts, "--document-prompt-name", name);
    }
}
