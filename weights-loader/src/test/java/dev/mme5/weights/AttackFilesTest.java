package dev.mme5.weights;

import static dev.mme5.weights.TestFiles.safetensors;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.json.ModelFormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Known attack files of the format, and how each is refused: those in the tests (safetensors/src/tensor.rs) and the folder attacks/
 * of the reference implementation, the polyglots and ambiguities of its audit of 2023, and files that other Java readers accept.
 */
class AttackFilesTest {
    private static final String I32_2X2 = "{\"test\":{\"dtype\":\"I32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}";

    @TempDir
    Path folder;

    // --- the tests of the reference implementation, by their names there ---

    @Test
    void test_header_too_small() {
        assertRefused(new byte[0], "expected at least 8 bytes, found 0");
    }

    @Test
    void test_header_too_large() {
        byte[] file = safetensors(I32_2X2, 16);
        file[5] = file[6] = file[7] = (byte) 0xff;

        assertRefused(file, "header length: expected at most 100000000, found 18446742974197923900");
    }

    @Test
    void test_invalid_header_length() {
        assertRefused(bytes("<\0\0\0\0\0\0\0"), "header length: expected at most the 0 bytes that follow it, found 60");
    }

    @Test
    void test_invalid_header_non_utf8() {
        assertRefused(bytes("\1\0\0\0\0\0\0\0\u00ff"), "byte 8: expected the header to begin with '{'");
        assertRefused(safetensors(bytes("{\u00ff"), new byte[0]), "byte 9: not UTF-8");
    }

    @Test
    void test_invalid_header_not_json() {
        assertRefused(safetensors("{", 0), "byte 9: expected a name in quotes, found the end");
    }

    @Test
    void test_whitespace_padded_header() {
        assertThat(parse(safetensors("{}\r \t\n", 0)).tensors()).isEmpty();
    }

    @Test
    void test_whitespace_start_padded_header_is_not_allowed() {
        assertRefused(safetensors("\t\n{}\r ", 0), "byte 8: expected the header to begin with '{'");
    }

    @Test
    void test_zero_sized_tensor_and_empty_shapes_allowed() {
        assertThat(parse(safetensors("{\"test\":{\"dtype\":\"I32\",\"shape\":[2,0],\"data_offsets\":[0, 0]}}", 0)).tensors()).hasSize(1);
        assertThat(parse(safetensors("{\"test\":{\"dtype\":\"I32\",\"shape\":[],\"data_offsets\":[0,4]}}", 4)).tensors()).hasSize(1);
    }

    @Test
    void test_invalid_info() {
        assertRefused(safetensors("{\"test\":{\"dtype\":\"I32\",\"shape\":[2,2],\"data_offsets\":[0, 4]}}", 4),
                "test: I32 [2, 2] needs 16 bytes, has 4");
    }

    @Test
    void test_validation_overflow() {
        assertRefused(safetensors("{\"test\":{\"dtype\":\"I32\",\"shape\":[2,18446744073709551614],\"data_offsets\":[0,16]}}", 16),
                "test.shape[1]: expected an integer of 64 bits, found 18446744073709551614");
        assertRefused(safetensors("{\"test\":{\"dtype\":\"I32\",\"shape\":[2,9223372036854775807],\"data_offsets\":[0,16]}}", 16),
                "test.shape: it has more elements than fit in 64 bits");
    }

    @Test
    void test_metadata_incomplete_buffer() {
        assertRefused(safetensors(I32_2X2, 50), "the last 34 bytes belong to no tensor");
        assertRefused(safetensors(I32_2X2, 14), "test.data_offsets: it ends at 16, but the file has 14 bytes of data");
    }

    @Test
    void test_json_attack() {
        assertRefused(overlapping(10), "weight_1: it overlaps \"weight_0\"");
    }

    // --- the attack folder ---

    @Test
    void abuse_attempt_1_aHeaderLongerThanTheFile() {
        byte[] file = safetensors(I32_2X2, 16);
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(1000);

        assertRefused(file, "header length: expected at most the 76 bytes that follow it, found 1000");
    }

    /** Ten million tensors, with a header of 770 MB. */
    @Test
    void abuse_attempt_2_aHeaderOfHundredsOfMegabytes() throws IOException {
        assertRefused(sparse(770_000_000L, 1_600_000_000L), "header length: expected at most 100000000, found 770000000");
    }

    @Test
    void abuse_attempt_3_manyTensorsOnTheSameBytes() {
        assertRefused(overlapping(100_000), "weight_1: it overlaps \"weight_0\"");
    }

