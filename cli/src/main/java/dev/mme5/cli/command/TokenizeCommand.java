package dev.mme5.cli.command;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.ExitStatus;
import dev.mme5.cli.context.InputAdvice;
import dev.mme5.cli.context.OptionException;
import dev.mme5.cli.context.Plural;
import dev.mme5.cli.input.InputRecord;
import dev.mme5.cli.input.InputRecords;
import dev.mme5.cli.option.CommonOptions;
import dev.mme5.cli.option.InputOptions;
import dev.mme5.cli.option.OutputOptions;
import dev.mme5.cli.option.PromptNameOptions;
import dev.mme5.cli.option.PromptOptions;
import dev.mme5.cli.output.AtomicOutput;
import dev.mme5.cli.output.JsonlWriter;
import dev.mme5.cli.output.RunFiles;
import dev.mme5.cli.terminal.ProgressLine;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.engine.InputException;
import dev.mme5.tokenizer.Encoding;
import dev.mme5.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mme5 tokenize}: inputs to token ids. Reads only the tokenizer's files, and no images. */
@Command(
        name = "tokenize",
        description = "Shows the token ids of inputs, as the model would get them. Needs only tokenizer.json and tokenizer_config.json.",
        footer = {"", "A result is {\"id\":..,\"ids\":[..]}, a failed input {\"id\":..,\"error\":\"..\"}."})
public final class TokenizeCommand implements Callable<Integer> {
    private static final int CHUNK = 256;

    private final CommandContext context;

    @Mixin
    private CommonOptions common;

    @Mixin
    private InputOptions inputs;

    @Mixin
    private PromptNameOptions promptName;

    @Mixin
    private PromptOptions prompts;

    @Mixin
    private OutputOptions output;

    @Option(
            names = "--raw",
            description = "Encode each text as it is: add no begin-of-text token, do not check the number of image tokens.")
    private boolean raw;

    private Path folder;

    /** Whether the tokenizer adds no ids of its own. */
    private boolean isRaw;

    private long count;
    private long failures;

    /** An option that would have helped a failed input; empty if none would. */
    private String advice = "";

    public TokenizeCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        common.threads();   // refuses a wrong value
        output.json(true);   // refuses the name of another format
        if (raw && promptName.isGiven()) throw new OptionException("--raw and --prompt-name: expected one of them");
        if (raw && prompts.singleBos()) throw new OptionException("--raw and --single-bos: expected one of them");
        int maxTokens = prompts.maxTokens(Integer.MAX_VALUE);
        RunFiles files = new RunFiles(context).reads("--input", inputs.file()).writes("--output", output.file());
        if (!output.isStdout()) files.readsModel(common.model(context)).check();
        files.check("an image", inputs.imageFiles(context));
        try (InputRecords records = inputs.open(context, files::checkedImage); AtomicOutput out = output.open(context)) {
            folder = common.model(context);
            // Models whose prompts have no begin-of-text token keep what the tokenizer puts around a text.
            isRaw = raw || prompts.singleBos() && Input.text("").fullPrompt(folder).contains(Input.BEGIN_OF_TEXT);
            Tokenizer tokenizer = Tokenizer.open(folder);
            UnaryOperator<Input> prompt = promptName.prompt(promptName.isGiven() ? EmbeddingModel.prompts(folder) : Map.of());
            JsonlWriter writer = new JsonlWriter(out);
            ProgressLine progress = new ProgressLine(context, common.quiet());
            for (List<InputRecord> chunk = records.next(CHUNK); !chunk.isEmpty(); chunk = records.next(CHUNK)) {
                for (InputRecord record : chunk) tokenize(prompted(record, prompt), tokenizer, maxTokens, writer);
                out.flush();
                progress.update(count, records.fraction());
            }
            progress.erase();
            out.commit();
        }
        if (failures > 0 && !common.quiet()) context.printMessage(failures + " of " + Plural.of(count, "input") + " failed" + advice);
        return ExitStatus.failedIf(failures > 0);
    }

    private static InputRecord prompted(InputRecord record, UnaryOperator<Input> prompt) {
        if (record.failed()) return record;
        Input input = prompt.apply(record.input());
        String prefix = input.prompt().substring(0, input.prompt().length() - record.input().prompt().length());
        return InputRecord.of(record.id(), prefix + record.text(), input);
    }

    private void tokenize(InputRecord record, Tokenizer tokenizer, int maxTokens, JsonlWriter writer) throws IOException {
        count++;
        if (record.failed()) {
            failures++;
            writer.writeFailure(record.id(), record.error());
            return;
        }
        try {
            int requested = record.input().maxTokens();
            int limit = requested == 0 ? maxTokens : Math.min(requested, maxTokens);
            writer.writeTokenIds(record.id(), ids(record, tokenizer, limit));
        } catch (InputException e) {
            failures++;
            writer.writeFailure(record.id(), e.getMessage());
            if (advice.isEmpty()) advice = InputAdvice.of(e.reason(), record.text());
        }
    }

    private int[] ids(InputRecord record, Tokenizer tokenizer, int limit) {
        if (record.input().isPlain()) return plainIds(record, tokenizer, limit);
        String text = raw ? record.text() : record.input().fullPrompt(folder);
        if (!isRaw) return checked(tokenizer.encode(text, limit), limit, tokenizer);
        return cut(tokenizer.encodeRaw(text), limit);
    }

    private int[] plainIds(InputRecord record, Tokenizer tokenizer, int limit) {
        String text = record.text();
        String full = raw ? text : record.input().fullPrompt(folder);
        String head = full.substring(0, full.length() - text.length());
        if (!isRaw) return checked(tokenizer.encodePlain(head, text, limit), limit, tokenizer);
        return cut(tokenizer.encodeRawPlain(head, text), limit);
    }

    /** The ids, unless special tokens are cut off or nothing else is left: the model refuses that. */
    private static int[] checked(Encoding encoding, int limit, Tokenizer tokenizer) {
        encoding.shortage(limit, tokenizer.leastTokens()).ifPresent(shortage -> {
            throw new InputException(InputException.Reason.TOO_LONG, shortage);
        });
        return encoding.ids();
    }

    private static int[] cut(int[] ids, int limit) {
        return ids.length <= limit ? ids : Arrays.copyOf(ids, limit);
    }
}
