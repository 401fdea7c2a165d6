package dev.mme5.hub.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A plain folder of files, laid out as {@code hf download --local-dir} does: beside them
 * {@code .cache/huggingface/download/NAME.metadata} with commit, etag and the time, where the check of a model's digests looks.
 */
public final class OutputFolder {
    /** Clocks and file systems round. */
    private static final Duration TOLERANCE = Duration.ofSeconds(1);

    private final Path folder;
    private final Path metadata;

    public OutputFolder(Path folder) {
        this.folder = folder;
        this.metadata = folder.resolve(".cache").resolve("huggingface").resolve("download");
    }

    public Path folder() {
        return folder;
    }

    public Path file(String name) {
        return folder.resolve(name);
    }

    /** Names the partial file: one for each name and content. */
    public Path base(String name, String etag) {
        Path beside = metadata.resolve(name);
        return beside.resolveSibling(beside.getFileName() + "." + etag);
    }

    public Path lock(String name) {
        Path beside = metadata.resolve(name);
        return beside.resolveSibling(beside.getFileName() + ".mme5.lock");
    }

    public void prepare() throws IOException {
        Files.createDirectories(metadata);
        Path ignore = metadata.resolveSibling(".gitignore");
        if (!Files.exists(ignore)) CacheFolder.writeAtomically(ignore, "*");
    }

    /** The etag that was recorded for a file which has not changed since; empty when there is none. */
    public Optional<String> etag(String name) throws IOException {
        Path record = metadata.resolve(name + ".metadata");
        if (!Files.isRegularFile(record) || Files.size(record) > 1000 || !Files.isRegularFile(file(name))) return Optional.empty();
        List<String> lines = Files.readString(record).lines().toList();
        if (lines.size() < 3 || !lines.get(2).matches("\\d{1,12}(\\.\\d{1,12})?")) return Optional.empty();
        FileTime modified = Files.getLastModifiedTime(file(name));
        double recorded = Double.parseDouble(lines.get(2)) * 1000;
        return modified.toMillis() - TOLERANCE.toMillis() <= recorded ? Optional.of(lines.get(1)) : Optional.empty();
    }

    public void writeEtag(String name, String commit, String etag) throws IOException {
        Path record = metadata.resolve(name + ".metadata");
        Files.createDirectories(record.getParent());
        long millis = System.currentTimeMillis();
        String time = millis / 1000 + "." + String.format(java.util.Locale.ROOT, "%03d", millis % 1000);
        CacheFolder.writeAtomically(record, commit + "\n" + etag + "\n" + time + "\n");
    }
}
