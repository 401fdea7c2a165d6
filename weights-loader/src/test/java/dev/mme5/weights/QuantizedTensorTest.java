package dev.mme5.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mme5.json.ModelFormatException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantizedTensorTest {
    @TempDir
    Path folder;

    @Test
    void fourBitsAreTwoWeightsToAByteTheLowerFirst() throws IOException {
        write("int4", "1", "U8", "[1,2]", "I8", "[1,1]", "F32", "[1]", new byte[] {(byte) 0xF0, 0x19}, new byte[] {-2}, 0.5f);

        float[] row = new float[5];
        try (Checkpoint checkpoint = Checkpoint.open(folder, TestFiles.NAMES)) {
            checkpoint.weights().matrix("w", 1, 4).widen(0, row, 1);
        }

        assertArrayEquals(new float[] {0, 8, -7, -1, 7}, row);   // (0, 15, 9, 1) - 8, times -2 * 0.5
    }

    @Test
    void theLastGroupOfARowMayBeShortAndARowMayEndInHalfAByte() throws IOException {
        byte[] codes = new byte[17];
        codes[15] = 0x38;   // weights 30 and 31
        codes[16] = 0x0A;   // weight 32
        write("int4", "1", "U8", "[1,17]", "I8", "[2,1]", "F32", "[1]", codes, new byte[] {1, 10}, 1f);

        float[] row = new float[33];
        try (Checkpoint checkpoint = Checkpoint.open(folder, TestFiles.NAMES)) {
            checkpoint.weights().matrix("w", 1, 33).widen(0, row, 0);
        }

        assertArrayEquals(new float[] {0, -5, 20}, new float[] {row[30], row[31], row[32]});
    }

    @Test
    void bytesAreSignedAndEveryRowHasItsScales() throws IOException {
        write("int8", "1", "I8", "[2,2]", "I8", "[1,2]", "F32", "[2]", new byte[] {-127, 3, 4, 5}, new byte[] {1, -3}, 1f, 2f);

        float[] rows = new float[4];
        try (Checkpoint checkpoint = Checkpoint.open(folder, TestFiles.NAMES)) {
            WeightMatrix matrix = checkpoint.weights().matrix("w", 2, 2);
            matrix.widen(0, rows, 0);
            matrix.widen(1, rows, 2);
            assertEquals(Optional.of(QuantizationScheme.INT8), checkpoint.quantization());
            assertThrows(IndexOutOfBoundsException.class, () -> matrix.widen(2, rows, 0));
        }

        assertArrayEquals(new float[] {-127, 3, -24, -30}, rows);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            int4 | U8  | [2,3] | I8 | [1,2] | F32 | [2] | w: expected shape [2, 2], found [2, 3]
            int4 | U8  | [2,2] | I8 | [2,2] | F32 | [2] | w.scales: expected shape [1, 2], found [2, 2]
            int4 | U8  | [2,2] | U8 | [1,2] | F32 | [2] | w.scales: expected I8, found U8
            int4 | U8  | [2,2] | I8 | [1,2] | F32 | [1] | w.row_scales: expected shape [2], found [1]
            int4 | U8  | [2,2] | I8 | [1,2] | F16 | [2] | w.row_scales: expected F32, found F16
            int8 | I8  | [2,2] | I8 | [1,2] | F32 | [2] | w: expected shape [2, 4], found [2, 2]
            int8 | U8  | [2,2] | I8 | [1,2] | F32 | [2] | w: expected BF16, F16, F32 or, in a folder of int8, I8, found U8
            int4 | I8  | [2,4] | I8 | [1,2] | F32 | [2] | w: expected BF16, F16, F32 or, in a folder of int4, U8, found I8
            int4 | I16 | [2,4] | I8 | [1,2] | F32 | [2] | w: expected BF16, F16, F32 or, in a folder of int4, U8, found I16
            """)
    void refusesWhatDoesNotFitAndSaysWhatWould(
            String scheme, String dtype, String shape, String scalesType, String scales, String rowType, String rows, String message)
            throws IOException {
        writeBlank(scheme, dtype, shape, scalesType, scales, rowType, rows);

        assertRefused(message);
    }

    @Test
    void tablesHaveEightBitsInAFolderOfEitherScheme() {
        WeightFormat rowsOfBytes = new WeightFormat(QuantizationScheme.INT8, false);
        for (boolean panels : new boolean[] {false, true}) {
            for (QuantizationScheme scheme : new QuantizationScheme[] {QuantizationScheme.INT8, QuantizationScheme.INT4}) {
                WeightFormat format = new WeightFormat(scheme, panels);
                assertEquals(Optional.of(rowsOfBytes), format.forWeight(true));
                assertEquals(Optional.of(format), format.forWeight(false));
            }
        }
        assertEquals(Optional.empty(), new WeightFormat(QuantizationScheme.BF16, true).forWeight(true));
    }

    @Test
    void theFamilySaysWhichWeightsAreTables() throws IOException {
        new SafetensorsWriter().metadata(WeightFormat.SCHEME, "int4").metadata(WeightFormat.VERSION, "1")
                .add("table", DType.I8, new Shape(2, 4), TensorData.of(MemorySegment.ofArray(new byte[] {1, 2, 3, 4, 5, 6, 7, 8})))
                .add("table.scales", DType.I8, new Shape(1, 2), TensorData.of(MemorySegment.ofArray(new byte[] {1, 2})))
                .add("table.row_scales", new float[] {1, 0.5f}, 2)
                .write(folder.resolve("model.safetensors"));

        float[] row = new float[4];
        try (Checkpoint checkpoint = Checkpoint.open(folder, TestFiles.NAMES)) {
            checkpoint.weights().matrix("table", 2, 4).widen(1, row, 0);
            assertEquals(Optional.of(QuantizationScheme.INT8), checkpoint.quantizationOf("table.row_scales"));
        }
        assertArrayEquals(new float[] {5, 6, 7, 8}, row);
        try (Checkpoint checkpoint = Checkpoint.open(folder, TensorNames.AS_STORED)) {
            assertThrows(ModelFormatException.class, () -> checkpoint.weights().matrix("table", 2, 4));
            assertEquals(Optional.empty(), checkpoint.quantizationOf("table"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            int4 | NaN      | from 0 to 3.3230698E35, found NaN
            int4 | Infinity | from 0 to 3.3230698E35, found Infinity
            int4 | -0.5     | from 0 to 3.3230698E35, found -0.5
            int4 | 3e38     | from 0 to 3.3230698E35, found 3.0E38
            int8 | 1e35     | from 0 to 2.0769186E34, found 1.0E35
            """)
    void refusesScalesThatCannotBeOnes(String scheme, float scale, String message) throws IOException {
        String type = scheme.equals("int4") ? "U8" : "I8";
        String shape = scheme.equals("int4") ? "[2,2]" : "[2,4]";
        write(scheme, "1", type, shape, "I8", "[1,2]", "F32", "[2]", new byte[bytes(type, shape)], new byte[2], 1f, scale);

        assertRefused("w.row_scales: expected scales " + message + " for row 1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"int4 | U8 | [1,2] | 0", "int8 | I8 | [1,4] | -128"})
    void theLargestScalesGiveFiniteWeights(String scheme, String type, String shape, int code) throws IOException {
        float max = QuantizationScheme.named(scheme).orElseThrow().maxRowScale();
        byte[] codes = new byte[bytes(type, shape)];
        codes[0] = (byte) code;
        write(scheme, "1", type, shape, "I8", "[1,1]", "F32", "[1]", codes, new byte[] {-128}, max);

        float[] row = new float[4];
        try (Checkpoint checkpoint = Checkpoint.open(folder, TestFiles.NAMES)) {
            checkpoint.weights().matrix("w", 1, 4).widen(0, row, 0);
        }

        assertEquals(Float.MAX_VALUE, row[0]);   // code times scale: -8 or -128, times -128 * max
    }

    @Test
    void refusesAMissingScale() throws IOException {
        new SafetensorsWriter().metadata(WeightFormat.SCHEME, "int4").metadata(WeightFormat.VERSION, "1")
                .add("w", DType.U8, new Shape(2, 2), TensorData.of(MemorySegment.ofArray(new byte[4])))
                .write(folder.resolve("model.safetensors"));

        assertRefused("w.scales: missing tensor");
    }

    @Test
    void integersOfAFolderThatIsNotQuantisedAreNoWeights() throws IOException {
        new SafetensorsWriter().add("w", DType.I8, new Shape(2, 4), TensorData.of(MemorySegment.ofArray(new byte[8])))
                .write(folder.resolve("model.safetensors"));

        assertRefused("w: expected BF16, F16 or F32, found I8");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            int3 | 1 | __metadata__.mme5.quantization: expected int8 or int4, found "int3"
            bf16 | 1 | __metadata__.mme5.quantization: expected int8 or int4, found "bf16"
            int3 | 2 | __metadata__.mme5.quantization: expected bf16, int8 or int4, found "int3"
            int4 | 3 | __metadata__.mme5.quantization.version: expected "1" or "2", found "3": it needs another version of mme5
            int4 | 2 | __metadata__.mme5.quantization.layout: expected "panels-32", found none: it needs another version of mme5
            """)
    void refusesUnknownSchemesAndVersions(String scheme, String version, String message) throws IOException {
        write(scheme, version, "U8", "[1,2]", "I8", "[1,1]", "F32", "[1]", new byte[2], new byte[1], 1f);

        ModelFormatException e = assertThrows(ModelFormatException.class, () -> Checkpoint.open(folder, TestFiles.NAMES));
        assertEquals(folder.resolve("model.safetensors") + ": " + message, e.getMessage());
    }

    @Test
    void refusesShardsOfDifferentSchemes() throws IOException {
        new SafetensorsWriter().metadata(WeightFormat.SCHEME, "int4").metadata(WeightFormat.VERSION, "1")
                .add("a", new float[1], 1)
                .write(folder.resolve("one.safetensors"));
        TestFiles.shard(folder.resolve("two.safetensors"), "b");
        TestFiles.index(folder, "a", "one.safetensors", "b", "two.safetensors");

        ModelFormatException e = assertThrows(ModelFormatException.class, () -> Checkpoint.open(folder, TestFiles.NAMES));
        assertEquals(folder.resolve("two.safetensors")
                + ": __metadata__.mme5.quantization: expected int4, format 1 as in one.safetensors, found none", e.getMessage());
    }

    private void assertRefused(String message) {
        try (Checkpoint checkpoint = Checkpoint.open(folder, TestFiles.NAMES)) {
            ModelFormatException e = assertThrows(ModelFormatException.class, () -> checkpoint.weights().matrix("w", 2, 4));
            assertTrue(e.getMessage().endsWith(message), e.getMessage());
        }
    }

    private void writeBlank(String scheme, String dtype, String shape, String scalesType, String scales, String rowType, String rows)
            throws IOException {
        write(scheme, "1", dtype, shape, scalesType, scales, rowType, rows, new byte[bytes(dtype, shape)],
                new byte[bytes(scalesType, scales)], new float[bytes(rowType, rows) / 4]);
    }

    private static int bytes(String dtype, String shape) {
        return (int) DType.named(dtype).orElseThrow().bytes(shape(shape));
    }

    private static Shape shape(String text) {
        String[] dims = text.substring(1, text.length() - 1).split(",");
        long[] sizes = new long[dims.length];
        for (int i = 0; i < dims.length; i++) sizes[i] = Long.parseLong(dims[i]);
        return new Shape(sizes);
    }

    private void write(String scheme, String version, String dtype, String shape, String scalesType, String scales, String rowType,
            String rows, byte[] codes, byte[] scaleCodes, float... rowScales) throws IOException {
        byte[] floats = TestFiles.littleEndian(rowScales);
        new SafetensorsWriter().metadata(WeightFormat.SCHEME, scheme).metadata(WeightFormat.VERSION, version)
                .add("w", DType.valueOf(dtype), shape(shape), TensorData.of(MemorySegment.ofArray(codes)))
                .add("w.scales", DType.valueOf(scalesType), shape(scales), TensorData.of(MemorySegment.ofArray(scaleCodes)))
                .add("w.row_scales", DType.valueOf(rowType), shape(rows), TensorData.of(MemorySegment.ofArray(floats)))
                .write(folder.resolve("model.safetensors"));
        assertTrue(Files.exists(folder.resolve("model.safetensors")));
    }
}
