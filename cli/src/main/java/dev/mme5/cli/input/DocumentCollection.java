package dev.mme5.cli.input;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.UsageException;
import dev.mme5.search.Document;
import dev.mme5.search.FolderDocuments;
import dev.mme5.search.IndexReport.Failure;
import dev.mme5.search.InputDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The documents of a folder or of a file of JSON lines.
 *
 * @param failures files or lines that cannot be read
 * @param defaultIndex the index file if there is no {@code --index}
 */
public record DocumentCollection(List<Document> documents, List<Failure> failures, Path defaultIndex) {
    private static final String INDEX = ".mme5-index.safetensors";

    /** Number of lines that are read at a time. */
    private static final int CHUNK = 1024;

    public static DocumentCollection from(Path in, CommandContext context) throws IOException {
        Path path = context.folder().resolve(in);
        if (!Files.exists(path)) throw new UsageException(in + ": not found, expected a folder or a file of JSON lines");
        DocumentCollection collected = Files.isDirectory(path) ? folder(path) : lines(path, context);
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

    private static DocumentCollection lines(Path file, CommandContext context) throws IOException {
        List<Document> documents = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        try (InputRecords records = InputRecords.open(List.of(), file.toString(), context)) {
            for (List<InputRecord> chunk = records.next(CHUNK); !chunk.isEmpty(); chunk = records.next(CHUNK)) {
                for (InputRecord record : chunk) {
                    String id = InputRecord.plain(record.id());
                    if (record.failed()) failures.add(new Failure(id, record.error()));
                    else documents.add(new InputDocument(id, record.input(), file.getParent()));
                }
            }
        }
        return new DocumentCollection(documents, failures, file.resolveSibling(file.getFileName() + INDEX));
    }
}
