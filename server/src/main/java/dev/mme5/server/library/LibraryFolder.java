package dev.mme5.server.library;

import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.json.SafeText;
import dev.mme5.search.Document;
import dev.mme5.search.FolderDocuments;
import dev.mme5.search.IndexException;
import dev.mme5.search.IndexReport;
import dev.mme5.search.IndexUpdate;
import dev.mme5.search.IndexedDocument;
import dev.mme5.search.Match;
import dev.mme5.search.SearchIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;

/** One folder, its index, and those of its documents that may be shown: only files that are really below it. */
final class LibraryFolder implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LibraryFolder.class.getName());
    private static final String INDEX = ".mme5-index.safetensors";
    private static final int MAX_FAILURES = 100;

    private final Path folder;
    private final String prompt;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private SearchIndex index;
    private Map<Integer, LibraryDocument> byRow = Map.of();
    private Map<String, LibraryDocument> byKey = Map.of();
    private Path indexFile;
    private Path temporary;
    private volatile FolderState state = FolderState.NEW;
    private volatile int revision;

    /** A document and its likeness to the query. */
    record Found(LibraryDocument document, float score) {}

    /** @param prompt put in front of every document without images */
    LibraryFolder(Path folder, String prompt) {
        this.folder = folder;
        this.prompt = prompt;
    }

    /** The last part of its path: where it is is nobody's business. */
    String name() {
        Path last = folder.toAbsolutePath().normalize().getFileName();
        return last == null ? "/" : SafeText.line(last.toString());
    }

    FolderState state() {
        return state;
    }

    /** Grows when what can be found has changed. */
    int revision() {
        return revision;
    }

    /** Number of documents that may be shown. */
    int size() {
        lock.readLock().lock();
        try {
            return byRow.size();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Brings the index up to date and opens it. Never throws for a bad folder: the state says what is wrong. */
    void update(EmbeddingModel model) {
        try {
            state = state.scanning();
            FolderDocuments found = FolderDocuments.scan(folder).withPrompt(prompt);
            FolderDocuments scan = model.takesImages() ? found : found.withoutImages();
            if (indexFile == null) indexFile = indexFile();
            IndexReport report = run(model, scan);
            open(model, scan);
            if (report.written() || revision == 0) revision++;
            List<String> failures = new ArrayList<>();
            scan.failures().forEach(failure -> failures.add(failure.message()));
            report.failures().forEach(failure -> failures.add(failure.message()));
            report.kept().forEach(kept -> failures.add(kept.message()));
            state = new FolderState(FolderState.Phase.READY, 0, 0, failures.subList(0, Math.min(failures.size(), MAX_FAILURES)),
                    scan.skipped().size() + report.skipped().size(), null, Instant.now());
        } catch (IOException | IndexException e) {
            LOG.log(System.Logger.Level.WARNING, "the index of a folder cannot be updated: " + e.getMessage());
            state = state
                    .failed(e instanceof IOException ? "the folder cannot be read" : "its index cannot be used; the server's log says why");
        } catch (RuntimeException | OutOfMemoryError e) {
            state = state.failed("unexpected error; the server's log has it");
            throw e;
        }
    }

    private IndexReport run(EmbeddingModel model, FolderDocuments scan) {
        IndexUpdate.Listener listener = (done, total) -> state = state.indexing(done, total);
        try {
            return new IndexUpdate(model, indexFile).run(scan, false, listener);
        } catch (IndexException e) {
            if (e.remedy() != IndexException.Remedy.REBUILD) throw e;
            LOG.log(System.Logger.Level.INFO, "the index of a folder is built again: " + e.getMessage());
            return new IndexUpdate(model, indexFile, true).run(scan, false, listener);
        }
    }

    /** In the folder, as {@code mme5 search} has it, or elsewhere if nothing can be written there. */
    private Path indexFile() throws IOException {
        if (Files.isWritable(folder)) return folder.resolve(INDEX);
        temporary = Files.createTempDirectory("mme5-index");
        return temporary.resolve(INDEX);
    }

    private void open(EmbeddingModel model, FolderDocuments scan) throws IOException {
        Path real = folder.toRealPath();
        Map<String, Path> files = new HashMap<>();
        for (Document document : scan.documents()) {
            if (document.files().size() == 1) files.put(document.id(), document.files().getFirst().path());
        }
        SearchIndex opened = SearchIndex.open(indexFile, model);
        Map<Integer, LibraryDocument> rows = new HashMap<>();
        Map<String, LibraryDocument> keys = new HashMap<>();
        for (int row = 0; row < opened.size(); row++) {
            IndexedDocument document = opened.document(row);
            Path file = files.get(document.id());
            Path target = file == null ? null : below(real, file);
            if (target == null) continue;
            LibraryDocument shown = LibraryDocument.of(folder, row, document, target);
            rows.put(row, shown);
            keys.put(shown.key(), shown);
        }
        lock.writeLock().lock();
        try {
            if (index != null) index.close();
            index = opened;
            byRow = rows;
            byKey = keys;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** The file without symbolic links; null if it is gone or leads out of the folder. */
    private static Path below(Path real, Path file) {
        try {
            Path target = file.toRealPath();
            return target.startsWith(real) && Files.isRegularFile(target) ? target : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** The document with a key; null if there is none in this folder. */
    LibraryDocument find(String key) {
        lock.readLock().lock();
        try {
            return byKey.get(key);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The first documents, in the order of the index. */
    List<LibraryDocument> first(int max) {
        lock.readLock().lock();
        try {
            return byRow.values().stream().sorted(Comparator.comparingInt(LibraryDocument::row)).limit(max).toList();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The stored vector of a document; null if it is no longer there. */
    float[] vector(LibraryDocument document) {
        lock.readLock().lock();
        try {
            return index == null || byRow.get(document.row()) != document ? null : index.vector(document.row());
        } finally {
            lock.readLock().unlock();
        }
    }

    /**
     * The best documents.
     *
     * @throws IndexException with {@link IndexException.Remedy#RETRY} while the index is being replaced
     */
    List<Found> search(Embedding query, int top) {
        lock.readLock().lock();
        try {
            if (index == null || index.size() == 0) return List.of();
            int hidden = index.size() - byRow.size(); // those that may not be shown take places, too
            List<Found> found = new ArrayList<>();
            for (Match match : index.search(query, Math.min(index.size(), top + hidden))) {
                LibraryDocument document = byRow.get(match.row());
                if (document != null && found.size() < top) found.add(new Found(document, match.score()));
            }
            return found;
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The file of a document, if it is still below the folder. */
    Path checked(LibraryDocument document) {
        try {
            Path real = below(folder.toRealPath(), document.file());
            return real != null && real.equals(document.file()) ? real : null;
        } catch (IOException e) {
            return null;
        }
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (index != null) index.close();
            index = null;
            byRow = Map.of();
            byKey = Map.of();
        } finally {
            lock.writeLock().unlock();
        }
        if (temporary != null) deleteTemporary();
    }

    private void deleteTemporary() {
        try (Stream<Path> files = Files.list(temporary)) {
            for (Path file : files.toList()) Files.delete(file);
            Files.delete(temporary);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the temporary index of a folder cannot be deleted: " + e.getMessage());
        }
    }
}
