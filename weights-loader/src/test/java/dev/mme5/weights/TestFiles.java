package dev.mme5.weights;

import dev.mme5.json.JsonWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes small safetensors files and indexes for tests. */
final class TestFiles {
    /** Names of an invented family: any name may begin with {@code root.}, and names that contain {@code table} are tables. */
    static final TensorNames NAMES = new TensorNames() {
        @Override
        public String canonical(String name) {
            return name.startsWith("root.") ? name.substring("root.".length()) : name;
        }

        @Override
        public boolean isTable(String name) {
            return name.contains("table");
        }
    };

    private TestFiles() {}

    /** A file whose data bytes are 0, 1, 2, ... */
    static byte[] safetensors(String header, int dataBytes) {
        byte[] data = new byte[dataBytes];
        for (int i = 0; i < dataBytes; i++) data[i] = (byte) i;
        return safetensors(header.getBytes(StandardCharsets.UTF_8), data);
    }

    static byte[] safetensors(byte[] header, byte[] data) {
        return ByteBuffer.allocate(8 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length).put(header).put(data).array();
    }

    static byte[] littleEndian(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) bytes.putFloat(value);
        return bytes.array();
    }

    /** A file with one F32 tensor [1] for each name; its value is the length of the name. */
    static Path shard(Path file, String... names) throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
        for (String name : names) writer.add(name, new float[] {name.length()}, 1);
        writer.write(file);
        return file;
    }

    /** An index file with one line for each pair of tensor and shard. */
    static Path index(Path folder, String... namesAndShards) throws IOException {
        JsonWriter json = new JsonWriter().beginObject().name("weight_map").beginObject();
        for (int i = 0; i < namesAndShards.length; i += 2) json.member(namesAndShards[i], namesAndShards[i + 1]);
        return Files.writeString(folder.resolve("model.safetensors.index.json"), json.endObject().endObject().toString());
    }
}
