package dev.mme5.search;

import dev.mme5.search.folder.FolderScan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The documents of a folder and its subfolders: images, whatever their names, and {@code .txt} files. Hidden files and folders and all
 * other files are skipped. Symbolic links are followed, but each folder is scanned once. A folder that is reached without links keeps its
 * own name; another folder has the name of the first link to it.
 *
 * @param documents sorted by id, which is the path from the folder with / as separator; a byte that is not UTF-8 is written
 *     <code>&#92;xHH</code>
 * @param failures files and folders that could not be read
 * @param skipped empty files, and images in formats that are not read
 * @param gaps places that could not be looked at: {@link IndexUpdate} does not take documents there for deleted
 */
public record FolderDocuments(List<Document> documents, List<IndexReport.Failure> failures, List<IndexReport.Skipped> skipped,
        List<Gap> gaps) {
    /**
     * Folders and files that systems and programs add to those of people: {@code @eaDir}, {@code __MACOSX} and others. These patterns match
     * upper and lower case.
     */
    public static final List<String> DEFAULT_EXCLUDES = FolderScan.DEFAULT_EXCLUDES;

    public FolderDocuments {
        documents = List.copyOf(documents);
        failures = List.copyOf(failures);
        skipped = List.copyOf(skipped);
        gaps = List.copyOf(gaps);
    }

    /**
     * A file or folder that may hold documents that the scan has not seen.
     *
     * @param id path from the scanned folder; empty for that folder
     */
    public record Gap(String id, Kind kind) {
        /** Why the scan has not seen them. */
        public enum Kind {
            /** The system refused to show it. */
            UNREADABLE,

            /** A folder with nothing in it, which may be a mount point. */
            EMPTY,

            /** A link to nothing. */
            BROKEN_LINK
        }
    }

    /**
     * Lists a folder without {@link #DEFAULT_EXCLUDES}.
     *
     * @throws IOException if the folder itself cannot be read
     */
    public static FolderDocuments scan(Path folder) throws IOException {
        return scan(folder, DEFAULT_EXCLUDES);
    }

    /**
     * Lists a folder. Only files whose extension is neither that of an image nor {@code .txt} are opened, for their first bytes.
     *
     * @param excludes files and folders that are passed over: patterns of names, or of paths from the folder if they have a /; {@code *}
     *     stands for any characters but /, {@code **} for any, {@code ?} for one, {@code [a-c]} and {@code [!a-c]} for one of some,
     *     <code>{a,b}</code> for a or b, and a backslash takes the meaning from the next character
     * @throws IOException if the folder itself cannot be read
     */
    public static FolderDocuments scan(Path folder, List<String> excludes) throws IOException {
        FolderScan scan = FolderScan.of(folder, excludes);
        return new FolderDocuments(
                scan.files().stream().map(FolderDocuments::document).toList(),
                scan.problems().stream().map(problem -> new IndexReport.Failure(problem.id(), problem.reason())).toList(),
                scan.skipped().stream().map(FolderDocuments::skipped).toList(),
                scan.gaps().stream().map(gap -> new Gap(gap.id(), Gap.Kind.valueOf(gap.reason().name()))).toList());
    }

    /**
     * The same documents with other texts.
     *
     * @param prompt what is put in front of every document without images; empty for nothing
     */
    public FolderDocuments withPrompt(String prompt) {
        return withDocuments(document -> switch (document) {
            case TextFile text -> new TextFile(text.id(), text.path(), prompt, text.isPlain());
            case InputDocument line -> new InputDocument(line.id(), line.input(), line.folder(), prompt);
            case ImageFile image -> image;
        });
    }

    /** The same documents; special tokens in text files are taken as text. */
    public FolderDocuments withoutSpecialTokens() {
        return withDocuments(
                document -> document instanceof TextFile text ? new TextFile(text.id(), text.path(), text.prompt(), true) : document);
    }

    /** What a model of texts alone can embed: the image files are skipped, as {@link IndexReport.Skipped#IMAGE}. */
    public FolderDocuments withoutImages() {
        List<IndexReport.Skipped> all = new ArrayList<>(skipped);
        List<Document> texts = new ArrayList<>();
        for (Document document : documents) {
            if (document instanceof ImageFile image) all.add(new IndexReport.Skipped(image.id(), IndexReport.Skipped.IMAGE));
            else texts.add(document);
        }
        return new FolderDocuments(texts, failures, all, gaps);
    }

    private FolderDocuments withDocuments(UnaryOperator<Document> change) {
        return new FolderDocuments(documents.stream().map(change).toList(), failures, skipped, gaps);
    }

    private static Document document(FolderScan.FoundFile file) {
        return file.isText() ? new TextFile(file.id(), file.path()) : new ImageFile(file.id(), file.path());
    }

    private static IndexReport.Skipped skipped(FolderScan.SkippedFile file) {
        return new IndexReport.Skipped(file.id(), file.format() == null ? IndexReport.Skipped.EMPTY : file.format());
    }
}
