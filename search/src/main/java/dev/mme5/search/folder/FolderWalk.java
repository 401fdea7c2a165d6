package dev.mme5.search.folder;

import dev.mme5.engine.image.ImageFileType;
import dev.mme5.search.folder.FolderScan.FoundFile;
import dev.mme5.search.folder.FolderScan.Gap;
import dev.mme5.search.folder.FolderScan.Problem;
import dev.mme5.search.folder.FolderScan.Reason;
import dev.mme5.search.folder.FolderScan.SkippedFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Visits each folder of a tree once. Links to folders are followed after everything that is reachable without them, so a
 * folder's own name wins over the names of links to it.
 */
final class FolderWalk extends SimpleFileVisitor<Path> {
    private final Path root;
    private final Globs excludes;
    private final List<FoundFile> files = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final List<SkippedFile> skipped = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();

    /** File keys of the folders that were visited, whatever their names. */
    private final Set<Object> visited = new HashSet<>();

    /** Links to folders that are still to be followed. */
    private final List<Path> links = new ArrayList<>();

    /** For each folder that is being visited, the number of its entries so far that are neither hidden nor added by systems. */
    private final Deque<Integer> entries = new ArrayDeque<>();

    private Path start;

    FolderWalk(Path root, Globs excludes) {
        this.root = root;
        this.excludes = excludes;
        this.start = root;
    }

    FolderScan scan() throws IOException {
        List<Path> starts = List.of(root);
        while (!starts.isEmpty()) {
            for (Path folder : starts) walk(folder);
            starts = links.stream().sorted(Comparator.comparing(this::id)).toList();
            links.clear();
        }
        return result();
    }

    /** What has been found so far. */
    FolderScan result() {
        files.sort(Comparator.comparing(FoundFile::id));
        return new FolderScan(files, problems, skipped, gaps);
    }

    private void walk(Path folder) throws IOException {
        start = folder;
        entries.clear();
        Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, this);
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
        if (isPassedOver(folder)) return FileVisitResult.SKIP_SUBTREE;
        countEntry();
        if (!folder.equals(start) && Files.isSymbolicLink(folder)) {
            links.add(folder);
            return FileVisitResult.SKIP_SUBTREE;
        }
        Object key = attributes.fileKey() == null ? folder.toRealPath() : attributes.fileKey(); // Windows has no keys
        if (!visited.add(key)) return FileVisitResult.SKIP_SUBTREE;
        entries.push(0);
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (isPassedOver(file)) return FileVisitResult.CONTINUE;
        countEntry();
        if (attributes.isSymbolicLink()) { // a link to a file comes with the attributes of the file
            visitBrokenLink(file);
        } else if (attributes.isRegularFile()) {
            visitRegularFile(file, attributes.size());
        } else if (isNamedAsDocument(file)) { // reading a pipe or a device could take for ever
            problems.add(new Problem(id(file), "cannot be read: not a regular file"));
        }
        return FileVisitResult.CONTINUE;
    }

    /** What a link leads to could not be looked at: because it is not there, or because the system refused. */
    private void visitBrokenLink(Path link) {
        try {
            Files.readAttributes(link, BasicFileAttributes.class);
        } catch (IOException e) {
            String reason = ReadFailure.reason(e);
            boolean isNothing = e instanceof NoSuchFileException || reason != null && reason.contains("symbolic link"); // a loop
            if (!isNothing) {
                addProblem(link, "cannot be read: " + reason);
                return;
            }
        }
        if (isNamedAsDocument(link)) problems.add(new Problem(id(link), "cannot be read: a link to nothing"));
        gaps.add(new Gap(id(link), Reason.BROKEN_LINK));
    }

    private void visitRegularFile(Path file, long size) {
        if (isNamedAsDocument(file)) {
            // Some file systems know no sizes, so a file of 0 bytes is read to be sure.
            if (size == 0 && isEmpty(file)) skipped.add(new SkippedFile(id(file), null));
            else files.add(new FoundFile(id(file), file, FileNames.isText(file)));
            return;
        }
        try {
            Optional<ImageFileType> type = ImageFileType.of(head(file, ImageFileType.HEAD_BYTES), FileNames.extension(file));
            if (type.isEmpty()) return;
            if (type.get().supported()) files.add(new FoundFile(id(file), file, false));
            else skipped.add(new SkippedFile(id(file), type.get().title()));
        } catch (NoSuchFileException e) {
            // deleted since the folder was listed
        } catch (IOException e) {
            addProblem(file, "cannot be read: " + ReadFailure.reason(e));
        }
    }

    private static boolean isEmpty(Path file) {
        try {
            return head(file, 1).length == 0;
        } catch (IOException e) {
            return false; // reading the document reports the reason
        }
    }

    private static byte[] head(Path file, int bytes) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(bytes);
        }
    }

    /** Called for a file or folder whose kind the system does not tell, so anything may be at its place. */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
        if (file.equals(root)) throw e;
        if (isPassedOver(file)) return FileVisitResult.CONTINUE;
        countEntry();
        boolean isGone = e instanceof NoSuchFileException; // deleted since the folder was listed
        if (!isGone && !(e instanceof FileSystemLoopException)) addProblem(file, "cannot be read: " + ReadFailure.reason(e));
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException e) {
        if (e != null) addProblem(folder, "cannot be read to its end: " + ReadFailure.reason(e));
        else if (entries.peek() == 0) gaps.add(new Gap(id(folder), Reason.EMPTY));
        entries.pop();
        return FileVisitResult.CONTINUE;
    }

    private void countEntry() {
        if (!entries.isEmpty()) entries.push(entries.pop() + 1);
    }

    private void addProblem(Path file, String reason) {
        problems.add(new Problem(id(file), reason));
        gaps.add(new Gap(id(file), Reason.UNREADABLE));
    }

    private static boolean isNamedAsDocument(Path file) {
        return FileNames.isText(file) || FileNames.isImage(file);
    }

    /** Hidden and excluded. What a user excludes is still an entry of its folder: that folder is not empty. */
    private boolean isPassedOver(Path file) {
        if (file.equals(root)) return false;
        String name = file.getFileName().toString();
        if (name.startsWith(".")) return true;
        boolean isExcluded = excludes.matches(id(file));
        if (isExcluded && !Globs.DEFAULTS.matches(name)) countEntry();
        return isExcluded;
    }

    private String id(Path file) {
        return FileNames.id(root.relativize(file));
    }
}
