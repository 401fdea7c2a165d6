package dev.mme5.engine.quantize;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** SHA-256 of files, computed on a thread of its own beside the work that reads the same files. */
final class SourceDigests implements AutoCloseable {
    private static final int CHUNK = 1 << 20;

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
        MessageDigest sha;
        try {
            sha = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e); // every Java has it
        }
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                if (stopped) throw new ClosedByInterruptException();
                sha.update(chunk, 0, count);
            }
        }
        return HexFormat.of().formatHex(sha.digest());
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
