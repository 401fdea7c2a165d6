package dev.mme5.lucene;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Rows of floats in a mapped file, for {@link StoreMeasurement}. */
final class MappedVectors {
    private static final int NPY_HEADER = 10;

    private final MemorySegment map;
    private final int dimensions;

    MappedVectors(Path file, int dimensions) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            this.map = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
        }
        this.dimensions = dimensions;
    }

    interface Source {
        float[] vector(int i);
    }

    static void write(Path file, int dimensions, int count, Source source) throws IOException {
        long rowBytes = (long) dimensions * Float.BYTES;
        try (Arena arena = Arena.ofConfined();
                FileChannel channel =
                        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MemorySegment map = channel.map(FileChannel.MapMode.READ_WRITE, 0, count * rowBytes, arena);
            for (int i = 0; i < count; i++) {
                MemorySegment.copy(source.vector(i), 0, map, ValueLayout.JAVA_FLOAT_UNALIGNED, i * rowBytes, dimensions);
            }
        }
    }

    int count() {
        return (int) (map.byteSize() / ((long) dimensions * Float.BYTES));
    }

    float[] row(int i) {
        long rowBytes = (long) dimensions * Float.BYTES;
        return map.asSlice(i * rowBytes, rowBytes).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }

    /** A matrix of little-endian floats, as {@code mme5 embed --format npy} writes it. */
    static float[][] readNpy(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int header = (bytes[8] & 0xff) + ((bytes[9] & 0xff) << 8);
        String shape = new String(bytes, NPY_HEADER, header, StandardCharsets.ISO_8859_1);
        String[] sides = shape.replaceAll(".*\\((\\d+), *(\\d+)\\).*", "$1 $2").strip().split(" ");
        FloatBuffer floats = ByteBuffer.wrap(bytes).position(NPY_HEADER + header).slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        float[][] matrix = new float[Integer.parseInt(sides[0])][Integer.parseInt(sides[1])];
        for (float[] row : matrix) floats.get(row);
        return matrix;
    }
}
