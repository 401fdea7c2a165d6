package dev.mme5.search.folder;

import dev.mme5.engine.files.GlobPattern;
import java.util.ArrayList;
import java.util.List;

/**
 * Patterns of names, see {@link GlobPattern}. A pattern without / is for the name of a file or folder at any depth, one with / for the path
 * from the scanned folder. Upper and lower case differ, but not in the patterns of {@link FolderScan#DEFAULT_EXCLUDES}.
 *
 * @param names patterns of names
 * @param paths patterns of paths
 */
record Globs(List<GlobPattern> names, List<GlobPattern> paths) {
    /** What systems and programs add. */
    static final Globs DEFAULTS = of(FolderScan.DEFAULT_EXCLUDES);

    static Globs of(List<String> globs) {
        List<GlobPattern> names = new ArrayList<>();
        List<GlobPattern> paths = new ArrayList<>();
        for (String glob : globs) (isPath(glob) ? paths : names).add(compile(glob));
        return new Globs(names, paths);
    }

    /** A slash at the end only says that a folder is meant. */
    private static boolean isPath(String glob) {
        return glob.indexOf('/') >= 0 && glob.indexOf('/') < glob.length() - 1;
    }

    private static GlobPattern compile(String glob) {
        String text = glob.startsWith("./") ? glob.substring(2) : glob.startsWith("/") ? glob.substring(1) : glob;
        if (text.endsWith("/")) text = text.substring(0, text.length() - 1);
        return GlobPattern.compile(text, FolderScan.DEFAULT_EXCLUDES.contains(glob));
    }

    /** @param id a path from the scanned folder, with / as separator */
    boolean matches(String id) {
        String name = id.substring(id.lastIndexOf('/') + 1);
        return names.stream().anyMatch(glob -> glob.matches(name))
                || paths.stream().anyMatch(glob -> glob.matches(id));
    }
}
