package dev.mme5.search;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The documents of a folder and the folders in it, by name: pictures and {@code .txt} files. Hidden files and folders and all
 * other files are passed over. Symbolic links are followed, but no folder is searched twice: one that has a name of its own below the
 * folder has that, however many links lead to it; another one has the name of the first of its links.
 *
 * @param documents sorted by id, their path from the folder with / between the names
 * @param failures what could not be looked into
 */
public record FolderDocuments(List<Document> documents, List<IndexReport.Failure> failures) {
    private static final Set<String> PICTURES = Set.of("png", "jpg", "jpeg", "gif", "bmp");
    private static final String TEXT = "txt";

    public FolderDocuments {
        documents = List.copyOf(documents);
        failures = List.copyOf(failures);
    }

    /** @throws IOException when the folder itself cannot be read */
    public static FolderDocuments scan(Path folder) throws IOException {
        Walk walk = new Walk(folder);
        List<Path> starts = List.of(folder);
        while (!starts.isEmpty()) {
            for (Path start : starts) walk.from(start);
            starts = walk.takeLinks();
        }
        walk.documents.sort(Comparator.comparing(Document::id));
        return new FolderDocuments(walk.documents, walk.failures);
    }

    private static final class Walk extends SimpleFileVisitor<Path> {
        private final Path root;
        private final List<Document> documents = new ArrayList<>();
        private final List<IndexReport.Failure> failures = new ArrayList<>();

        /** What the system calls the folders that were searched, by whatever name. */
        private final Set<Object> searched = new HashSet<>();

        /** Links to folders, to be followed when all that can be reached without them is done. */
        private final List<Path> links = new ArrayList<>();

        private Path start;

        Walk(Path root) {
            this.root = root;
        }

        void from(Path folder) throws IOException {
            start = folder;
            Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, this);
        }

        List<Path> takeLinks() {
            List<Path> taken = links.stream().sorted(Comparator.comparing(this::id)).toList();
            links.clear();
            return taken;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
            if (isHidden(folder)) return FileVisitResult.SKIP_SUBTREE;
            if (!folder.equals(start) && Files.isSymbolicLink(folder)) {
                links.add(folder);
                return FileVisitResult.SKIP_SUBTREE;
            }
            Object key = attributes.fileKey() == null ? folder.toRealPath() : attributes.fileKey(); // Windows has no keys
            return searched.add(key) ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (isHidden(file) || !isDocument(file)) return FileVisitResult.CONTINUE;
            if (attributes.isSymbolicLink()) { // links that lead somewhere come with what is there
                failures.add(new IndexReport.Failure(id(file), "cannot be read: a link to nothing"));
            } else if (attributes.isRegularFile()) {
                boolean isText = TEXT.equals(extension(file));
                documents.add(isText ? new Document.TextFile(id(file), file) : new Document.PictureFile(id(file), file));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (file.equals(root)) throw e;
            if (isHidden(file) || e instanceof FileSystemLoopException) return FileVisitResult.CONTINUE;
            if (!Files.isDirectory(file) && !isDocument(file)) return FileVisitResult.CONTINUE;
            String reason = e instanceof AccessDeniedException ? "permission denied" : e.getMessage();
            failures.add(new IndexReport.Failure(id(file), "cannot be read: " + reason));
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, IOException e) {
            if (e != null) failures.add(new IndexReport.Failure(id(folder), "cannot be read to its end: " + e.getMessage()));
            return FileVisitResult.CONTINUE;
        }

        private boolean isHidden(Path file) {
            return !file.equals(root) && file.getFileName().toString().startsWith(".");
        }

        private static String extension(Path file) {
            String name = file.getFileName().toString();
            return name.contains(".") ? name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT) : "";
        }

        private static boolean isDocument(Path file) {
            return TEXT.equals(extension(file)) || PICTURES.contains(extension(file));
        }

        private String id(Path file) {
            StringBuilder id = new StringBuilder();
            for (Path name : root.relativize(file)) id.append(id.isEmpty() ? "" : "/").append(utf8(name));
            return id.toString();
        }

        /** A name's bytes read as UTF-8 whatever the locale, for which {@code toString} would put a question mark. */
        private static String utf8(Path name) {
            String shown = name.toString();
            if (shown.indexOf('?') < 0 && shown.indexOf('\uFFFD') < 0) return shown;

            String escaped = URI.create(name.toUri().toString()).getRawPath();
            escaped = escaped.substring(escaped.lastIndexOf('/') + 1);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int i = 0; i < escaped.length(); i++) {
                if (escaped.charAt(i) == '%') {
                    bytes.write(Integer.parseInt(escaped, i + 1, i + 3, 16));
                    i += 2;
                } else {
                    bytes.write(escaped.charAt(i));
                }
            }
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }
}
