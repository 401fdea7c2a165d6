package dev.mme5.cli.option;

import dev.mme5.cli.context.OptionException;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.json.JsonWriter;
import java.util.Map;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Option;

/** A prompt that the model names, in front of every text. */
public final class PromptNameOptions {
    @Option(
            names = "--prompt-name",
            paramLabel = "NAME",
            description = "Put the model's prompt of that name, such as query or passage, in front of every text; in search and "
                    + "evaluate, of every query; in serve, of every text that the page looks for. Default: none.")
    private String name;

    /** None given, until picocli fills them. */
    public PromptNameOptions() {}

    /** @param name null if it is not given */
    public PromptNameOptions(String name) {
        this.name = name;
    }

    /** Whether a prompt is named. */
    public boolean isGiven() {
        return name != null;
    }

    /** Puts the prompt in front of texts; inputs with images stay. */
    public UnaryOperator<Input> prompt(EmbeddingModel model) {
        return prompt(name == null ? Map.of() : model.prompts());
    }

    /**
     * The same without a model.
     *
     * @param prompts those of the model, by name
     */
    public UnaryOperator<Input> prompt(Map<String, String> prompts) {
        if (name == null) return UnaryOperator.identity();
        String prefix = require(prompts, "--prompt-name", name);
        return input -> input.images().isEmpty()
                ? new Input(prefix + input.prompt(), input.images(), input.maxTokens(), input.isPlain())
                : input;
    }

    /** The prompt of that name, or the empty text for null. */
    static String require(Map<String, String> prompts, String option, String name) {
        if (name == null) return "";
        String prompt = prompts.get(name);
        if (prompt != null) return prompt;
        String known = prompts.isEmpty() ? "and the model names no prompts" : "expected one of " + String.join(", ", prompts.keySet());
        throw new OptionException(option + " is " + name + ", " + known);
    }

    /**
     * The prompt, empty for none.
     *
     * @param prompts those of the model, by name
     */
    public String text(Map<String, String> prompts) {
        return require(prompts, "--prompt-name", name);
    }

    /** The prompt in quotes, as JSON has it. */
    public String text(EmbeddingModel model) {
        return JsonWriter.quote(text(model.prompts()));
    }

    /** What must be the same in all runs that write one output. */
    public String setting() {
        return name == null ? "none" : name;
    }
}
