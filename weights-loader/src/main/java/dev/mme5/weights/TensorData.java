package dev.mme5.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Source of the bytes of a tensor, called when the tensor is written. Because a tensor may exceed the heap, bytes are streamed. */
@FunctionalInterface
public interface TensorData {
    /** Maximum bytes of one write to a channel. */
    int CHUNK_BYTES = 1 << 20;

    /** Writes exactly the bytes of the tensor, row-major and little-endian, in pieces of any size. */
    void writeTo(WritableByteChannel out) throws IOException;

    /** Bytes in memory or in a mapped file; they must not change until they are written. */
    static TensorData of(MemorySegment bytes) {
        return out -> {
            try (Arena arena = Arena.ofConfined()) {
                // A heap array that is not byte[] has no buffer view, so it is copied.
                MemorySegment copy = bytes.heapBase().isPresent() ? arena.allocate(CHUNK_BYTES) : null;
                for (long offset = 0; offset < bytes.byteSize(); offset += CHUNK_BYTES) {
                    MemorySegment piece = bytes.asSlice(offset, Math.min(CHUNK_BYTES, bytes.byteSize() - offset));
                    writeFully(copy == null ? piece : copy.asSlice(0, piece.byteSize()).copyFrom(piece), out);
                }
            }
        };
    }

    /** Floats that are rounded to BF16, F16 or F32 (to nearest, ties to even) when written; they must not change until then. */
    static TensorData of(DType dtype, float[] values) {
        if (!dtype.isFloat()) throw new IllegalArgumentException("expected BF16, F16 or F32, found " + dtype);
        int bytesEach = dtype.bits() / 8;
        return out -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment encoded = arena.allocate(CHUNK_BYTES);
                int perChunk = CHUNK_BYTES / bytesEach;
                for (int offset = 0; offset < values.length; offset += perChunk) {
                    int count = Math.min(perChunk, values.length - offset);
                    FloatCodec.encode(dtype, values, offset, count, encoded);
                    writeFully(encoded.asSlice(0, (long) count * bytesEach), out);
                }
            }
        };
    }

    private static void writeFully(MemorySegment piece, WritableByteChannel out) throws IOException {
        ByteBuffer buffer = piece.asByteBuffer();
        while (buffer.hasRemaining()) out.write(buffer);
    }
}
