package dev.mme5.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MappedTensorTest {

    @Test
    void rowsAreViewsOfTheirBytes() {
        MappedTensor tensor = tensor(DType.BF16, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 2, 3);

        assertThat(tensor.rows()).isEqualTo(2);
        assertThat(tensor.cols()).isEqualTo(3);
        assertThat(tensor.rowBytes()).isEqualTo(6);
        assertThat(tensor.row(1).toArray(ValueLayout.JAVA_BYTE)).containsExactly(7, 8, 9, 10, 11, 12);
        assertThat(tensor.row(1).heapBase()).isEqualTo(tensor.bytes().heapBase());
    }

    @Test
    void rowsOfHalfBytesAreCutWhereTheyFillBytes() {
        assertThat(tensor(DType.F4, new byte[] {1, 2, 3, 4}, 2, 4).row(1).toArray(ValueLayout.JAVA_BYTE)).containsExactly(3, 4);
        assertThatThrownBy(() -> tensor(DType.F4, new byte[] {1, 2, 3}, 2, 3).row(1)).isInstanceOf(IllegalStateException.class)
                .hasMessage("t: a row of F4 [2, 3] fills no whole bytes");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 2, Long.MAX_VALUE, Long.MIN_VALUE})
    void refusesARowThatIsNotThere(long row) {
        MappedTensor tensor = MappedTensor.ofFloats("t", new float[6], 2, 3);

        assertThatThrownBy(() -> tensor.row(row)).isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("t: no row " + row + " in [2, 3]");
        assertThatThrownBy(() -> tensor.widen(row, new float[3], 0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void refusesARowThatIsNotThereEvenWithoutColumns() {
        assertThatThrownBy(() -> MappedTensor.ofFloats("t", new float[0], 2, 0).row(2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void everyBf16IsWidenedExactly() {
        byte[] bytes = allShorts();

        float[] values = tensor(DType.BF16, bytes, 256, 256).toFloats();

        for (int bits = 0; bits < values.length; bits++) {
            assertThat(Float.floatToRawIntBits(values[bits])).isEqualTo(bits << 16);
        }
    }

    @Test
    void everyF16IsWidenedExactly() {
        float[] values = tensor(DType.F16, allShorts(), 256, 256).toFloats();

        for (int bits = 0; bits < values.length; bits++) {
            int exponent = bits >> 10 & 31, fraction = bits & 1023;
            double magnitude = switch (exponent) {
                case 0 -> Math.scalb((double) fraction, -24);
                case 31 -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
                default -> Math.scalb(1024.0 + fraction, exponent - 25);
            };
            float expected = (float) (bits >> 15 == 0 ? magnitude : -magnitude);
            assertThat(Float.compare(values[bits], expected)).as("0x%04x", bits).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 5, 7})
    void bytesMayBeginAnywhere(int offset) {
        float[] values = {1.5f, -2, 1e-30f, Float.MAX_VALUE, 0, -0f};
        for (DType dtype : new DType[] {DType.F32, DType.F16, DType.BF16}) {
            MappedTensor aligned = MappedTensor.ofFloats("t", dtype, values, 2, 3);
            MemorySegment shifted = MemorySegment.ofArray(new byte[offset + (int) aligned.bytes().byteSize()]).asSlice(offset);
            shifted.copyFrom(aligned.bytes());

            MappedTensor tensor = new MappedTensor("f", "t", dtype, aligned.shape(), shifted);

            assertThat(tensor.toFloats()).containsExactly(aligned.toFloats());
        }
    }

    @Test
    void aRowIsWidenedToItsPlaceAndNothingElseIsTouched() {
        MappedTensor tensor = MappedTensor.ofFloats("t", new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        float[] out = {9, 9, 9, 9, 9, 9};

        tensor.widen(1, out, 2);

        assertThat(out).containsExactly(9, 9, 4, 5, 6, 9);
        assertThatThrownBy(() -> tensor.widen(1, out, 4)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void typesThatAreNoFloatsAreNotRead() {
        assertThatThrownBy(() -> tensor(DType.I8, new byte[4], 4).toFloats()).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected BF16, F16 or F32, found I8");
    }

    @Test
    void roundingIsToNearestTiesToEven() {
        float[] values = {1 + 1 / 256f, 1 + 3 / 256f, 1 + 1 / 256f + 1e-6f, -1 - 1 / 256f, Float.MAX_VALUE, Float.NEGATIVE_INFINITY,
            Float.NaN, Float.MIN_VALUE};

        float[] rounded = MappedTensor.ofFloats("t", DType.BF16, values, values.length).toFloats();

        assertThat(rounded).containsExactly(
                1, 1 + 1 / 64f, 1 + 1 / 128f, -1, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, 0);
        float nanWithLowPayload = Float.intBitsToFloat(0x7F80_0001);
        assertThat(MappedTensor.ofFloats("t", DType.BF16, new float[] {nanWithLowPayload}, 1).toFloats()[0]).isNaN();
        assertThat(MappedTensor.ofFloats("t", DType.F16, new float[] {1 + 1 / 2048f, 65520, 1e-8f}, 3).toFloats())
                .containsExactly(1, Float.POSITIVE_INFINITY, 0);
    }

    @Test
    void theSameBytesCanHaveAnotherShape() {
        MappedTensor tensor = MappedTensor.ofFloats("t", new float[] {1, 2, 3, 4, 5, 6}, 6);

        float[] row = new float[2];
        tensor.reshaped(3, 2).widen(1, row, 0);

        assertThat(row).containsExactly(3, 4);
        assertThatThrownBy(() -> tensor.reshaped(4, 2)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("t: shape [6] cannot become [4, 2]");
    }

    @Test
    void aViewWithTheWrongNumberOfBytesCannotExist() {
        assertThatThrownBy(() -> tensor(DType.F32, new byte[9], 2)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("t: F32 [2] needs 8 bytes, has 9");
        assertThatThrownBy(() -> MappedTensor.ofFloats("t", new float[3], 2)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("t: shape [2] does not fit 3 values");
    }

    private static byte[] allShorts() {
        byte[] bytes = new byte[1 << 17];
        for (int bits = 0; bits < 1 << 16; bits++) {
            bytes[2 * bits] = (byte) bits;
            bytes[2 * bits + 1] = (byte) (bits >> 8);
        }
        return bytes;
    }

    private static MappedTensor tensor(DType dtype, byte[] bytes, long... dims) {
        return new MappedTensor("f", "t", dtype, new Shape(dims), MemorySegment.ofArray(bytes));
    }
}
