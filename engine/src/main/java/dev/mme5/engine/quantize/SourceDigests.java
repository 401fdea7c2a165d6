package dev.mme5.engine.quantize;

import dev.mme5.weights.file.Sha256;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** SHA-256 of files, computed on its own thread while other threads read the same files. */
final class SourceDigests implements AutoCloseable {
    private final Map<Path, String> digests = new LinkedHashMap<>();
    private final Thread thread;
    private volatile boolean stopped;
    private Throwable failure;

    SourceDigests(List<Path> files) {
        thread = Thread.ofPlatform().name("mme5-digests").daemon().start(() -> {
            try {
                for (Path file : files) digests.put(file, digest(file));
            } catch (Throwable e) {
                failure = e;
            }
        });
    }

    private String digest(Path file) throws IOException {
        return Sha256.hex(file, bytes -> {
            if (stopped) throw new ClosedByInterruptException();
        });
    }

    /** By file, when all are done. */
    Map<Path, String> await() throws IOException {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        }
        switch (failure) {
            case null -> {
                return digests;
            }
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(failure);
        }
    }

    @Override
    public void close() {
        stopped = true;
    }
}
