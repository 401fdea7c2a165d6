package dev.mme5.search.folder;

import dev.mme5.search.folder.FolderScan.FoundFile;
import dev.mme5.search.folder.FolderScan.Problem;
import java.io.IOException;
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
import java.util.Set;

/**
 * Visits each folder of a tree once. Links to folders are followed after everything that is reachable without them, so a
 * folder's own name wins over the names of links to it.
 */
final class FolderWalk extends SimpleFileVisitor<Path> {
    private final Path root;
    private final List<FoundFile> files = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    /** File keys of the folders that were visited, whatever their names. */
    private final Set<Object> visited = new HashSet<>();

    /** Links to folders that are still to be followed. */
    private final List<Path> links = new ArrayList<>();

    private Path start;

    FolderWalk(Path root) {
        this.root = root;
    }

    FolderScan scan() throws IOException {
        List<Path> starts = List.of(root);
        while (!starts.isEmpty()) {
            for (Path folder : starts) walk(folder);
            starts = links.stream().sorted(Comparator.comparing(this::id)).toList();
            links.clear();
        }
        files.sort(Comparator.comparing(FoundFile::id));
        return new FolderScan(files, problems);
    }

    private void walk(Path folder) throws IOException {
        start = folder;
        Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, this);
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
        if (isHidden(folder)) return FileVisitResult.SKIP_SUBTREE;
        if (!folder.equals(start) && Files.isSymbolicLink(folder)) {
            links.add(folder);
            return FileVisitResult.SKIP_SUBTREE;
        }
        Object key = attributes.fileKey() == null ? folder.toRealPath() : attributes.fileKey(); // Windows has no keys
        return visited.add(key) ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (isHidden(file) || !FileNames.isDocument(file)) return FileVisitResult.CONTINUE;
        if (attributes.isSymbolicLink()) { // a link to a file comes with the attributes of the file
            problems.add(new Problem(id(file), "cannot be read: a link to nothing"));
        } else if (attributes.isRegularFile()) {
            files.add(new FoundFile(id(file), file, FileNames.isText(file)));
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
        if (file.equals(root)) throw e;
        if (isHidden(file) || e instanceof FileSystemLoopException) return FileVisitResult.CONTINUE;
        if (!Files.isDirectory(file) && !FileNames.isDocument(file)) return FileVisitResult.CONTINUE;
        String reason = e instanceof AccessDeniedException ? "permission denied" : e.getMessage();
        problems.add(new Problem(id(file), "cannot be read: " + reason));
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException e) {
        if (e != null) problems.add(new Problem(id(folder), "cannot be read to its end: " + e.getMessage()));
        return FileVisitResult.CONTINUE;
    }

    private boolean isHidden(Path file) {
        return !file.equals(root) && file.getFileName().toString().startsWith(".");
    }

    private String id(Path file) {
        return FileNames.id(root.relativize(file));
    }
}
