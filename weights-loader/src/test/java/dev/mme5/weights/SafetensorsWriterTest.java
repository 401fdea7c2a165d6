package dev.mme5.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsWriterTest {
    @TempDir
    Path folder;

    @Test
    void writesTheBytesOfTheReference() throws IOException {
        Path file = folder.resolve("x");

        new SafetensorsWriter().metadata("format", "pt")
                .add("b", new float[] {1, -2}, 1, 2)
                .add("a", DType.BF16, new float[] {1}, 1)
                .write(file);

        // Larger alignment first, whatever the names; 142 bytes of JSON padded to 144.
        String header =
                """
            {"__metadata__":{"format":"pt"},"b":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"a":{"dtype":"BF16","shape":[1],"data_offsets":[8,10]}}""";
        byte[] padded = (header + " ".repeat((8 - header.length() % 8) % 8)).getBytes(StandardCharsets.UTF_8);
        byte[] data = {0, 0, (byte) 0x80, 0x3F, 0, 0, 0, (byte) 0xC0, (byte) 0x80, 0x3F};
        assertThat(Files.readAllBytes(file)).isEqualTo(TestFiles.safetensors(padded, data));
    }

    @Test
    void tensorsAreSortedByTypeThenByTheBytesOfTheirNames() throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter();
        for (String name : new String[] {"b", "a", "B", "😀", "\uffee", "a.10", "a.9"}) writer.add(name, DType.BF16, new float[1], 1);
        writer.add("z8", DType.I8, new Shape(0), out -> {}).add("y8", DType.U8, new Shape(0), out -> {})
                .add("z64", DType.I64, new Shape(0), out -> {}).add("z32", new float[1], 1).add("z16", DType.F16, new float[1], 1);

        String header = new String(writer.header(), StandardCharsets.UTF_8);

        List<String> names = List.of("z64", "z32", "B", "a", "a.10", "a.9", "b", "\uffee", "😀", "z16", "z8", "y8");
        assertThat(names.stream().map(name -> header.indexOf("\"" + name + "\":"))).doesNotContain(-1).isSorted();
    }

    @Test
    void anEmptyFileIsLegal() throws IOException {
        Path file = folder.resolve("x");

        new SafetensorsWriter().write(file);

        assertThat(Files.readAllBytes(file)).isEqualTo(TestFiles.safetensors("{}      ", 0));
        try (Checkpoint checkpoint = Checkpoint.openFile(file)) {
            assertThat(checkpoint.tensors()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void whatIsWrittenReadsBack(long seed) throws IOException {
        Random random = new Random(seed);
        SafetensorsWriter writer = new SafetensorsWriter();
        Map<String, byte[]> written = new LinkedHashMap<>();
        Map<String, Shape> shapes = new LinkedHashMap<>();
        for (int i = 0; i < random.nextInt(20); i++) {
            String name = "t" + i + ".\"\\\n é😀".substring(0, random.nextInt(6) + 1);
            DType dtype = DType.values()[random.nextInt(DType.values().length)];
            Shape shape = new Shape(random.longs(random.nextInt(4), 0, 5).map(dim -> dim * 4).toArray());
            if (shape.equals(new Shape()) && dtype.bits() < 8) continue;
            byte[] bytes = new byte[Math.toIntExact(dtype.bytes(shape))];
            random.nextBytes(bytes);
            writer.add(name, dtype, shape, TensorData.of(MemorySegment.ofArray(bytes)));
            written.put(name, bytes);
            shapes.put(name, shape);
        }
        writer.metadata("seed", Long.toString(seed)).metadata("tëxt\n", "\"😀\"");
        Path file = folder.resolve("x");

        writer.write(file);

        assertThat(Files.size(file)).isEqualTo(writer.fileBytes());
        try (Checkpoint checkpoint = Checkpoint.openFile(file)) {
            assertThat(checkpoint.metadata()).isEqualTo(Map.of("seed", Long.toString(seed), "tëxt\n", "\"😀\""));
            assertThat(checkpoint.tensors()).containsOnlyKeys(written.keySet());
            checkpoint.tensors().forEach((name, tensor) -> {
                assertThat(tensor.shape()).isEqualTo(shapes.get(name));
                assertThat(tensor.bytes().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(written.get(name));
            });
        }
    }

    @Test
    void dataLongerThanAPieceIsWrittenWhole() throws IOException {
        float[] values = new float[TensorData.CHUNK_BYTES / 4 * 2 + 77];
        for (int i = 0; i < values.length; i++) values[i] = i % 256;
        Path file = folder.resolve("x");

        new SafetensorsWriter()
                .add("f32", values, values.length)
                .add("bf16", DType.BF16, values, values.length)
                .add("heap", DType.F32, new Shape(values.length), TensorData.of(MemorySegment.ofArray(values)))
                .add(MappedTensor.ofFloats("native", values, values.length))
                .write(file);

        try (Checkpoint checkpoint = Checkpoint.openFile(file)) {
            for (MappedTensor tensor : checkpoint.tensors().values()) assertThat(tensor.toFloats()).as(tensor.name()).isEqualTo(values);
        }
    }

    @Test
    void aFileThatIsMappedCanBeReplaced() throws IOException {
        Path file = TestFiles.shard(folder.resolve("x"), "old");

        try (Checkpoint old = Checkpoint.openFile(file)) {
            new SafetensorsWriter().add(old.tensors().get("old")).add("new", new float[] {5}, 1).write(file);

            assertThat(old.weights().scalar("old")).isEqualTo(3);
        }

        try (Checkpoint now = Checkpoint.openFile(file)) {
            assertThat(now.weights().scalar("old")).isEqualTo(3);
            assertThat(now.weights().scalar("new")).isEqualTo(5);
        }
    }

    @Test
    void nothingIsLeftWhenASourceFails() throws IOException {
        Path file = Files.writeString(folder.resolve("x"), "before");
        SafetensorsWriter writer = new SafetensorsWriter().add("a", DType.U8, new Shape(2), out -> {
            out.write(ByteBuffer.wrap(new byte[1]));
            throw new IOException("the disk is gone");
        });

        assertThatThrownBy(() -> writer.write(file)).isInstanceOf(IOException.class).hasMessage("the disk is gone");

        assertThat(Files.readString(file)).isEqualTo("before");
        assertThat(filesInFolder()).containsExactly(file);
    }

    @Test
    void refusesASourceThatWritesTooMuchOrTooLittle() throws IOException {
        SafetensorsWriter tooLittle =
                new SafetensorsWriter().add("a", DType.U8, new Shape(2), out -> out.write(ByteBuffer.wrap(new byte[1])));
        SafetensorsWriter tooMuch =
                new SafetensorsWriter().add("a", DType.U8, new Shape(2), out -> out.write(ByteBuffer.wrap(new byte[3])));

        assertThatThrownBy(() -> tooLittle.write(folder.resolve("x"))).isInstanceOf(IllegalStateException.class)
                .hasMessage("a: its source wrote 1 of its 2 bytes");
        assertThatThrownBy(() -> tooMuch.write(folder.resolve("x"))).isInstanceOf(IllegalStateException.class)
                .hasMessage("a: its source wrote more than its 2 bytes");
        assertThat(filesInFolder()).isEmpty();
    }

    @Test
    void aSourceThatClosesItsChannelDoesNotEndTheFile() throws IOException {
        Path file = folder.resolve("x");

        new SafetensorsWriter().add("b", new float[] {2}, 1).add("a", DType.I32, new Shape(1), out -> {
            out.write(ByteBuffer.wrap(new byte[4]));
            out.close();
        }).write(file);

        try (Checkpoint checkpoint = Checkpoint.openFile(file)) {
            assertThat(checkpoint.tensors()).containsOnlyKeys("a", "b");
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theFileIsReadableByThoseWhoMayReadNewFiles() throws IOException {
        Path ordinary = Files.createFile(folder.resolve("ordinary"));
        Path file = TestFiles.shard(folder.resolve("x"), "a");

        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(ordinary))
                .contains(PosixFilePermission.OWNER_READ);
    }

    @Test
    void refusesATargetThatCannotBe() throws IOException {
        assertThatThrownBy(() -> new SafetensorsWriter().write(folder)).isInstanceOf(IOException.class)
                .hasMessage(folder + ": is a directory");
        assertThatThrownBy(() -> new SafetensorsWriter().write(folder.resolve("no/x"))).isInstanceOf(IOException.class);
        assertThat(filesInFolder()).isEmpty();
    }

    @Test
    void refusesTensorsThatCannotBe() {
        SafetensorsWriter writer = new SafetensorsWriter().add("a", new float[1], 1);

        assertRefused("a: there is a tensor of that name already", () -> writer.add("a", new float[1], 1));
        assertRefused("a tensor cannot be named __metadata__", () -> writer.add("__metadata__", new float[1], 1));
        assertRefused("b: shape [2] does not fit 1 values", () -> writer.add("b", new float[1], 2));
        assertRefused("F4 [3] has 12 bits and fills no whole bytes", () -> writer.add("b", DType.F4, new Shape(3), out -> {}));
        assertRefused("expected BF16, F16 or F32, found I8", () -> writer.add("b", DType.I8, new float[1], 1));
        assertRefused("\"\\ud800\" has a lone surrogate and no form in UTF-8", () -> writer.add("\ud800", new float[1], 1));
        assertRefused("\"\\udc00\" has a lone surrogate and no form in UTF-8", () -> writer.metadata("k", "\udc00"));
    }

    private static void assertRefused(String message, Runnable call) {
        assertThatThrownBy(call::run).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    private List<Path> filesInFolder() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return new ArrayList<>(files.toList());
        }
    }
}