    /** Proposals 3 to 5 of its README. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [-4,0]  | w.data_offsets[0]: expected digits only, found -4
            [0,64]  | w.data_offsets: it ends at 64, but the file has 8 bytes of data
            [0,4]   | w: F32 [2] needs 8 bytes, has 4
            [8,0]   | w.data_offsets: it begins at 8 and ends before, at 0
            """)
    void offsetsThatAreNegativeOutsideOrDoNotFit(String offsets, String message) {
        assertRefused(safetensors("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":" + offsets + "}}", 8), message);
    }

    // --- the audit of 2023: polyglot files, and headers that two readers interpret differently ---

    @Test
    void aZipArchiveBehindTheDataIsNotIgnored() throws IOException {
        ByteArrayOutputStream zip = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(zip)) {
            out.putNextEntry(new ZipEntry("evil"));
            out.write(1);
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(safetensors(I32_2X2, 16));
        file.writeBytes(zip.toByteArray());

        assertRefused(file.toByteArray(), "the last " + zip.size() + " bytes belong to no tensor");
    }

    @Test
    void bytesHiddenBetweenOrBeforeTensorsAreRefused() {
        assertRefused(safetensors("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
                + "\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[9,10]}}", 10), "b: the 8 bytes before it belong to no tensor");
        assertRefused(safetensors("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[9,10]}}", 10),
                "a: the 9 bytes before it belong to no tensor");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}\0", "{}\0\0\0\0", "{}%PDF-1.7", "{}{}", "{}PK\3\4"})
    void whatIsHiddenBehindTheJsonOfTheHeaderIsRefused(String header) {
        String found = header.charAt(2) == 0 ? "0x00" : "'" + header.charAt(2) + "'";

        assertRefused(safetensors(header, 0), "byte 10: expected the end, found " + found);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"w":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}} \
                    | byte 61: duplicate name "w"
            {"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"\\u0077":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}} \
                    | byte 61: duplicate name "w"
            {"w":{"dtype":"U8","shape":[2],"shape":[1],"data_offsets":[0,2]}} | byte 39: duplicate name "shape"
            {"w":{"dtype":"U8","shape":[2],"data_offsets":[0,2],"data_offsets":[0,1]}} | byte 60: duplicate name "data_offsets"
            {"__metadata__":{},"__metadata__":{}} | byte 27: duplicate name "__metadata__"
            {"__metadata__":{"a":"1","a":"2"}} | byte 33: duplicate name "a"
            """)
    void namesThatTwoReadersWouldTakeDifferentlyAreRefused(String header, String message) {
        assertRefused(safetensors(header, 2), message);
    }

    // --- files that other Java readers accept ---

    /** A reader that allocates the size that the file claims runs out of memory after eight bytes. */
    @ParameterizedTest
    @CsvSource({"2147483647, 2147483647", "1073741824, 1073741824", "-1, 18446744073709551615",
        "-9223372036854775808, 9223372036854775808"})
    void aClaimedHeaderOfGigabytesTakesNoMemory(long claimed, String shown) throws IOException {
        assertRefused(sparse(claimed, 3L << 30), "header length: expected at most 100000000, found " + shown);
    }

    /** A reader that maps only the first megabyte misses the rest. */
    @Test
    void aHeaderOfMoreThanAMegabyteIsReadToItsEnd() throws IOException {
        String header = "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}," + " ".repeat(3 << 20)
                + "\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}";
        Path file = Files.write(folder.resolve("x.safetensors"), safetensors(header, 2));

        try (Checkpoint checkpoint = Checkpoint.openFile(file)) {
            assertThat(checkpoint.tensors()).containsOnlyKeys("a", "b");
        }
    }

    /** A reader that decodes the bytes to a String replaces them by U+FFFD, and two different names become one. */
    @ParameterizedTest
    @ValueSource(strings = {"\u00c0\u0080", "\u00c1\u00bf", "\u00e0\u0080\u00af", "\u00ed\u00a0\u0080", "\u00f4\u0090\u0080\u0080",
        "\u00f8\u0088\u0080\u0080\u0080",
        "\u0080", "\u00e2\u0082", "\u00fe", "\u00ff"})
    void namesThatAreNoUtf8AreRefused(String latin1) {
        byte[] header = bytes("{\"" + latin1 + "\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}");

        assertThatThrownBy(() -> parse(safetensors(header, new byte[0]))).isInstanceOf(ModelFormatException.class)
                .hasMessageMatching("x: byte 1[0-3]: not UTF-8");
    }

