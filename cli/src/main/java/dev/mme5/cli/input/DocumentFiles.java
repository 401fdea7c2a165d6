package dev.mme5.cli.input;

import dev.mme5.search.Document;
import dev.mme5.search.Match;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the file of a match, by its name in the collection. */
public final class DocumentFiles {
    private final Map<String, Path> files = new HashMap<>();

    public DocumentFiles(List<Document> documents) {
        Set<String> ids = new HashSet<>();
        for (Document document : documents) {
            boolean isFirst = ids.add(document.id());
            if (!isFirst) files.remove(document.id()); // lines of a file may share an id
            else if (!document.files().isEmpty()) files.put(document.id(), document.files().getFirst().path().toAbsolutePath());
        }
    }

    /** The document's first or only file; null if it has none, or if it cannot be told which it is. */
    public Path fileOf(Match match) {
        return files.get(match.document().id());
    }
}
