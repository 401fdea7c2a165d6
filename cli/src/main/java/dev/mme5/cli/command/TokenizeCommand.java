package dev.mme5.cli.command;

import dev.mme5.cli.Main;
import dev.mme5.cli.input.InputRecord;
import dev.mme5.cli.input.InputRecords;
import dev.mme5.cli.option.CommandContext;
import dev.mme5.cli.option.CommonOptions;
import dev.mme5.cli.option.InputOptions;
import dev.mme5.cli.option.PromptOptions;
import dev.mme5.cli.output.AtomicOutput;
import dev.mme5.cli.output.JsonlWriter;
import dev.mme5.cli.terminal.ProgressLine;
import dev.mme5.engine.InputException;
import dev.mme5.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mme5 tokenize}: inputs to token ids. Of the model it reads the tokenizer's files alone, of pictures nothing. */
@Command(
        name = "tokenize",
        description = "Shows the token ids of inputs, as the model would see them. Needs tokenizer.json and tokenizer_config.json only.",
        footer = {"", "A result is {\"id\":..,\"ids\":[..]}, a failed input {\"id\":..,\"error\":\"..\"}."})
public final class TokenizeCommand implements Callable<Integer> {
    private static final int CHUNK = 256;

    private final CommandContext console;

    @Mixin
    private CommonOptions common;

    @Mixin
    private InputOptions inputs;

    @Mixin
    private PromptOptions prompts;

    @Option(names = "--output", paramLabel = "FILE", description = "Where results go; default: stdout.")
    private String output;

    @Option(
            names = "--raw",
            description = "Encode each text as it is: no begin-of-text token added, by prompt or tokenizer, and image tokens not counted.")
    private boolean raw;

    private long count;
    private long failures;

    public TokenizeCommand(CommandContext console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        common.threads();   // refused when wrong, though one thread is enough here
        int maxTokens = prompts.maxTokens(common, Integer.MAX_VALUE);
        try (InputRecords requests = inputs.open(console); AtomicOutput out = AtomicOutput.open(output, false, console)) {
            Tokenizer tokenizer = Tokenizer.open(common.model(console));
            JsonlWriter writer = new JsonlWriter(out);
            ProgressLine progress = new ProgressLine(console, common.quiet());
            for (List<InputRecord> chunk = requests.next(CHUNK); !chunk.isEmpty(); chunk = requests.next(CHUNK)) {
                for (InputRecord request : chunk) tokenize(request, tokenizer, maxTokens, writer);
                out.flush();
                progress.update(count, requests.fraction());
            }
            progress.erase();
            out.commit();
        }
        if (failures > 0 && !common.quiet()) console.say(failures + " of " + count + " inputs failed");
        return failures > 0 ? Main.SOME_FAILED : Main.DONE;
    }

    private void tokenize(InputRecord request, Tokenizer tokenizer, int maxTokens, JsonlWriter writer) throws IOException {
        count++;
        if (request.failed()) {
            failures++;
            writer.failed(request.id(), request.error());
            return;
        }
        try {
            int own = request.input().maxTokens();
            int limit = own == 0 ? maxTokens : Math.min(own, maxTokens);
            writer.tokenized(request.id(), ids(request, tokenizer, limit));
        } catch (InputException e) {
            failures++;
            writer.failed(request.id(), e.getMessage());
        }
    }

    private int[] ids(InputRecord request, Tokenizer tokenizer, int limit) {
        String text = raw ? request.text() : request.input().fullPrompt();
        if (!raw && !prompts.singleBos()) return tokenizer.encode(text, limit).ids();
        int[] ids = tokenizer.encodeRaw(text);
        return ids.length <= limit ? ids : Arrays.copyOf(ids, limit);
    }
}
