package dev.mme5.cli.input;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.UsageException;
import dev.mme5.search.Document;
import dev.mme5.search.FolderDocuments;
import dev.mme5.search.IndexReport.Failure;
import dev.mme5.search.IndexReport.Skipped;
import dev.mme5.search.InputDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * The documents of a folder or of a file of JSON lines.
 *
 * @param scan the documents, what could not be read, and what was passed over
 * @param defaultIndex the index file if there is no {@code --index}
 */
public record DocumentCollection(FolderDocuments scan, Path defaultIndex) {
    private static final String INDEX = ".mme5-index.safetensors";

    /** Number of lines that are read at a time. */
    private static final int CHUNK = 1024;

    /** Documents that are not those of a folder. */
    public static DocumentCollection of(List<Document> documents, Path defaultIndex) {
        return new DocumentCollection(new FolderDocuments(documents, List.of(), List.of(), List.of()), defaultIndex);
    }

    /** @param excludes patterns of files and folders that are passed over */
    public static DocumentCollection from(Path in, List<String> excludes, CommandContext context) throws IOException {
        Path path = context.folder().resolve(in);
        try {
            // A folder that the system refuses to show is not "not found": the exception has the reason.
            boolean isFolder = Files.readAttributes(path, BasicFileAttributes.class).isDirectory();
            if (!isFolder) return lines(path, context);
            return new DocumentCollection(FolderDocuments.scan(path, excludes), path.resolve(INDEX));
        } catch (NoSuchFileException e) {
            throw new UsageException(in + ": not found, expected a folder or a file of JSON lines");
        }
    }

    /**
     * Refuses a collection without documents, unless they may be in the index and only out of sight.
     *
     * @param in what the user named
     */
    public void requireDocuments(Path in, Path index) {
        if (!scan.documents().isEmpty() || !scan.failures().isEmpty()) return;
        if (!scan.gaps().isEmpty() && Files.exists(index)) return;
        String passedOver = SkippedSummary.of(scan.skipped());
        boolean isFolder = defaultIndex.getFileName().toString().equals(INDEX);
        String expected = isFolder ? "no image and no .txt file" : "not one line";
        throw new UsageException(in + ": has no documents: " + (passedOver.isEmpty() ? expected : passedOver));
    }

    private static DocumentCollection lines(Path file, CommandContext context) throws IOException {
        List<Document> documents = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        List<Skipped> skipped = new ArrayList<>();
        try (InputRecords records = InputRecords.open(List.of(), file.toString(), context)) {
            for (List<InputRecord> chunk = records.next(CHUNK); !chunk.isEmpty(); chunk = records.next(CHUNK)) {
                for (InputRecord record : chunk) {
                    String id = InputRecord.plain(record.id());
                    if (record.failed()) failures.add(new Failure(id, record.error()));
                    else if (isBlank(record)) skipped.add(new Skipped(id, Skipped.EMPTY));
                    else documents.add(new InputDocument(id, record.input(), file.getParent()));
                }
            }
        }
        FolderDocuments scan = new FolderDocuments(documents, failures, skipped, List.of());
        return new DocumentCollection(scan, file.resolveSibling(file.getFileName() + INDEX));
    }

    /** A text of nothing but white space would be near to every query. */
    private static boolean isBlank(InputRecord record) {
        return record.input().images().isEmpty() && record.input().prompt().matches("[\\s\\p{Z}\\p{Cf}]*");
    }
}
