package dev.mme5.cli.option;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.OptionException;
import dev.mme5.cli.input.InputRecord;
import dev.mme5.cli.input.InputRecords;
import dev.mme5.engine.ImageSource;
import dev.mme5.engine.Input;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Where a command's inputs come from: TEXT and {@code --image} on the command line, and the lines of a file. */
public final class InputOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Parameters(paramLabel = "TEXT", arity = "0..1", description = "A text; each is one input. After --, it may begin with -.")
    private List<String> texts = new ArrayList<>();

    @Option(names = "--image", paramLabel = "FILE",
            description = "An image; each is one input, with the standard instruction. A quoted pattern, such as 'pics/*.gif', is every "
                    + "file that it matches.")
    private List<String> images = new ArrayList<>();

    @Option(names = "--instruction", paramLabel = "TEXT",
            description = "Instruction for every --image, in place of the standard one. \\n is a line break.")
    private String instruction;

    @Option(names = "--no-special",
            description = "Take special tokens in a TEXT, or in the text of a line, as text. A line may say \"special\": true or false.")
    private boolean plain;

    @Option(
            names = "--input",
            paramLabel = "FILE",
            description = {
                "Inputs as JSON lines, - for stdin: objects with prompt, text or images (a list of paths, relative to FILE), "
                        + "and optionally id, max_tokens and special."
            })
    private String file;

    /** None given, until picocli fills them. */
    public InputOptions() {}

    /** Texts, without any option. */
    public InputOptions(List<String> texts) {
        this.texts = texts;
    }

    /**
     * The inputs. Those of the command line are numbered from 1 in their order, those of the file by line.
     *
     * @param pathCheck returns the file to open for the path of a line's image
     */
    public InputRecords open(CommandContext context, UnaryOperator<Path> pathCheck) throws IOException {
        if (instruction != null && images.isEmpty()) throw new OptionException("--instruction is for --image, and there is none");
        if (texts.isEmpty() && images.isEmpty() && file == null) {
            throw new OptionException("no input: give TEXT, --image or --input");
        }
        List<Input> inputs = command == null
                ? Arguments.texts(texts, context, this::text)
                : Arguments.merge(command, texts, images, context, this::text, path -> image(context.folder().resolve(path)));
        List<InputRecord> explicit = new ArrayList<>();
        for (Input input : inputs) explicit.add(InputRecord.of(InputRecord.number(explicit.size() + 1), input.prompt(), input));
        return InputRecords.open(explicit, file, !plain, pathCheck, context);
    }

    /** The input file as the user named it, {@code -} for stdin, null for none. */
    public String file() {
        return file;
    }

    /** The files that the command line names as inputs. */
    public List<Path> imageFiles(CommandContext context) {
        return command == null ? List.of() : Arguments.images(images, context);
    }

    /** Whether special tokens in texts are text where a line does not say. */
    public boolean plain() {
        return plain;
    }

    /** Whether there are inputs on the command line. */
    public boolean onCommandLine() {
        return !texts.isEmpty() || !images.isEmpty();
    }

    private Input text(String text) {
        return plain ? Input.text(text).withoutSpecialTokens() : Input.text(text);
    }

    private Input image(Path file) {
        String words = instruction == null ? Input.STANDARD_INSTRUCTION : Arguments.instruction(instruction);
        return Input.images(List.of(ImageSource.of(file)), words);
    }
}
