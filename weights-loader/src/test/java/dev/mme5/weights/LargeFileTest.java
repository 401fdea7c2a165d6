package dev.mme5.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Offsets must be longs: files of more than 4 GiB, sparse, so that they take no disk space. */
class LargeFileTest {
    private static final long GIB = 1L << 30;

    @TempDir
    Path folder;

    @Test
    void offsetsBeyondTwoAndFourGibibytesAreReadRight() throws IOException {
        long rows = 5 * GIB / 2 / 4096 + 1;   // BF16 [rows, 4096]: a little more than 5 GiB
        long tableBytes = rows * 8192;
        Path file = folder.resolve("model.safetensors");
        int dataBegin = sparse(file, """
            {"table":{"dtype":"BF16","shape":[%d,4096],"data_offsets":[0,%d]},"last":{"dtype":"F32","shape":[2],"data_offsets":[%d,%d]}}"""
                .formatted(rows, tableBytes, tableBytes, tableBytes + 8), tableBytes + 8);
        long beyond2 = 2 * GIB / 8192 + 1, beyond4 = 4 * GIB / 8192 + 1;
        poke(file, dataBegin, 0, 0x3F80);                              // 1
        poke(file, dataBegin, beyond2 * 8192 + 2, 0x4000);             // 2
        poke(file, dataBegin, beyond4 * 8192 + 2 * 4095, 0x4040);      // 3
        poke(file, dataBegin, tableBytes + 6, 0x4080);                 // 4, upper half of an F32

        try (Checkpoint checkpoint = Checkpoint.open(folder, TestFiles.NAMES)) {
            MappedTensor table = checkpoint.weights().tensor("table", rows, 4096);
            float[] row = new float[4096];

            table.widen(0, row, 0);
            assertThat(row[0]).isEqualTo(1);
            table.widen(beyond2, row, 0);
            assertThat(row).startsWith(0, 2, 0).endsWith(0, 0);
            table.widen(beyond4, row, 0);
            assertThat(row).startsWith(0, 0, 0).endsWith(0, 3);
            assertThat(table.row(rows - 1).byteSize()).isEqualTo(8192);
            assertThat(checkpoint.weights().vector("last", 2)).containsExactly(0, 4);
            assertThat(checkpoint.totalBytes()).isEqualTo(tableBytes + 8);
            assertThat(checkpoint.shards().getFirst().bytes()).isEqualTo(dataBegin + tableBytes + 8);
        }
    }

    @Test
    void aTensorOfFiveGibibytesIsCopiedInPieces() throws IOException {
        Path file = folder.resolve("model.safetensors");
        sparse(file, """
            {"t":{"dtype":"U8","shape":[%d],"data_offsets":[0,%d]}}""".formatted(5 * GIB + 3, 5 * GIB + 3), 5 * GIB + 3);

        try (Checkpoint checkpoint = Checkpoint.open(folder, TestFiles.NAMES)) {
            Counter counter = new Counter();
            TensorData.of(checkpoint.tensors().get("t").bytes()).writeTo(counter);

            assertThat(counter.bytes).isEqualTo(5 * GIB + 3);
            assertThat(counter.largest).isLessThanOrEqualTo(TensorData.CHUNK_BYTES);
            assertThat(new SafetensorsWriter().add(checkpoint.tensors().get("t")).fileBytes()).isGreaterThan(5 * GIB);
        }
    }

    @Test
    void headersOfLargeFilesCountInLongs() throws IOException {
        TensorData never = out -> {
            throw new AssertionError("the header needs no data");
        };
        byte[] header = new SafetensorsWriter()
                .add("a", DType.F32, new Shape(GIB, 3), never)
                .add("b", DType.U8, new Shape(5), never)
                .header();

        SafetensorsHeader parsed = SafetensorsHeader.parse(header, header.length + 12 * GIB + 5, "x");

        assertThat(parsed.tensors().get(1).begin()).isEqualTo(header.length + 12 * GIB);
        assertThat(parsed.tensors().get(1).end()).isEqualTo(header.length + 12 * GIB + 5);
    }

    /** Counts bytes and discards them. */
    private static final class Counter implements WritableByteChannel {
        long bytes;
        int largest;

        @Override
        public int write(ByteBuffer piece) {
            int count = piece.remaining();
            bytes += count;
            largest = Math.max(largest, count);
            piece.position(piece.limit());
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    /** Returns the offset of the data. */
    private static int sparse(Path file, String header, long dataBytes) throws IOException {
        byte[] start = TestFiles.safetensors(header, 0);
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.write(start);
            out.setLength(start.length + dataBytes);
        }
        return start.length;
    }

    private static void poke(Path file, long dataBegin, long offset, int bits) throws IOException {
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.seek(dataBegin + offset);
            out.write(ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort((short) bits).array());
        }
    }
}
