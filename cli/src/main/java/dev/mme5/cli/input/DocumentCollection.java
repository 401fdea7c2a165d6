package dev.mme5.cli.input;

import dev.mme5.cli.option.CommandContext;
import dev.mme5.cli.option.UsageException;
import dev.mme5.search.Document;
import dev.mme5.search.InputDocument;
import dev.mme5.search.FolderDocuments;
import dev.mme5.search.InputDocument;
import dev.mme5.search.IndexReport.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The documents of a folder or of a file of JSON lines.
 *
 * @param failures what in it is no document
 * @param defaultIndex where its index is kept unless the user says otherwise
 */
public record DocumentCollection(List<Document> documents, List<Failure> failures, Path defaultIndex) {
    private static final String INDEX = ".mme5-index.safetensors";

    /** Lines of a file that are read at once. */
    private static final int CHUNK = 1024;

    public static DocumentCollection from(Path in, CommandContext console) throws IOException {
        Path path = console.folder().resolve(in);
        if (!Files.exists(path)) throw new UsageException(in + ": not found, expected a folder or a file of JSON lines");
        DocumentCollection collected = Files.isDirectory(path) ? folder(path) : lines(path, console);
        if (collected.documents.isEmpty() && collected.failures.isEmpty()) {
            throw new UsageException(Files.isDirectory(path)
                    ? in + ": has no documents: no .png, .jpg, .jpeg, .gif, .bmp or .txt file"
                    : in + ": has no documents: not one line");
        }
        return collected;
    }

    private static DocumentCollection folder(Path folder) throws IOException {
        FolderDocuments found = FolderDocuments.scan(folder);
        return new DocumentCollection(found.documents(), found.failures(), folder.resolve(INDEX));
    }

    private static DocumentCollection lines(Path file, CommandContext console) throws IOException {
        List<Document> documents = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        try (InputRecords requests = InputRecords.open(List.of(), file.toString(), console)) {
            for (List<InputRecord> chunk = requests.next(CHUNK); !chunk.isEmpty(); chunk = requests.next(CHUNK)) {
                for (InputRecord request : chunk) {
                    String id = InputRecord.plain(request.id());
                    if (request.failed()) failures.add(new Failure(id, request.error()));
                    else documents.add(new InputDocument(id, request.input(), file.getParent()));
                }
            }
        }
        return new DocumentCollection(documents, failures, file.resolveSibling(file.getFileName() + INDEX));
    }
}
