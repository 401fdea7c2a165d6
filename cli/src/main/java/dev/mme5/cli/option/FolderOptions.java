package dev.mme5.cli.option;

import dev.mme5.search.FolderDocuments;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What counts in the folder of a search. */
public final class FolderOptions {
    @Option(
            names = "--exclude",
            paramLabel = "GLOB",
            description = "Files and folders to pass over: a name, or a path from FOLDER; * stands for any characters but /, ** for any, "
                    + "[ab] and {a,b} for alternatives. May be given several times. Folders of systems, such as @eaDir or __MACOSX, are always passed over.")
    private List<String> excludes = new ArrayList<>();

    @Option(
            names = "--prune",
            description = "Drop documents below folders that are empty now, at links that lead nowhere, and of lines whose images are missing.")
    private boolean prune;

    /** Patterns for {@link FolderDocuments#scan}. */
    public List<String> excludes() {
        List<String> all = new ArrayList<>(FolderDocuments.DEFAULT_EXCLUDES);
        all.addAll(excludes);
        return all;
    }

    public boolean prune() {
        return prune;
    }
}
