package dev.mme5.cli.input;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.UsageException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A file at the place where it has its name. A file whose name is not UTF-8 reaches the command as an open descriptor, and neither its
 * folder nor files next to it can be found from that.
 *
 * @param path absolute
 */
public record NamedFile(Path path) {
    /** Folders whose entries are the open files of a process. */
    private static final String DESCRIPTORS = "/proc/self/fd";

    private static final Pattern URL = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:(//|image/).*", Pattern.DOTALL);

    /** What is wrong with an URL in place of a path. */
    public static final String URL_PROBLEM = "is an URL, expected the path of a file: nothing is downloaded";

    /** Whether a text is an URL. */
    public static boolean isUrl(String text) {
        return URL.matcher(text).matches();
    }

    /**
     * The path that a text names.
     *
     * @param text as the user wrote it
     * @throws UsageException if it is an URL and no file
     */
    public static Path resolve(String text, CommandContext context) {
        Path path = context.folder().resolve(text);
        String url = text.replaceFirst(":/(?!/)", "://"); // a Path loses a slash
        if (isUrl(url) && Files.notExists(path)) throw new UsageException(url + ": " + URL_PROBLEM);
        return path;
    }

    public static NamedFile of(Path file) throws IOException {
        Path path = file.toAbsolutePath();
        return new NamedFile(isDescriptor(path) ? path.toRealPath() : path);
    }

    /** Whether it is an open descriptor of a file or folder that has a name. */
    public static boolean isDescriptor(Path path) {
        return path.startsWith(DESCRIPTORS) && (Files.isRegularFile(path) || Files.isDirectory(path));
    }

    /** The folder of the file. */
    public Path folder() {
        return path.getParent();
    }

    /** A file next to this one, whose name is this one's with a suffix of ASCII letters. */
    public Path withSuffix(String suffix) {
        String name = path.getFileName().toString();
        boolean isLost = name.indexOf('?') >= 0 || name.indexOf('\uFFFD') >= 0;
        // As text, a name that is not UTF-8 would lose bytes; as URI it keeps them.
        return isLost ? Path.of(URI.create(path.toUri() + suffix)) : path.resolveSibling(name + suffix);
    }
}
