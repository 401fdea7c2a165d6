package dev.mme5.engine.kernel.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class FloatWeightPackerTest {
    @Test
    void everyF16ValueIsWidenedExactly() {
        int rows = PanelTensor.ROWS;
        int cols = (1 << 16) / rows;
        byte[] halves = new byte[2 << 16];
        for (int i = 0; i < 1 << 16; i++) {
            halves[2 * i] = (byte) i;
            halves[2 * i + 1] = (byte) (i >> 8);
        }
        MemorySegment bytes = Arena.ofAuto().allocate(halves.length);
        bytes.copyFrom(MemorySegment.ofArray(halves));
        MappedTensor weight = new MappedTensor("file", "halves", DType.F16, new Shape(rows, cols), bytes);
        float[] widened = new float[1 << 16];

        new FloatWeightPacker().pack(weight, 0, 0, cols, widened, 0);

        for (int i = 0; i < 1 << 16; i++) {
            float actual = widened[i % cols * rows + i / cols];
            assertEquals(Float.floatToIntBits(Float.float16ToFloat((short) i)), Float.floatToIntBits(actual));
        }
    }
}
