package dev.mme5.benchmarks.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.benchmarks.Main;
import dev.mme5.engine.kernel.VectorKernels;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.pool.WorkerPool;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The products of {@code mme5 bench weights}, and that a wrong one is noticed. */
class StoredMatmulTest {
    private static final int IN = 192;
    private static final int OUT = 70;

    @ParameterizedTest
    @EnumSource
    void everyFormIsMultipliedAsWithoutVectors(StoredWeight form) {
        StoredMatmul.Expected expected = StoredMatmul.Expected.of(form, IN, OUT);
        try (Kernels kernels = new VectorKernels(new WorkerPool(2))) {
            for (int tokens : new int[] {1, 5, 33}) new StoredMatmul(form, expected, tokens, kernels).verify();

            expected.result().set(2, 69, Math.nextUp(expected.result().at(2, 69) + 2 * expected.bounds().at(2, 69)));

            assertThatThrownBy(() -> new StoredMatmul(form, expected, 5, kernels).verify())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("product 5x192x70, " + form.label() + ", token 2, output 69: expected ");
        }
    }

    @Test
    void theBytesAreThoseOfTheForm() {
        assertThat(StoredWeight.bytes(StoredWeight.BF16_ROWS.create(OUT, IN))).isEqualTo(2 * OUT * IN);
        assertThat(StoredWeight.bytes(StoredWeight.F32_PANELS.create(OUT, IN))).isEqualTo(4 * 96 * IN);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --tokens 8,0  | --tokens 0: expected at least 1
            --threads 0   | --threads 0: expected at least 1
            --shapes 999999x999999 | --shapes 999999x999999: expected at most 536,870,911 weights
            --tokens 150000 | --tokens 150000: expected at most 37,449 with --shapes 4096x14336
            --shapes 8    | --shapes 8: expected INxOUT, such as 4096x14336
            --shapes 0x8  | --shapes 0x8: expected INxOUT, such as 4096x14336
            """)
    void sizesThatAreNoneAreWrongUse(String arguments, String message) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);

        assertThat(Main.run(("weights " + arguments).split(" "), stream, stream)).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("mme5 bench: " + message + "\n");
    }
}
