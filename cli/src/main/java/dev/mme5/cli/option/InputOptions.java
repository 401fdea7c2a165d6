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

    @Option(names = "--image", paramLabel = "FILE", description = "An image; each is one input, with the standard instruction.")
    private List<Path> images = new ArrayList<>();

    @Option(names = "--instruction", paramLabel = "TEXT", description = "Instruction for every --image, in place of the standard one.")
    private String instruction;

    @Option(
            names = "--input",
            paramLabel = "FILE",
            description = {
                "Inputs as JSON lines, - for stdin: objects with prompt, text or images (a list of paths, relative to FILE), "
                        + "and optionally id and max_tokens."
            })
    private String file;

    /** The inputs. Those of the command line are numbered from 1 in their order, those of the file by line. */
    public InputRecords open(CommandContext context) throws IOException {
        if (instruction != null && images.isEmpty()) throw new OptionException("--instruction is for --image, and there is none");
        if (texts.isEmpty() && images.isEmpty() && file == null) {
            throw new OptionException("no input: give TEXT, --image or --input");
        }
        List<Input> inputs = CommandLineOrder.merge(command, texts, images, Input::text, path -> image(context.folder().resolve(path)));
        List<InputRecord> explicit = new ArrayList<>();
        for (Input input : inputs) explicit.add(InputRecord.of(InputRecord.number(explicit.size() + 1), input.prompt(), input));
        return InputRecords.open(explicit, file, context);
    }

    /** The input file as the user named it, {@code -} for stdin, null for none. */
    public String file() {
        return file;
    }

    /** Whether there are inputs on the command line. */
    public boolean onCommandLine() {
        return !texts.isEmpty() || !images.isEmpty();
    }

    private Input image(Path file) {
        return Input.images(List.of(ImageSource.of(file)), instruction == null ? Input.STANDARD_INSTRUCTION : instruction);
    }
}
