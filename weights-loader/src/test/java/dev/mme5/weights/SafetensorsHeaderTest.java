package dev.mme5.weights;

import static dev.mme5.weights.TestFiles.safetensors;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.SafetensorsHeader.Entry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SafetensorsHeaderTest {

    @Test
    void offsetsCountFromTheBeginningOfTheFile() {
        String header = """
            {"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}""";

        SafetensorsHeader parsed = parse(safetensors(header, 24));

        long dataBegin = 8 + header.length();
        assertThat(parsed.tensors()).containsExactly(new Entry("w", DType.F32, new Shape(2, 3), dataBegin, dataBegin + 24));
        assertThat(parsed.metadata()).isEmpty();
    }

    @Test
    void tensorsComeInTheOrderOfTheirDataNotOfTheHeader() {
        SafetensorsHeader parsed = parse(safetensors("""
            {"b":{"dtype":"U8","shape":[2],"data_offsets":[3,5]},"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}""", 5));

        assertThat(parsed.tensors()).extracting(Entry::name).containsExactly("a", "b");
    }

    @Test
    void paddingOfSpacesBehindTheHeaderIsNoData() {
        assertThat(parse(safetensors("""
            {"w":{"dtype":"I8","shape":[1],"data_offsets":[0,1]}}   \n\t\r\s""", 1)).tensors()).hasSize(1);
    }

    @Test
    void metadataKeepsItsOrder() {
        assertThat(parse(safetensors("""
            {"__metadata__":{"z":"1","a":"ü\\n"}}""", 0)).metadata()).containsExactly(
                Map.entry("z", "1"), Map.entry("a", "ü\n"));
    }

    @Test
    void aFileWithoutTensorsIsLegal() {
        assertThat(parse(safetensors("{}", 0)).tensors()).isEmpty();
    }

    @Test
    void emptyTensorsAndScalarsAreLegal() {
        SafetensorsHeader parsed = parse(safetensors("""
            {"scalar":{"dtype":"F32","shape":[],"data_offsets":[0,4]},
             "empty":{"dtype":"F32","shape":[3,0],"data_offsets":[4,4]},
             "also":{"dtype":"F64","shape":[0],"data_offsets":[0,0]}}""", 4));

        assertThat(parsed.tensors()).extracting(Entry::name).containsExactly("also", "scalar", "empty");
    }

    @ParameterizedTest
    @EnumSource
    void everyTypeOfTheFormatIsKnown(DType dtype) {
        String header = """
            {"w":{"dtype":"%s","shape":[2,4],"data_offsets":[0,%d]}}""".formatted(dtype, dtype.bits());

        assertThat(parse(safetensors(header, dtype.bits())).tensors().getFirst().dtype()).isEqualTo(dtype);
    }

    /** The specification of all refusals. A header has one tensor w unless it is about several. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {                                                                   | 0 | byte 9: expected a name in quotes, found the end
        []                                                                  | 0 | byte 8: expected the header to begin with '{'
        ` {}`                                                               | 0 | byte 8: expected the header to begin with '{'
        ``                                                                  | 0 | byte 8: expected the header to begin with '{'
        {} x                                                                | 0 | byte 11: expected the end, found 'x'
        {"w":3}                                                             | 0 | w: expected an object, found 3
        {"w":{"shape":[1],"data_offsets":[0,4]}}                            | 4 | w.dtype: missing
        {"w":{"dtype":"F32","data_offsets":[0,4]}}                          | 4 | w.shape: missing
        {"w":{"dtype":"F32","shape":[1]}}                                   | 4 | w.data_offsets: missing
        {"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}        | 4 | w.x: unknown key
        {"w":{"dtype":32,"shape":[1],"data_offsets":[0,4]}}                 | 4 | w.dtype: expected a string, found 32
        {"w":{"dtype":"f32","shape":[1],"data_offsets":[0,4]}}              | 4 | w.dtype: expected one of BOOL, F4, F6_E2M3, F6_E3M2, U8, I8, F8_E5M2, F8_E4M3, F8_E8M0, F8_E4M3FNUZ, F8_E5M2FNUZ, I16, U16, F16, BF16, I32, U32, F32, C64, F64, I64, U64, found "f32"
        {"w":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}                | 4 | w.shape: expected an array, found 1
        {"w":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}            | 4 | w.shape[0]: expected digits only, found "1"
        {"w":{"dtype":"F32","shape":[1,-1],"data_offsets":[0,4]}}           | 4 | w.shape[1]: expected digits only, found -1
        {"w":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}            | 4 | w.shape[0]: expected digits only, found 1.0
        {"w":{"dtype":"F32","shape":[1e0],"data_offsets":[0,4]}}            | 4 | w.shape[0]: expected digits only, found 1e0
        {"w":{"dtype":"F32","shape":[null],"data_offsets":[0,4]}}           | 4 | w.shape[0]: expected digits only, found null
        {"w":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,4]}}   | 4 \
                | w.shape[0]: expected an integer of 64 bits, found 9223372036854775808
        {"w":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}} | 4 | w.shape: it has more elements than fit in 64 bits
        {"w":{"dtype":"F32","shape":[0,4294967296,4294967296],"data_offsets":[0,0]}} | 0 | w.shape: it has more elements than fit in 64 bits
        {"w":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,4]}}   | 4 \
                | w: F32 [4611686018427387904] has more bytes than fit in 64 bits
        {"w":{"dtype":"F32","shape":[1],"data_offsets":[0]}}                | 4 | w.data_offsets: expected 2 offsets, found 1
        {"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}            | 4 | w.data_offsets: expected 2 offsets, found 3
        {"w":{"dtype":"F32","shape":[1],"data_offsets":{}}}                 | 4 | w.data_offsets: expected an array, found an object
        {"w":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}             | 4 | w.data_offsets[0]: expected digits only, found -4
        {"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4.5]}}            | 4 | w.data_offsets[1]: expected digits only, found 4.5
        {"w":{"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551616]}} | 4 \
                | w.data_offsets[1]: expected an integer of 64 bits, found 18446744073709551616
        {"w":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}              | 4 | w.data_offsets: it begins at 4 and ends before, at 0
        {"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}              | 3 \
                | w.data_offsets: it ends at 4, but the file has 3 bytes of data
        {"w":{"dtype":"F32","shape":[1],"data_offsets":[9223372036854775803,9223372036854775807]}} | 4 \
                | w.data_offsets: it ends at 9223372036854775807, but the file has 4 bytes of data
        {"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}              | 4 | w: F32 [2] needs 8 bytes, has 4
        {"w":{"dtype":"BF16","shape":[1],"data_offsets":[0,4]}}             | 4 | w: BF16 [1] needs 2 bytes, has 4
        {"w":{"dtype":"F32","shape":[],"data_offsets":[0,0]}}               | 0 | w: F32 [] needs 4 bytes, has 0
        {"w":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}}               | 2 | w: F4 [3] has 12 bits and fills no whole bytes
        {"w":{"dtype":"F6_E2M3","shape":[2],"data_offsets":[0,2]}}          | 2 | w: F6_E2M3 [2] has 12 bits and fills no whole bytes
        {"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}              | 8 | w: the 4 bytes before it belong to no tensor
        {"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[3,4]}} | 4 \
                | b: the 2 bytes before it belong to no tensor
        {"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}} | 4 | b: it overlaps "a"
        {"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}} | 4 | b: it overlaps "a"
        {"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[0],"data_offsets":[2,2]}} | 4 | b: it overlaps "a"
        {"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}              | 9 | the last 5 bytes belong to no tensor
        {}                                                                  | 1 | the last 1 bytes belong to no tensor
        {"w":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"w":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}} | 0 \
                | byte 61: duplicate name "w"
        {"w":{"dtype":"U8","dtype":"U8","shape":[0],"data_offsets":[0,0]}}  | 0 | byte 27: duplicate name "dtype"
        {"__metadata__":3}                                                  | 0 | __metadata__: expected an object, found 3
        {"__metadata__":null}                                               | 0 | __metadata__: expected an object, found null
        {"__metadata__":{"a":1}}                                            | 0 | __metadata__.a: expected a string, found 1
        {"__metadata__":{"a":null}}                                         | 0 | __metadata__.a: expected a string, found null
        """)
    void refusesABrokenHeaderAndSaysWhy(String header, int dataBytes, String message) {
        assertThatThrownBy(() -> parse(safetensors(header, dataBytes))).isInstanceOf(ModelFormatException.class)
                .hasMessage("x.safetensors: " + message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        100000001            | expected at most 100000000, found 100000001
        -1                   | expected at most 100000000, found 18446744073709551615
        -9223372036854775808 | expected at most 100000000, found 9223372036854775808
        3                    | expected at most the 2 bytes that follow it, found 3
        100000000            | expected at most the 2 bytes that follow it, found 100000000
        """)
    void refusesAHeaderLengthThatCannotBe(long length, String message) {
        byte[] file = safetensors("{}", 0);
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);

        assertThatThrownBy(() -> parse(file)).isInstanceOf(ModelFormatException.class)
                .hasMessage("x.safetensors: header length: " + message);
    }

    @Test
    void refusesAFileTooShortForAHeader() {
        for (int bytes = 0; bytes < 8; bytes++) {
            byte[] file = new byte[bytes];
            assertThatThrownBy(() -> parse(file)).isInstanceOf(ModelFormatException.class)
                    .hasMessage("x.safetensors: expected at least 8 bytes, found " + file.length);
        }
    }

    @Test
    void refusesAHeaderThatIsNotUtf8() {
        byte[] file = safetensors("{\"w\":{}}", 0);
        file[10] = (byte) 0xFF;

        assertThatThrownBy(() -> parse(file)).isInstanceOf(ModelFormatException.class)
                .hasMessage("x.safetensors: byte 10: not UTF-8");
    }

    @Test
    void refusesANestingBomb() {
        assertThatThrownBy(() -> parse(safetensors("{\"a\":".repeat(2_000_000), 0))).isInstanceOf(ModelFormatException.class)
                .hasMessage("x.safetensors: byte 648: nested more than 128 deep");
    }

    /** Every damaged header is refused in one line; no other exception is thrown. */
    @Test
    void aFlippedByteIsReadOrRefusedButNeverCrashes() {
        byte[] good = safetensors(
                """
            {"__metadata__":{"f":"pt"},"a":{"dtype":"BF16","shape":[2,1],"data_offsets":[0,4]},"é":{"dtype":"F4","shape":[2],"data_offsets":[4,5]}}\s""",
                5);
        int refused = 0;
        for (int offset = 0; offset < good.length; offset++) {
            for (int value = 0; value < 256; value++) {
                byte[] bad = good.clone();
                bad[offset] = (byte) value;
                if (isRefused(bad)) refused++;
            }
        }
        assertThat(refused).isGreaterThan((good.length - 5) * 128);
    }

    @Test
    void aFileCutShortAnywhereIsRefused() {
        byte[] good = safetensors("""
            {"a":{"dtype":"BF16","shape":[2,1],"data_offsets":[0,4]}}""", 4);
        for (int length = 0; length < good.length; length++) assertThat(isRefused(Arrays.copyOf(good, length))).isTrue();
    }

    @Test
    void aByteTooManyOrTooFewAnywhereInTheHeaderNeverCrashes() {
        byte[] header = """
            {"a":{"dtype":"BF16","shape":[2,1],"data_offsets":[0,4]}}""".getBytes(StandardCharsets.UTF_8);
        for (int offset = 0; offset < header.length; offset++) {
            byte[] shorter = new byte[header.length - 1];
            System.arraycopy(header, 0, shorter, 0, offset);
            System.arraycopy(header, offset + 1, shorter, offset, shorter.length - offset);
            isRefused(safetensors(shorter, new byte[4]));
            for (char added : "0{}[],:\" \\-.e".toCharArray()) {
                byte[] longer = new byte[header.length + 1];
                System.arraycopy(header, 0, longer, 0, offset);
                longer[offset] = (byte) added;
                System.arraycopy(header, offset, longer, offset + 1, header.length - offset);
                isRefused(safetensors(longer, new byte[4]));
            }
        }
    }

    private static boolean isRefused(byte[] file) {
        try {
            parse(file);
            return false;
        } catch (ModelFormatException e) {
            assertThat(e.getMessage()).startsWith("x.safetensors: ").doesNotContain("\n");
            return true;
        }
    }

    private static SafetensorsHeader parse(byte[] file) {
        return SafetensorsHeader.parse(file, file.length, "x.safetensors");
    }
}
