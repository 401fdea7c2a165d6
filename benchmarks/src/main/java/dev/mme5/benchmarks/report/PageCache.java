package dev.mme5.benchmarks.report;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** The page cache of the operating system for the weights of a model folder. */
final class PageCache {
    private static final int PIECE = 1 << 20;

    private final List<Path> files;

    PageCache(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(".safetensors")).sorted().toList();
        }
    }

    long bytes() throws IOException {
        long bytes = 0;
        for (Path file : files) bytes += Files.size(file);
        return bytes;
    }

    /** Fraction of all bytes that is in memory, 0 to 1, at a granularity of 1 MB. */
    double resident() throws IOException {
        long resident = 0;
        for (Path file : files) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ); Arena arena = Arena.ofConfined()) {
                MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
                for (long offset = 0; offset < bytes.byteSize(); offset += PIECE) {
                    MemorySegment piece = bytes.asSlice(offset, Math.min(PIECE, bytes.byteSize() - offset));
                    if (piece.isLoaded()) resident += piece.byteSize();
                }
            }
        }
        return resident / (double) bytes();
    }

    /** Reads everything once, from the disk or from memory; returns bytes a second. */
    double read() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(8 * PIECE);
        long start = System.nanoTime();
        for (Path file : files) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                while (channel.read(buffer.clear()) >= 0) {}
            }
        }
        return bytes() / ((System.nanoTime() - start) / 1e9);
    }

    /** Asks the system to drop the files from memory, by GNU dd. Pages that a process has mapped may stay. */
    void evict() throws IOException {
        for (Path file : files) {
            Process dd = new ProcessBuilder("dd", "if=" + file, "iflag=nocache", "count=0", "status=none").inheritIO().start();
            try {
                if (dd.waitFor() != 0) throw new IOException("dd could not drop " + file + " from memory");
            } catch (InterruptedException e) {
                dd.destroy();
                throw new IOException("interrupted", e);
            }
        }
    }
}
