package dev.mme5.search.folder;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Patterns of names. {@code *} stands for any characters but /, {@code **} for any characters, {@code ?} for one. A pattern without / is
 * for the name of a file or folder at any depth, one with / for the path from the scanned folder.
 *
 * @param names patterns of names
 * @param paths patterns of paths
 */
record Globs(List<Pattern> names, List<Pattern> paths) {
    static Globs of(List<String> globs) {
        return new Globs(
                globs.stream().filter(glob -> !isPath(glob)).map(Globs::compile).toList(),
                globs.stream().filter(Globs::isPath).map(Globs::compile).toList());
    }

    /** A slash at the end only says that a folder is meant. */
    private static boolean isPath(String glob) {
        return glob.indexOf('/') >= 0 && glob.indexOf('/') < glob.length() - 1;
    }

    private static Pattern compile(String glob) {
        String text = glob.startsWith("/") ? glob.substring(1) : glob;
        if (text.endsWith("/")) text = text.substring(0, text.length() - 1);
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (text.startsWith("**/", i)) {
                regex.append("(.*/)?");
                i += 2;
            } else if (text.startsWith("**", i)) {
                regex.append(".*");
                i++;
            } else if (c == '*') {
                regex.append("[^/]*");
            } else if (c == '?') {
                regex.append("[^/]");
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    /** @param id a path from the scanned folder, with / as separator */
    boolean matches(String id) {
        String name = id.substring(id.lastIndexOf('/') + 1);
        return names.stream().anyMatch(glob -> glob.matcher(name).matches())
                || paths.stream().anyMatch(glob -> glob.matcher(id).matches());
    }
}
