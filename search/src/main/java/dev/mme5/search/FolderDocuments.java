package dev.mme5.search;

import dev.mme5.search.folder.FolderScan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The documents of a folder and its subfolders: images and {@code .txt} files. Hidden files, hidden folders and files of other
 * types are skipped. Symbolic links are followed, but each folder is scanned once. A folder that is reached without links keeps its
 * own name; another folder has the name of the first link to it.
 *
 * @param documents sorted by id, which is the path from the folder with / as separator
 * @param failures files and folders that could not be read
 */
public record FolderDocuments(List<Document> documents, List<IndexReport.Failure> failures) {
    public FolderDocuments {
        documents = List.copyOf(documents);
        failures = List.copyOf(failures);
    }

    /**
     * Lists a folder. No file is opened.
     *
     * @throws IOException if the folder itself cannot be read
     */
    public static FolderDocuments scan(Path folder) throws IOException {
        FolderScan scan = FolderScan.of(folder);
        return new FolderDocuments(
                scan.files().stream().map(FolderDocuments::document).toList(),
                scan.problems().stream().map(problem -> new IndexReport.Failure(problem.id(), problem.reason())).toList());
    }

    private static Document document(FolderScan.FoundFile file) {
        return file.isText() ? new TextFile(file.id(), file.path()) : new ImageFile(file.id(), file.path());
    }
}
