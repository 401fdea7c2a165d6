package dev.mme5.cli.input;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.NamedFolders;
import dev.mme5.cli.context.OptionException;
import dev.mme5.cli.context.UsageException;
import dev.mme5.search.Document;
import dev.mme5.search.FolderDocuments;
import dev.mme5.search.IndexReport.Failure;
import dev.mme5.search.IndexReport.Skipped;
import dev.mme5.search.InputDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

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

    /**
     * @param excludes patterns of files and folders that are passed over, besides the usual ones; none for a file of JSON lines
     * @param special whether special tokens in texts are recognised where a line does not say
     */
    public static DocumentCollection from(Path in, List<String> excludes, boolean special, CommandContext context) throws IOException {
        Path path = NamedFile.resolve(in.toString(), context);
        if (!NamedFolders.isFolder(in, "a folder or a file of JSON lines", context)) {
            if (!excludes.isEmpty()) throw new OptionException("--exclude is for folders: %s is a file".formatted(in));
            return lines(in, path, special, context);
        }
        List<String> passedOver = new ArrayList<>(FolderDocuments.DEFAULT_EXCLUDES);
        passedOver.addAll(excludes);
        FolderDocuments scan = FolderDocuments.scan(path, passedOver);
        return new DocumentCollection(special ? scan : scan.withoutSpecialTokens(), NamedFile.of(path).path().resolve(INDEX));
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

    /** The files of all documents. */
    public List<Path> paths() {
        return scan.documents().stream().flatMap(document -> document.files().stream()).map(file -> file.path()).toList();
    }

    /** What a model of texts alone can embed: image files are left out, lines that name images are not. */
    public DocumentCollection withoutImages() {
        return new DocumentCollection(scan.withoutImages(), defaultIndex);
    }

    /** @param prompt what is put in front of every document without images */
    public DocumentCollection withPrompt(String prompt) {
        return new DocumentCollection(scan.withPrompt(prompt), defaultIndex);
    }

    private static DocumentCollection lines(Path in, Path path, boolean special, CommandContext context) throws IOException {
        NamedFile file = NamedFile.of(path);
        List<Document> documents = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        List<Skipped> skipped = new ArrayList<>();
        try (InputRecords records = InputRecords.open(List.of(), in.toString(), special, UnaryOperator.identity(), context)) {
            for (List<InputRecord> chunk = records.next(CHUNK); !chunk.isEmpty(); chunk = records.next(CHUNK)) {
                for (InputRecord record : chunk) {
                    String id = InputRecord.plain(record.id());
                    if (record.failed()) failures.add(new Failure(id, record.error()));
                    else if (isBlank(record)) skipped.add(new Skipped(id, Skipped.EMPTY));
                    else documents.add(new InputDocument(id, record.input(), file.folder()));
                }
            }
        }
        FolderDocuments scan = new FolderDocuments(documents, failures, skipped, List.of());
        return new DocumentCollection(scan, file.withSuffix(INDEX));
    }

    private static boolean isBlank(InputRecord record) {
        return record.input().images().isEmpty() && InputDocument.isBlank(record.input().prompt());
    }
}
