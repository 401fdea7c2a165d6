package dev.mme5.cli.option;

import dev.mme5.cli.input.SearchQuery;
import dev.mme5.engine.ImageSource;
import dev.mme5.engine.Input;
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

/** What a search looks for: texts and pictures, in the order of the command line. */
public final class SearchQueryOptions {
    private static final String PLACE = "{}";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Parameters(paramLabel = "QUERY", arity = "0..1", description = "A text to search for. Behind -- it may begin with -.")
    private List<String> texts = new ArrayList<>();

    @Option(names = "--image", paramLabel = "FILE", description = "A picture to search for.")
    private List<Path> images = new ArrayList<>();

    @Option(
            names = "--instruction",
            paramLabel = "TEXT",
            description = {
                "What the model is told: with {}, for every QUERY, which stands in its place; without, for every --image. "
                        + "\\n is a line break. Default: each QUERY as typed, the standard instruction for pictures."
            })
    private String instruction;

    /** At least one. */
    public List<SearchQuery> queries(CommandContext console) {
        if (texts.isEmpty() && images.isEmpty()) throw wrongUse("nothing to search for: give QUERY or --image");
        if (instruction != null && instruction.contains(PLACE) && texts.isEmpty()) {
            throw wrongUse("--instruction has {} for a QUERY, and there is none");
        }
        if (instruction != null && !instruction.contains(PLACE) && !texts.isEmpty()) {
            throw wrongUse("--instruction has no {} for the QUERY to stand");
        }
        String told = instruction == null ? null : instruction.replace("\\n", "\n");

        List<SearchQuery> queries = new ArrayList<>();
        Iterator<String> nextText = texts.iterator();
        Iterator<Path> nextImage = images.iterator();
        for (ArgSpec argument : command.commandLine().getParseResult().matchedArgs()) {
            if (argument.isPositional() && nextText.hasNext()) {
                String text = nextText.next();
                queries.add(new SearchQuery(text, false, Input.text(told == null ? text : told.replace(PLACE, text))));
            } else if (argument instanceof OptionSpec option && option.longestName().equals("--image") && nextImage.hasNext()) {
                Path file = nextImage.next();
                String words = told == null || told.contains(PLACE) ? Input.STANDARD_INSTRUCTION : told;
                ImageSource picture = ImageSource.of(console.folder().resolve(file));
                queries.add(new SearchQuery(file.toString(), true, Input.images(List.of(picture), words)));
            }
        }
        return queries;
    }

    private ParameterException wrongUse(String problem) {
        return new ParameterException(command.commandLine(), problem);
    }
}
