package dev.mme5.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RandomAccessSafetensorsWriterTest {
    @TempDir
    Path folder;

    private Path file;
    private SafetensorsWriter content;

    @BeforeEach
    void declare() {
        file = folder.resolve("pieces.safetensors");
        content = new SafetensorsWriter().metadata("format", "pt").declare("bytes", DType.U8, new Shape(3)).declare("floats", DType.F32,
                new Shape(2));
    }

    @Test
    void piecesInAnyOrderMakeTheFileThatTheWriterWrites() throws IOException {
        try (RandomAccessSafetensorsWriter pieces = RandomAccessSafetensorsWriter.create(file, content)) {
            pieces.write("bytes", 1, ByteBuffer.wrap(new byte[] {8, 9}));
            pieces.write("floats", 0, ByteBuffer.wrap(TestFiles.littleEndian(1, 2)));
            pieces.write("bytes", 0, ByteBuffer.wrap(new byte[] {7}));
            pieces.finish();
        }

        Path whole = folder.resolve("whole.safetensors");
        new SafetensorsWriter().metadata("format", "pt").add("floats", new float[] {1, 2}, 2)
                .add("bytes", DType.U8, new Shape(3), TensorData.of(java.lang.foreign.MemorySegment.ofArray(new byte[] {7, 8, 9})))
                .write(whole);
        assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(file));
    }

    @Test
    void anIncompleteFileIsNotFinished() throws IOException {
        try (RandomAccessSafetensorsWriter pieces = RandomAccessSafetensorsWriter.create(file, content)) {
            pieces.write("bytes", 0, ByteBuffer.wrap(new byte[3]));

            IllegalStateException e = assertThrows(IllegalStateException.class, pieces::finish);
            assertEquals("floats: 0 of its 8 bytes were written", e.getMessage());
        }
    }

    @Test
    void refusesBytesThatBelongToNoTensor() throws IOException {
        try (RandomAccessSafetensorsWriter pieces = RandomAccessSafetensorsWriter.create(file, content)) {
            ByteBuffer two = ByteBuffer.wrap(new byte[2]);

            assertEquals("bytes has 3 bytes: no room for 2 at 2",
                    assertThrows(IllegalArgumentException.class, () -> pieces.write("bytes", 2, two)).getMessage());
            assertEquals("the file has no tensor other",
                    assertThrows(IllegalArgumentException.class, () -> pieces.write("other", 0, two)).getMessage());
        }
    }

    @Test
    void anExistingFileIsNotTouched() throws IOException {
        Files.writeString(file, "here first");

        assertThrows(IOException.class, () -> RandomAccessSafetensorsWriter.create(file, content));
        assertEquals("here first", Files.readString(file));
    }

    @Test
    void declaredTensorsHaveNoDataToWriteAtOnce() {
        assertThrows(IllegalStateException.class, () -> content.write(file));
    }
}
