package dev.mme5.server.library;

import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.search.IndexException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The folders. One thread keeps their indexes up to date: at the start, when asked, and every few seconds if they are watched. */
public final class Library implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Library.class.getName());
    private static final int RETRIES = 20;
    private static final long RETRY_MILLIS = 50;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final List<LibraryFolder> folders;
    private final String queryPrompt;
    private final int watchSeconds;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wanted = lock.newCondition();
    private boolean isScanWanted = true;
    private boolean isClosed;
    private Thread thread;

    /**
     * @param queryPrompt put in front of every text that is looked for without an image
     * @param documentPrompt put in front of every document without images
     * @param watchSeconds how often to look for changes; 0 for only when asked
     */
    public Library(List<Path> folders, String queryPrompt, String documentPrompt, int watchSeconds) {
        this.folders = folders.stream().map(folder -> new LibraryFolder(folder, documentPrompt)).toList();
        this.queryPrompt = queryPrompt;
        this.watchSeconds = watchSeconds;
    }

    /** Begins to index. */
    public void start(EmbeddingModel model) {
        if (folders.isEmpty()) return;
        thread = Thread.ofPlatform().daemon().name("mme5-server-indexer").start(() -> run(model));
    }

    private void run(EmbeddingModel model) {
        while (awaitScan()) {
            for (LibraryFolder folder : folders) {
                try {
                    folder.update(model);
                } catch (RuntimeException | Error e) {
                    if (Thread.currentThread().isInterrupted() || isClosed()) return;
                    LOG.log(System.Logger.Level.ERROR, "unexpected error while a folder was indexed", e);
                }
            }
        }
    }

    private boolean awaitScan() {
        lock.lock();
        try {
            long left = watchSeconds * NANOS_PER_SECOND;
            while (!isScanWanted && !isClosed) {
                if (watchSeconds == 0) wanted.await();
                else if (left <= 0) break;
                else left = wanted.awaitNanos(left);
            }
            isScanWanted = false;
            return !isClosed;
        } catch (InterruptedException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return isClosed;
        } finally {
            lock.unlock();
        }
    }

    /** Looks for changes soon. */
    void scan() {
        lock.lock();
        try {
            isScanWanted = true;
            wanted.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Empty for none. */
    String queryPrompt() {
        return queryPrompt;
    }

    List<LibraryFolder> folders() {
        return folders;
    }

    /** Number of documents that can be found. */
    public int size() {
        return folders.stream().mapToInt(LibraryFolder::size).sum();
    }

    /** A document and the folder that it is in. */
    record Place(LibraryFolder folder, LibraryDocument document) {}

    /** Null if no folder has it. */
    Place find(String key) {
        for (LibraryFolder folder : folders) {
            LibraryDocument document = folder.find(key);
            if (document != null) return new Place(folder, document);
        }
        return null;
    }

    /** A match and the folder that it is in. */
    record Hit(LibraryFolder folder, LibraryFolder.Found found) {}

    /** The best documents of all folders, best first. */
    List<Hit> search(Embedding query, int top) throws InterruptedException {
        List<Hit> hits = new ArrayList<>();
        for (LibraryFolder folder : folders) {
            for (LibraryFolder.Found found : search(folder, query, top)) hits.add(new Hit(folder, found));
        }
        hits.sort(Comparator.comparingDouble((Hit hit) -> hit.found().score()).reversed());
        return hits.subList(0, Math.min(top, hits.size()));
    }

    /** Between the moment when an index is replaced and the one when the new file is opened, the old one cannot be searched. */
    private static List<LibraryFolder.Found> search(LibraryFolder folder, Embedding query, int top) throws InterruptedException {
        for (int attempt = 0;; attempt++) {
            try {
                return folder.search(query, top);
            } catch (IndexException e) {
                if (e.remedy() != IndexException.Remedy.RETRY || attempt == RETRIES) throw e;
                Thread.sleep(RETRY_MILLIS);
            }
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            isClosed = true;
            wanted.signalAll();
        } finally {
            lock.unlock();
        }
        if (thread != null) {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        folders.forEach(LibraryFolder::close);
    }
}
