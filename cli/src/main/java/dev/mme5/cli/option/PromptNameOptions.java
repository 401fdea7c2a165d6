package dev.mme5.cli.option;

import dev.mme5.cli.context.OptionException;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import java.util.Map;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Option;

/** A prompt that the model names, in front of every text. */
public final class PromptNameOptions {
    @Option(
            names = "--prompt-name",
            paramLabel = "NAME",
            description = "Put the model's prompt of that name, such as query or passage, in front of every text. Default: none.")
    private String name;

    /** Puts the prompt in front of texts; inputs with images stay. */
    public UnaryOperator<Input> prompt(EmbeddingModel model) {
        if (name == null) return UnaryOperator.identity();
        Map<String, String> prompts = model.prompts();
        if (!prompts.containsKey(name)) {
            String known = prompts.isEmpty() ? "and the model names no prompts" : "expected one of " + String.join(", ", prompts.keySet());
            throw new OptionException("--prompt-name is " + name + ", " + known);
        }
        String prefix = prompts.get(name);
        return input -> input.images().isEmpty()
                ? new Input(prefix + input.prompt(), input.images(), input.maxTokens(), input.isPlain())
                : input;
    }

    /** What must be the same in all runs that write one output. */
    public String setting() {
        return name == null ? "none" : name;
    }
}
