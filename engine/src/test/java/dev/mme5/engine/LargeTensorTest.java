package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.kernel.VectorKernels;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.reference.ReferenceKernels;
import dev.mme5.weights.Checkpoint;
import dev.mme5.weights.MappedTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A weight of more than 2 GB, such as a float32 embedding table: offsets in it do not fit in an int. The file is sparse. */
class LargeTensorTest {
    private static final int ROWS = 1_500_001;
    private static final int COLS = 512;

    @TempDir
    Path folder;

    @Tag("thorough")
    @Test
    void theLastRowsOfALargeWeightAreFound() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.openFile(file());
                Kernels vector = new VectorKernels(new WorkerPool(2));
                Kernels scalar = new ReferenceKernels()) {
            MappedTensor weight = checkpoint.tensors().get("w");
            assertThat(weight.bytes().byteSize()).isGreaterThan(1L << 31);
            for (Kernels kernels : List.of(scalar, vector)) {
                Matrix rows = Matrix.zeros(2, COLS);
                kernels.gather(weight, new int[] {ROWS - 1, ROWS - 2}, rows);
                assertThat(rows.at(0, COLS - 1)).isEqualTo(3);
                assertThat(rows.at(1, COLS - 1)).isZero();
            }
            for (int tokens : new int[] {1, 5}) {
                Matrix x = Matrix.zeros(tokens, COLS);
                Arrays.fill(x.data(), 1);
                Matrix out = Matrix.zeros(tokens, ROWS);
                vector.matmul(x, weight, out);
                assertThat(out.at(tokens - 1, ROWS - 1)).isEqualTo(3 * COLS);
                assertThat(out.at(tokens - 1, ROWS - 2)).isZero();
                assertThat(out.at(0, 0)).isZero();
            }
        }
    }

    /** Zeros but for the last row, which is all threes. */
    private Path file() throws IOException {
        long bytes = 4L * ROWS * COLS;
        byte[] header = "{\"w\":{\"dtype\":\"F32\",\"shape\":[%d,%d],\"data_offsets\":[0,%d]}}".formatted(ROWS, COLS, bytes)
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer lastRow = ByteBuffer.allocate(4 * COLS).order(ByteOrder.LITTLE_ENDIAN);
        while (lastRow.hasRemaining()) lastRow.putFloat(3);
        Path file = folder.resolve("model.safetensors");
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            channel.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).flip());
            channel.write(ByteBuffer.wrap(header));
            channel.write(lastRow.flip(), 8 + header.length + bytes - 4L * COLS);
        }
        return file;
    }
}
