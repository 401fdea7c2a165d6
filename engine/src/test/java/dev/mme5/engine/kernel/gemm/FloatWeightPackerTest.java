package dev.mme5.engine.kernel.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mme5.engine.kernel.microkernel.TwoVectorMicroKernel;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class FloatWeightPackerTest {
    @Test
    void everyF16ValueIsWidenedExactly() {
        int cols = TwoVectorMicroKernel.DEPTH;
        int rows = (1 << 16) / cols;
        byte[] halves = new byte[2 << 16];
        for (int i = 0; i < 1 << 16; i++) {
            halves[2 * i] = (byte) i;
            halves[2 * i + 1] = (byte) (i >> 8);
        }
        MemorySegment bytes = Arena.ofAuto().allocate(halves.length);
        bytes.copyFrom(MemorySegment.ofArray(halves));
        MappedTensor weight = new MappedTensor("file", "halves", DType.F16, new Shape(rows, cols), bytes);
        float[] widened = new float[1 << 16];

        FloatWeightPacker.pack(weight, 0, rows, 0, cols, widened);

        for (int i = 0; i < 1 << 16; i++) {
            assertEquals(Float.floatToIntBits(Float.float16ToFloat((short) i)), Float.floatToIntBits(widened[i]));
        }
    }
}
