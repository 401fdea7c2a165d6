package dev.mme5.hub.cache;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * One repository in the cache that {@code huggingface_hub} shares between programs:
 * <pre>
 * CACHEDIR.TAG
 * .locks/models--ORG--NAME/
 * models--ORG--NAME/
 *   blobs/ETAG                     a file's bytes
 *   refs/main                      the commit that the branch had when it was downloaded last
 *   snapshots/COMMIT/config.json   a relative link to the blob, or the file itself where there are no links
 *   .no_exist/COMMIT/NAME          a file that the commit is known not to have
 *   trees/COMMIT.json              all files of the commit, as newer releases of Python's client keep them
 * </pre>
 */
public final class CacheFolder {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final String TAG = """
            Signature: 8a477f597d28d172789f06886806bc55
            # This folder is a cache of models, shared by huggingface_hub and mme5.
            # About this file: https://bford.info/cachedir/
            """;

    private final Path cache;
    private final Path repository;
    private final String folderName;
    private final boolean mayLink;

    /**
     * @param cache the folder of all repositories
     * @param name {@code ORG/NAME}, checked
     * @param mayLink false for copies even where there are links
     */
    public CacheFolder(Path cache, String name, boolean mayLink) {
        this.cache = cache;
        this.folderName = "models--" + name.replace("/", "--");
        this.repository = cache.resolve(folderName);
        this.mayLink = mayLink;
    }

    public Path snapshot(String commit) {
        return repository.resolve("snapshots").resolve(commit);
    }

    public Path blob(String etag) {
        return repository.resolve("blobs").resolve(etag);
    }

    /** A lock of this program's own: Python deletes and replaces its lock files. */
    public Path lock(String etag) {
        return cache.resolve(".locks").resolve(folderName).resolve(etag + ".mme5.lock");
    }

    /** The commit of a revision, as the last download of it knew. */
    public Optional<String> commit(String revision) {
        if (COMMIT.matcher(revision).matches()) return Optional.of(revision);
        try {
            Path ref = repository.resolve("refs").resolve(revision);
            if (!Files.isRegularFile(ref) || Files.size(ref) > 100) return Optional.empty();
            return Optional.of(Files.readString(ref).strip()).filter(text -> COMMIT.matcher(text).matches());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The commits of which something is here, sorted. */
    public List<String> commits() {
        return names(repository.resolve("snapshots")).stream().filter(name -> COMMIT.matcher(name).matches()).toList();
    }

    /** The revisions whose last known commit is this one. */
    public List<String> revisions(String commit) {
        Path refs = repository.resolve("refs");
        List<String> found = new ArrayList<>();
        try (var entries = Files.walk(refs, 8)) {
            entries.filter(Files::isRegularFile)
                    .map(ref -> refs.relativize(ref).toString().replace('\\', '/'))
                    .filter(name -> commit(name).filter(commit::equals).isPresent())
                    .sorted().forEach(found::add);
        } catch (IOException | java.io.UncheckedIOException e) {
            // no refs
        }
        return found;
    }

    /** The repositories of a cache, as {@code ORG/NAME}, sorted. */
    public static List<String> repositories(Path cache) {
        return names(cache).stream()
                .filter(name -> name.matches("models--[^-].*"))
                .filter(name -> Files.isDirectory(cache.resolve(name)))
                .map(name -> name.substring("models--".length()).replace("--", "/"))
                .toList();
    }

    private static List<String> names(Path folder) {
        try (var entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (IOException | java.io.UncheckedIOException e) {
            return List.of();
        }
    }

    /** The first file that the snapshot misses or that may exist: {@link SnapshotContents#firstMissing}. No request is sent. */
    public Optional<String> firstMissing(String commit) {
        return SnapshotContents.firstMissing(snapshot(commit), new AbsentFiles(repository, commit));
    }

    /** Makes the folders and the tag that tells backups to skip the cache. */
    public void prepare(String commit) throws IOException {
        Files.createDirectories(repository.resolve("blobs"));
        Files.createDirectories(repository.resolve("refs"));
        Files.createDirectories(snapshot(commit));
        Path tag = cache.resolve("CACHEDIR.TAG");
        if (!Files.exists(tag)) writeAtomically(tag, TAG);
    }

    /** Whether the snapshot has the file with this many bytes, as a link to a blob or itself. */
    public boolean has(String commit, String name, long size) throws IOException {
        Path file = snapshot(commit).resolve(name);
        return Files.isRegularFile(file) && Files.size(file) == size;
    }

    /** Whether the blob is here with this many bytes. */
    public boolean hasBlob(String etag, long size) throws IOException {
        return Files.isRegularFile(blob(etag)) && Files.size(blob(etag)) == size;
    }

    /**
     * Makes a complete blob a file of the snapshot. Where that is no link, its etag is recorded beside it, as in a plain folder: the
     * blob's name would have said the digest.
     *
     * @param isNew whether no other snapshot can have it yet, so that it may be moved where there are no links
     */
    public void link(String commit, String name, String etag, boolean isNew) throws IOException {
        Path file = snapshot(commit).resolve(name);
        Files.createDirectories(file.getParent());
        if (mayLink && linked(file, file.getParent().relativize(blob(etag)))) return;
        Path temporary = file.resolveSibling("." + UUID.randomUUID() + ".mme5.incomplete");
        try {
            if (isNew) {
                Files.move(blob(etag), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.copy(blob(etag), temporary);
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(temporary);
        }
        new OutputFolder(snapshot(commit)).writeEtag(name, commit, etag);
    }

    /** False when the file system has no links, or the user no right to make one. */
    private static boolean linked(Path file, Path target) throws IOException {
        if (Files.isSymbolicLink(file) && Files.readSymbolicLink(file).equals(target)) return true;
        Path temporary = file.resolveSibling("." + UUID.randomUUID() + ".mme5.incomplete");
        try {
            Files.createSymbolicLink(temporary, target);
        } catch (UnsupportedOperationException | FileSystemException e) {
            return false;
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return true;
    }

    /** Records the commit of a branch or tag. */
    public void writeRef(String revision, String commit) throws IOException {
        if (revision.equals(commit) || commit(revision).filter(commit::equals).isPresent()) return;
        Path ref = repository.resolve("refs").resolve(revision);
        Files.createDirectories(ref.getParent());
        writeAtomically(ref, commit);
    }

    /** Records that the commit has no file of this name. */
    public void writeNoExist(String commit, String name) throws IOException {
        Path mark = repository.resolve(".no_exist").resolve(commit).resolve(name);
        if (Files.exists(mark, LinkOption.NOFOLLOW_LINKS)) return;
        Files.createDirectories(mark.getParent());
        try {
            Files.createFile(mark);
        } catch (FileAlreadyExistsException e) {
            // another process was faster
        }
    }

    static void writeAtomically(Path file, String text) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            Files.writeString(temporary, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
