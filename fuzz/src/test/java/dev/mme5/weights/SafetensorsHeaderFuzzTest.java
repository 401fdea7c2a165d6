package dev.mme5.weights;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.mme5.fuzz.Bounds;
import dev.mme5.json.ModelFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** A header is refused with its location, or its tensors cover every byte of the data exactly once. */
class SafetensorsHeaderFuzzTest {
    private static final int ALLOCATED_PER_BYTE = 700;

    private static final String[] HEADERS = {
        "{\"a\":{\"dtype\":\"BF16\",\"shape\":[2,1],\"data_offsets\":[0,4]}}",
        "{\"__metadata__\":{\"format\":\"pt\"},\"b\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[1,4]},"
                + "\"a\":{\"dtype\":\"F4\",\"shape\":[2],\"data_offsets\":[0,1]}}   ",
        "{\"s\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]},\"e\":{\"dtype\":\"I64\",\"shape\":[0,9],\"data_offsets\":[4,4]}}"
    };

    static Stream<byte[]> files() {
        return Stream.of(HEADERS).map(header -> file(header.getBytes(UTF_8), 4));
    }

    static Stream<byte[]> headers() {
        return Stream.of(HEADERS).map(header -> ("\4" + header).getBytes(UTF_8));
    }

    /** All bytes of a file. */
    @MethodSource("files")
    @FuzzTest
    void file(byte[] file) {
        check(file);
    }

    /** The JSON alone: the test adds its length in front, and as many bytes of data as the first byte says. */
    @MethodSource("headers")
    @FuzzTest
    void header(byte[] sizeAndJson) {
        if (sizeAndJson.length == 0) return;
        byte[] json = new byte[sizeAndJson.length - 1];
        System.arraycopy(sizeAndJson, 1, json, 0, json.length);
        check(file(json, sizeAndJson[0] & 0xFF));
    }

    private static byte[] file(byte[] json, int dataBytes) {
        return ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json).array();
    }

    private static void check(byte[] file) {
        SafetensorsHeader header;
        try {
            header = Bounds.within(100_000 + (long) ALLOCATED_PER_BYTE * file.length,
                    () -> SafetensorsHeader.parse(file, file.length, "x"));
        } catch (ModelFormatException refused) {
            assertThat(refused.getMessage()).startsWith("x: ").doesNotContain("\n");
            return;
        }
        long at = 8 + ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        Set<String> names = new HashSet<>();
        for (SafetensorsHeader.Entry tensor : header.tensors()) {
            assertThat(tensor.begin()).isEqualTo(at);
            assertThat(tensor.end() - tensor.begin()).isEqualTo(tensor.dtype().bytes(tensor.shape()));
            assertThat(names.add(tensor.name())).isTrue();
            at = tensor.end();
        }
        assertThat(at).isEqualTo(file.length);
    }
}
