package dev.mme5.cli.option;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.OptionException;
import dev.mme5.cli.input.SearchQuery;
import dev.mme5.engine.ImageSource;
import dev.mme5.engine.Input;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The queries of a search: texts and images, in the order of the command line. */
public final class SearchQueryOptions {
    private static final String PLACEHOLDER = "{}";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Parameters(paramLabel = "QUERY", arity = "0..1", description = "A text to search for. After --, it may begin with -.")
    private List<String> texts = new ArrayList<>();

    @Option(names = "--image", paramLabel = "FILE", description = "An image to search for, or a quoted pattern of images.")
    private List<String> images = new ArrayList<>();

    @Option(
            names = "--instruction",
            paramLabel = "TEXT",
            description = {
                "Instruction for the model. With {}, it is for every QUERY, which replaces the {}; without, for every --image. "
                        + "\\n is a line break. Default: each QUERY as typed, the standard instruction for images."
            })
    private String instruction;

    @Option(names = "--no-special",
            description = "Take special tokens in a QUERY and in the texts of documents as text. A line may say \"special\": true or "
                    + "false.")
    private boolean plain;

    /** The images to search for. */
    public List<Path> imageFiles(CommandContext context) {
        return Arguments.images(images, context);
    }

    /** Whether special tokens in queries and documents are recognised where a line does not say. */
    public boolean special() {
        return !plain;
    }

    /**
     * The queries, at least one.
     *
     * @param isPrompted whether a prompt of the model comes before texts
     */
    public List<SearchQuery> queries(boolean isPrompted, CommandContext context) {
        if (texts.isEmpty() && images.isEmpty()) throw new OptionException("nothing to search for: give QUERY or --image");
        requireOne(instruction, isPrompted);
        if (isPrompted && texts.isEmpty()) throw new OptionException("--prompt-name is for a QUERY, and there is none");
        if (hasPlace(instruction) && texts.isEmpty()) {
            throw new OptionException("--instruction has {} for a QUERY, and there is none");
        }
        if (instruction != null && !hasPlace(instruction) && !texts.isEmpty()) {
            throw new OptionException("--instruction has no {} for the QUERY");
        }
        return Arguments.merge(command, texts, images, context, this::text, file -> image(file, context));
    }

    /**
     * Refuses an instruction beside a prompt of the model.
     *
     * @param instruction null if it is not given
     */
    public static void requireOne(String instruction, boolean isPrompted) {
        if (isPrompted && instruction != null) throw new OptionException("--instruction and --prompt-name: expected one of them");
    }

    /** Whether the instruction, which may be null, has a place for the text of a query. */
    public static boolean hasPlace(String instruction) {
        return instruction != null && instruction.contains(PLACEHOLDER);
    }

    /** What is embedded for the text of a query: the instruction with the text in its place. */
    public static String prompt(String instruction, String text) {
        return Arguments.instruction(instruction).replace(PLACEHOLDER, text);
    }

    private SearchQuery text(String text) {
        String prompt = instruction == null ? text : prompt(instruction, text);
        return new SearchQuery(text, false, plain ? Input.text(prompt).withoutSpecialTokens() : Input.text(prompt));
    }

    private SearchQuery image(Path file, CommandContext context) {
        boolean isForTexts = instruction == null || hasPlace(instruction);
        ImageSource image = ImageSource.of(context.folder().resolve(file));
        Input input = Input.images(List.of(image), isForTexts ? Input.STANDARD_INSTRUCTION : Arguments.instruction(instruction));
        return new SearchQuery(file.toString(), true, input);
    }
}
