package dev.mme5.hub.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartialFileTest {
    private static final long CHUNK = 32L << 20;

    @TempDir
    Path folder;

    private static ByteBuffer bytes(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length);
        for (int value : values) bytes.put((byte) value);
        return bytes.flip();
    }

    /** Only what comes takes space on the disk. */
    @Test
    void offsetsBeyondFourGigabytesAreKept() throws IOException {
        long size = 6_000_000_001L;
        Path base = folder.resolve("blob");
        try (PartialFile partial = PartialFile.open(base, size, CHUNK)) {
            int last = partial.chunks() - 1;
            partial.append(last, bytes(1, 2, 3));
            partial.append(last, bytes(4));
            partial.append(0, bytes(9));
        }

        try (PartialFile partial = PartialFile.open(base, size, CHUNK)) {
            int last = partial.chunks() - 1;
            assertThat(partial.chunkStart(last)).isGreaterThan(1L << 32);
            assertThat(partial.done(last)).isEqualTo(4);
            assertThat(partial.present()).isEqualTo(5);
            assertThat(partial.prefix(0)).isEqualTo(1);
            ByteBuffer read = ByteBuffer.allocate(4);
            try (FileChannel channel = FileChannel.open(folder.resolve("blob" + PartialFile.SUFFIX))) {
                channel.read(read, partial.chunkStart(last));
            }
            assertThat(read.array()).containsExactly(1, 2, 3, 4);
        }
        assertThat(PartialFile.bytesPresent(base)).isEqualTo(5);
        assertThat(PartialFile.bytesPresentIn(folder)).isEqualTo(5);
    }

    @Test
    void otherSizeOrShorterFileBeginsAgain() throws IOException {
        Path base = folder.resolve("blob");
        try (PartialFile partial = PartialFile.open(base, 100, 10)) {
            partial.append(3, bytes(1, 2));
        }
        try (PartialFile partial = PartialFile.open(base, 101, 10)) {
            assertThat(partial.present()).isZero();
            partial.append(3, bytes(1, 2));
        }
        try (FileChannel channel = FileChannel.open(folder.resolve("blob" + PartialFile.SUFFIX), java.nio.file.StandardOpenOption.WRITE)) {
            channel.truncate(5);
        }
        try (PartialFile partial = PartialFile.open(base, 101, 10)) {
            assertThat(partial.present()).isZero();
        }
    }

    @Test
    void emptyFileIsComplete() throws IOException {
        Path target = folder.resolve("empty");
        try (PartialFile partial = PartialFile.open(folder.resolve("blob"), 0, CHUNK)) {
            assertThat(partial.isComplete(0)).isTrue();
            partial.moveTo(target);
        }
        assertThat(Files.size(target)).isZero();
        assertThat(folder).isDirectoryNotContaining("glob:**incomplete");
    }
}
