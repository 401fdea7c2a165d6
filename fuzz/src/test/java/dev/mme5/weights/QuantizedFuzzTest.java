package dev.mme5.weights;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.mme5.engine.family.mllama.MllamaTensorNames;
import dev.mme5.fuzz.Scratch;
import dev.mme5.json.ModelFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** A quantised folder is refused with its file, or it has the scheme that it names and all weights are finite. */
class QuantizedFuzzTest {
    private static final Scratch SCRATCH = new Scratch();
    private static final int ROWS = 2;
    private static final int COLS = 64;

    /** The bytes in front of the metadata: the type of the codes, and the scales of the two rows. */
    private static final int FRONT = 1 + ROWS * Float.BYTES;

    static Stream<byte[]> folders() {
        return Stream.of("int8", "int4").map(scheme -> {
            byte[] remarks = "{\"mme5.quantization\":\"%s\",\"mme5.quantization.version\":\"1\",\"format\":\"pt\"}".formatted(scheme)
                    .getBytes(UTF_8);
            return ByteBuffer.allocate(FRONT + remarks.length).order(ByteOrder.LITTLE_ENDIAN)
                    .put((byte) (scheme.equals("int8") ? 0 : 1)).putFloat(0.5f).putFloat(0).put(remarks).array();
        });
    }

    /** One weight [2, 64], its scales, and the given metadata. */
    @MethodSource("folders")
    @FuzzTest
    void quantizedFolder(byte[] input) {
        if (input.length < FRONT) return;
        boolean bytes = (input[0] & 1) == 0;
        int codes = bytes ? ROWS * COLS : ROWS * COLS / 2;
        int scales = (bytes ? COLS / 64 : COLS / 32) * ROWS;
        String remarks = new String(input, FRONT, input.length - FRONT, UTF_8);
        byte[] header = ("{\"__metadata__\":" + remarks + ",\"a.fc1.weight\":" + tensor(bytes ? "I8" : "U8", ROWS, codes / ROWS, 0, codes)
                + ",\"a.fc1.weight.scales\":" + tensor("I8", scales / ROWS, ROWS, codes, codes + scales)
                + ",\"a.fc1.weight.row_scales\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[%d,%d]}}"
                        .formatted(codes + scales, codes + scales + ROWS * Float.BYTES))
                .getBytes(UTF_8);
        byte[] integers = new byte[codes + scales];
        for (int i = 0; i < integers.length; i++) integers[i] = (byte) (i % 3 == 0 ? 0x80 : i % 3 == 1 ? 0x7f : 0x81);
        byte[] file = ByteBuffer.allocate(8 + header.length + integers.length + ROWS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length).put(header).put(integers).put(input, 1, ROWS * Float.BYTES).array();
        SCRATCH.put("model.safetensors", file);

        try (Checkpoint checkpoint = Checkpoint.open(SCRATCH.folder(), MllamaTensorNames.INSTANCE)) {
            String named = checkpoint.metadata().get(WeightFormat.SCHEME);
            assertThat(checkpoint.quantization().map(QuantizationScheme::label).orElse(null)).isEqualTo(named);
            WeightMatrix weight = checkpoint.weights().matrix("a.fc1.weight", ROWS, COLS);
            assertThat(weight).isInstanceOf(QuantizedTensor.class);
            float[] row = new float[COLS];
            for (int i = 0; i < ROWS; i++) {
                Arrays.fill(row, Float.NaN);
                ((QuantizedTensor) weight).widen(i, row, 0);
                for (float value : row) assertThat(Float.isFinite(value)).isTrue();
            }
        } catch (ModelFormatException refused) {
            assertThat(refused.getMessage()).startsWith(SCRATCH.folder().toString()).doesNotContain("\n");
        }
    }

    private static String tensor(String dtype, int rows, int cols, int from, int to) {
        return "{\"dtype\":\"%s\",\"shape\":[%d,%d],\"data_offsets\":[%d,%d]}".formatted(dtype, rows, cols, from, to);
    }
}
