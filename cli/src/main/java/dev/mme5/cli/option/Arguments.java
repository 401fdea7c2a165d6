package dev.mme5.cli.option;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.IoErrors;
import dev.mme5.cli.context.OptionException;
import dev.mme5.cli.input.NamedFile;
import dev.mme5.engine.files.GlobPattern;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The texts and images of a command line, in its order, which picocli collects in separate lists. A shell that expands a pattern after
 * {@code --image} makes texts of all file names but the first, so a text that names a file is refused, and {@code --image} expands
 * patterns itself.
 */
final class Arguments {
    private static final String IMAGE = "--image";
    private static final String END_OF_OPTIONS = "--";

    private static final String WILDCARDS = "*?[{";

    private Arguments() {}

    /** The instruction of an option: in all commands, the two characters {@code \n} in it are a line feed. */
    static String instruction(String value) {
        return value.replace("\\n", "\n");
    }

    /**
     * @param texts the positional parameters
     * @param images the values of {@code --image}, names of files or patterns
     * @param image makes something of a file, given as the user named it
     */
    static <T> List<T> merge(CommandSpec command, List<String> texts, List<String> images, CommandContext context,
            Function<String, T> text, Function<Path, T> image) {
        ParseResult parsed = command.commandLine().getParseResult();
        List<String> original = parsed.originalArgs();
        int end = original.indexOf(END_OF_OPTIONS);
        int checked = end < 0 ? texts.size() : texts.size() - (original.size() - end - 1);
        for (int i = 0; i < checked; i++) refuseFile(texts.get(i), context.folder());

        List<T> merged = new ArrayList<>();
        Iterator<String> nextText = texts.iterator();
        Iterator<String> nextImage = images.iterator();
        for (ArgSpec argument : parsed.matchedArgs()) {
            if (argument.isPositional() && nextText.hasNext()) {
                merged.add(text.apply(nextText.next()));
            } else if (argument instanceof OptionSpec option && option.longestName().equals(IMAGE) && nextImage.hasNext()) {
                for (Path file : files(nextImage.next(), context.folder())) merged.add(image.apply(file));
            }
        }
        return merged;
    }

    /** The files that the values of {@code --image} name. */
    static List<Path> images(List<String> images, CommandContext context) {
        List<Path> files = new ArrayList<>();
        for (String name : images) for (Path file : files(name, context.folder())) files.add(context.folder().resolve(file));
        return files;
    }

    /** The same where there are only texts, before any {@code --}. */
    static <T> List<T> texts(List<String> texts, CommandContext context, Function<String, T> text) {
        for (String argument : texts) refuseFile(argument, context.folder());
        List<T> list = new ArrayList<>();
        for (String argument : texts) list.add(text.apply(argument));
        return list;
    }

    private static void refuseFile(String text, Path folder) {
        try {
            Path path = folder.resolve(text);
            if (!text.isEmpty() && (Files.isRegularFile(path) || text.indexOf('/') >= 0 && Files.exists(path))) {
                throw new OptionException(
                        "%s is a file and not after %s: for an image write %s FILE for each, or %s 'PATTERN' in quotes; %s"
                                .formatted(text, IMAGE, IMAGE, IMAGE, "before a text that is meant as one write --"));
            }
        } catch (InvalidPathException notAName) {
            // a text
        }
    }

    /** The file of that name, or else the files that the pattern matches, sorted by name. */
    private static List<Path> files(String name, Path folder) {
        if (NamedFile.isUrl(name)) return List.of(path(name, folder));
        if (!hasAny(WILDCARDS, name) || isFile(name, folder)) return List.of(path(name, folder));
        boolean isAbsolute = name.startsWith("/");
        List<Path> matches = List.of(Path.of(isAbsolute ? "/" : ""));
        try {
            for (String segment : name.split("/+")) {
                if (segment.isEmpty()) continue;
                List<Path> longer = new ArrayList<>();
                for (Path match : matches) longer.addAll(matches(match, segment, folder));
                matches = longer;
            }
        } catch (DirectoryIteratorException e) {
            throw new OptionException(IMAGE + " " + name + ": " + IoErrors.describe(e.getCause()));
        } catch (IOException e) {
            throw new OptionException(IMAGE + " " + name + ": " + IoErrors.describe(e));
        }
        List<Path> found = matches.stream().filter(match -> Files.isRegularFile(folder.resolve(match))).sorted().toList();
        if (found.isEmpty()) throw new OptionException(IMAGE + " " + name + " matches no file");
        return found;
    }

    private static boolean hasAny(String characters, String text) {
        return text.chars().anyMatch(c -> characters.indexOf(c) >= 0);
    }

    private static boolean isFile(String name, Path folder) {
        try {
            return Files.exists(folder.resolve(name));
        } catch (InvalidPathException notAName) {
            return false;
        }
    }

    private static Path path(String name, Path folder) {
        try {
            if (NamedFile.isUrl(name) && !isFile(name, folder)) throw new OptionException(IMAGE + " " + name + " " + NamedFile.URL_PROBLEM);
            return NamedFile.isDescriptor(Path.of(name)) ? NamedFile.of(Path.of(name)).path() : Path.of(name);
        } catch (IOException e) {
            throw new OptionException(IMAGE + " " + name + ": " + IoErrors.describe(e));
        } catch (InvalidPathException e) {
            throw new OptionException(IMAGE + " " + name + " is not a path: " + e.getReason());
        }
    }

    /** Entries of a folder that one segment of a pattern matches. As in a shell, hidden ones only if it begins with a period. */
    private static List<Path> matches(Path parent, String segment, Path folder) throws IOException {
        Path searched = folder.resolve(parent);
        boolean isLiteral = !hasAny(WILDCARDS + '\\', segment);   // a folder on the way need not be readable
        if (isLiteral && isFile(segment, searched)) return List.of(parent.resolve(segment));
        List<Path> matches = new ArrayList<>();
        if (isLiteral || !Files.isDirectory(searched)) return matches;
        boolean findsHidden = segment.startsWith(".") || segment.startsWith("\\.");
        GlobPattern pattern = GlobPattern.compile(segment, false);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(searched)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (name.startsWith(".") && !findsHidden) continue;
                // Not by its name as text, which may not be UTF-8.
                if (pattern.matches(name)) matches.add(parent.resolve(entry.getFileName()));
            }
        }
        return matches;
    }
}