    /** Numbers that lenient JSON readers, or the parsers of the JDK, accept. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [01]        | byte 38: expected a number, found "01"
            [+1]        | byte 38: expected a value, found '+'
            [0x1]       | byte 39: expected ',' or ']', found 'x'
            [1,]        | byte 40: expected a value, found ']'
            [NaN]       | byte 38: expected a value, found 'N'
            [Infinity]  | byte 38: expected a value, found 'I'
            [1 /* */]   | byte 40: expected ',' or ']', found '/'
            ['1']       | byte 38: expected a value, found '''
            [1L]        | byte 39: expected ',' or ']', found 'L'
            [true]      | w.shape[0]: expected digits only, found true
            [1.0]       | w.shape[0]: expected digits only, found 1.0
            [1e0]       | w.shape[0]: expected digits only, found 1e0
            [-0]        | w.shape[0]: expected digits only, found -0
            [[1]]       | w.shape[0]: expected digits only, found an array
            """)
    void sizesThatAreNoPlainDigitsAreRefused(String shape, String message) {
        assertRefused(safetensors("{\"w\":{\"dtype\":\"U8\"  ,\"shape\":" + shape + ",\"data_offsets\":[0,1]}}", 1), message);
    }

    /** The product of the dimensions overflows to the size of the data. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [4294967296,4294967296]             | w.shape: it has more elements than fit in 64 bits
            [4611686018427387904,4]             | w.shape: it has more elements than fit in 64 bits
            [3,6148914691236517206]             | w.shape: it has more elements than fit in 64 bits
            [0,9223372036854775807,2]           | w.shape: it has more elements than fit in 64 bits
            [2305843009213693952]               | w: F32 [2305843009213693952] has more bytes than fit in 64 bits
            """)
    void productsThatOverflowAreRefused(String shape, String message) {
        assertRefused(safetensors("{\"w\":{\"dtype\":\"F32\",\"shape\":" + shape + ",\"data_offsets\":[0,0]}}", 0), message);
    }

    /** The format guarantees no alignment: aligned reads would throw, or read other bytes on some machines. */
    @Test
    void dataThatIsNotAlignedIsReadRightly() throws IOException {
        byte[] data = ByteBuffer.allocate(9).order(ByteOrder.LITTLE_ENDIAN).put((byte) 7).putFloat(1.5f).putFloat(-2f).array();
        byte[] header = bytes("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
                + "\"f\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[1,9]}}");
        Path file = Files.write(folder.resolve("x.safetensors"), safetensors(header, data));

        try (Checkpoint checkpoint = Checkpoint.openFile(file)) {
            assertThat(checkpoint.tensors().get("f").toFloats()).containsExactly(1.5f, -2f);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":", "[", "{\"a\":["})
    void nestingDoesNotOverflowTheStack(String level) {
        assertThatThrownBy(() -> parse(safetensors("{\"w\":" + level.repeat(1_000_000), 0))).isInstanceOf(ModelFormatException.class)
                .hasMessageEndingWith("nested more than 128 deep");
    }

    /** Names and values are part of messages, and messages are printed on terminals and in logs. */
    @Test
    void aNameCannotForgeAMessageOrCommandATerminal() {
        assertRefused(safetensors("{\"a\\n\\u001b[2Jok\\u202e\":3}", 0), "a\\u000a\\u001b[2Jok\\u202e: expected an object, found 3");
    }

    @Test
    void aNameOfAMillionLettersMakesNoMessageOfThem() {
        assertThatThrownBy(() -> parse(safetensors("{\"" + "a".repeat(1_000_000) + "\":3}", 0)))
                .hasMessageMatching("x: a{2000}\\.\\.\\.: expected an object, found 3");
    }

    // ---

    private static byte[] overlapping(int tensors) {
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i < tensors; i++) {
            header.append(i == 0 ? "" : ",").append("\"weight_").append(i)
                    .append("\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}");
        }
        return safetensors(header + "}", 16);
    }

    /** A sparse file that claims a header of a given length. */
    private Path sparse(long claimedHeader, long fileBytes) throws IOException {
        Path file = folder.resolve("x.safetensors");
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(fileBytes);
            out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(claimedHeader).array());
        }
        return file;
    }

    private static byte[] bytes(String latin1) {
        return latin1.getBytes(ISO_8859_1);
    }

    private static SafetensorsHeader parse(byte[] file) {
        return SafetensorsHeader.parse(file, file.length, "x");
    }

    private static void assertRefused(byte[] file, String message) {
        assertThatThrownBy(() -> parse(file)).isInstanceOf(ModelFormatException.class).hasMessage("x: " + message);
        assertThat(message.getBytes(UTF_8)).doesNotContain('\n');
    }

    private static void assertRefused(Path file, String message) {
        assertThatThrownBy(() -> Checkpoint.openFile(file)).isInstanceOf(ModelFormatException.class).hasMessage(file + ": " + message);
    }
}
