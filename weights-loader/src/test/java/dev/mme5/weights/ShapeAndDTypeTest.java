package dev.mme5.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShapeAndDTypeTest {

    @Test
    void shapesAreEqualByTheirSizes() {
        assertThat(new Shape(2, 3)).isEqualTo(new Shape(2, 3)).hasSameHashCodeAs(new Shape(2, 3));
        assertThat(new Shape(2, 3)).isNotEqualTo(new Shape(3, 2)).isNotEqualTo(new Shape(2, 3, 1));
        assertThat(new Shape(128264, 4096)).hasToString("[128264, 4096]");
        assertThat(new Shape()).hasToString("[]");
    }

    @Test
    void aShapeCannotBeChangedThroughItsArrays() {
        long[] dims = {2, 3};
        Shape shape = new Shape(dims);

        dims[0] = 7;
        shape.dims()[1] = 7;

        assertThat(shape).isEqualTo(new Shape(2, 3));
    }

    @Test
    void aShapeIsSeenAsAMatrix() {
        assertThat(new Shape(5, 3, 14, 14).rows()).isEqualTo(5);
        assertThat(new Shape(5, 3, 14, 14).cols()).isEqualTo(588);
        assertThat(new Shape(5, 3, 14, 14).elements()).isEqualTo(2940);
        assertThat(new Shape(7).rows()).isEqualTo(7);
        assertThat(new Shape(7).cols()).isEqualTo(1);
        assertThat(new Shape().rows()).isEqualTo(1);
        assertThat(new Shape().cols()).isEqualTo(1);
        assertThat(new Shape().elements()).isEqualTo(1);
        assertThat(new Shape(3, 0).elements()).isZero();
        assertThat(new Shape(1L << 31, 1L << 31).elements()).isEqualTo(1L << 62);
    }

    @Test
    void anImpossibleShapeCannotExist() {
        assertThatThrownBy(() -> new Shape(2, -1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("negative dimension in shape [2, -1]");
        assertThatThrownBy(() -> new Shape(1L << 32, 1L << 31)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("shape [4294967296, 2147483648] has more elements than fit in 64 bits");
        assertThatThrownBy(() -> new Shape(0, 1L << 32, 1L << 31)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"F4, 6", "F6_E2M3, 9", "F6_E3M2, 9", "BOOL, 12", "U8, 12", "I8, 12", "F8_E5M2, 12", "F8_E4M3, 12", "F8_E8M0, 12",
        "F8_E4M3FNUZ, 12", "F8_E5M2FNUZ, 12", "I16, 24", "U16, 24", "F16, 24", "BF16, 24", "I32, 48", "U32, 48", "F32, 48",
        "C64, 96", "F64, 96", "I64, 96", "U64, 96"})
    void twelveElementsHaveSoManyBytes(DType dtype, long bytes) {
        assertThat(dtype.bytes(new Shape(3, 4))).isEqualTo(bytes);
    }

    @Test
    void onlyThreeTypesAreReadAsFloats() {
        assertThat(DType.values()).filteredOn(DType::isFloat).containsExactly(DType.F16, DType.BF16, DType.F32);
    }

    @Test
    void namesAreThoseOfTheFormatExactly() {
        assertThat(DType.named("F8_E4M3")).contains(DType.F8_E4M3);
        assertThat(DType.named("f32")).isEmpty();
        assertThat(DType.named("")).isEmpty();
    }

    @Test
    void bytesThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> DType.F64.bytes(new Shape(1L << 58))).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("F64 [288230376151711744] has more bytes than fit in 64 bits");
        assertThatThrownBy(() -> DType.F4.bytes(new Shape(3))).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("F4 [3] has 12 bits and fills no whole bytes");
    }
}
