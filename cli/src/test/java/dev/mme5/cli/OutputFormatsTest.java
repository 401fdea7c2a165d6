package dev.mme5.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.cli.Cli.Ran;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFormatsTest {
    private static final int DIMENSIONS = 64;

    @TempDir
    Path folder;

    @Test
    void npyIsAHeaderOf128BytesAndTheFloats() {
        Ran ran = Cli.run("embed", "--format", "npy", "a", "b", "c");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.bytes()).hasSize(128 + 3 * DIMENSIONS * 4);
        assertThat(Arrays.copyOf(ran.bytes(), 10)).isEqualTo(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0});
        String header = new String(ran.bytes(), 10, 118, StandardCharsets.US_ASCII);
        assertThat(header).startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 64), }").endsWith(" \n");
        assertThat(row(ran.bytes(), 0)).isEqualTo(vector("a"));
        assertThat(row(ran.bytes(), 2)).isEqualTo(vector("c"));
    }

    @Test
    void npyOfAFileIsTheSame() throws IOException {
        Path file = folder.resolve("out.npy");

        Cli.run("embed", "--format", "npy", "--output", file.toString(), "a", "b", "c");

        assertThat(Files.readAllBytes(file)).isEqualTo(Cli.run("embed", "--format", "npy", "a", "b", "c").bytes());
    }

    @Test
    void aFailedInputIsARowOfNanInNpyAndALineOnStderr() {
        Ran ran = Cli.run("embed", "--format", "npy", "a", "--image", "/none.png", "b");

        assertThat(ran.status()).as(ran.err()).isEqualTo(1);
        assertThat(row(ran.bytes(), 1)).containsOnly(Float.NaN);
        assertThat(row(ran.bytes(), 2)).isEqualTo(vector("b"));
        assertThat(ran.err()).startsWith("mme5: 2: ").contains("/none.png").endsWith("\nmme5: 1 of 3 inputs failed\n").hasLineCount(2);
    }

    @Test
    void noInputsAreAnEmptyArray() {
        Ran ran = new Cli().start("embed", "--format", "npy", "--input", "-");

        assertThat(ran.out()).contains("'shape': (0, 64)");
        assertThat(ran.bytes()).hasSize(128);
    }

    @Test
    void csvHasAHeaderAndQuotesIds() {
        Ran ran = new Cli()
                .stdin("{\"id\":\"a,\\\"b\\\"\",\"text\":\"a\"}\n{\"id\":\"two\\nlines\",\"text\":\"b\"}\n{\"id\":5,\"text\":\"c\"}")
                .start("embed", "--format", "csv", "--input", "-");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.lines().get(0)).startsWith("id,tokens,truncated,e0,e1,").endsWith(",e63");
        assertThat(ran.lines().get(1)).startsWith("\"a,\"\"b\"\"\",2,false,");
        assertThat(ran.lines().get(2)).isEqualTo("\"two");
        assertThat(ran.lines().get(3)).startsWith("lines\",2,false,");
        assertThat(ran.lines().get(4)).startsWith("5,2,false,");
    }

    @Test
    void csvFloatsReadBackExactly() {
        String[] fields = Cli.run("embed", "--format", "csv", "a").lines().get(1).split(",");

        float[] values = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) values[i] = Float.parseFloat(fields[3 + i]);
        assertThat(values).isEqualTo(vector("a"));
    }

    @Test
    void aFailedInputIsARowOfNanInCsv() {
        Ran ran = Cli.run("embed", "--format", "csv", "--image", "/none.png");

        assertThat(ran.status()).as(ran.err()).isEqualTo(1);
        assertThat(ran.lines().get(1)).isEqualTo("1,0,false" + ",NaN".repeat(DIMENSIONS));
        assertThat(ran.err()).startsWith("mme5: 1: ");
    }

    private static float[] vector(String text) {
        return row(Cli.run("embed", "--format", "npy", text).bytes(), 0);
    }

    private static float[] row(byte[] npy, int row) {
        float[] values = new float[DIMENSIONS];
        ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN).position(128 + row * DIMENSIONS * 4).slice()
                .order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }
}
