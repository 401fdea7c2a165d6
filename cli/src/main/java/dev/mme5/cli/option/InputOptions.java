package dev.mme5.cli.option;

import dev.mme5.cli.input.InputRecord;
import dev.mme5.cli.input.InputRecords;
import dev.mme5.engine.ImageSource;
import dev.mme5.engine.Input;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Where a command's inputs come from: TEXT and {@code --image} on the command line, and lines of a file. */
public final class InputOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Parameters(paramLabel = "TEXT", arity = "0..1", description = "A text; each is one input. Behind -- it may begin with -.")
    private List<String> texts = new ArrayList<>();

    @Option(names = "--image", paramLabel = "FILE", description = "A picture; each is one input, with the standard instruction.")
    private List<Path> images = new ArrayList<>();

    @Option(names = "--instruction", paramLabel = "TEXT", description = "Another instruction for every --image.")
    private String instruction;

    @Option(
            names = "--input",
            paramLabel = "FILE",
            description = {
                "Inputs as JSON lines, - for stdin: objects with prompt, text or images (a list of paths, relative to FILE), "
                        + "and optionally id and max_tokens."
            })
    private String file;

    /** The requests, numbered from 1 in the order of the command line; those of the file are numbered by line. */
    public InputRecords open(CommandContext console) throws IOException {
        if (instruction != null && images.isEmpty()) throw wrongUse("--instruction is for --image, and there is none");
        if (texts.isEmpty() && images.isEmpty() && file == null) throw wrongUse("no input: give TEXT, --image or --input");

        List<InputRecord> given = new ArrayList<>();
        Iterator<String> nextText = texts.iterator();
        Iterator<Path> nextImage = images.iterator();
        for (ArgSpec argument : command.commandLine().getParseResult().matchedArgs()) {
            if (argument.isPositional() && nextText.hasNext()) {
                given.add(text(given.size() + 1, nextText.next()));
            } else if (argument instanceof OptionSpec option && option.longestName().equals("--image") && nextImage.hasNext()) {
                given.add(image(given.size() + 1, console.folder().resolve(nextImage.next())));
            }
        }
        return InputRecords.open(given, file, console);
    }

    /** The input file as the user named it, {@code -} for stdin, null for none. */
    public String file() {
        return file;
    }

    /** Whether there are inputs on the command line. */
    public boolean onCommandLine() {
        return !texts.isEmpty() || !images.isEmpty();
    }

    private static InputRecord text(int place, String text) {
        return InputRecord.of(InputRecord.number(place), text, Input.text(text));
    }

    private InputRecord image(int place, Path file) {
        String words = instruction == null ? Input.STANDARD_INSTRUCTION : instruction;
        Input input = Input.images(List.of(ImageSource.of(file)), words);
        return InputRecord.of(InputRecord.number(place), input.prompt(), input);
    }

    private ParameterException wrongUse(String problem) {
        return new ParameterException(command.commandLine(), problem);
    }
}
