package dev.mme5.engine.testing;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights and the nodes of an ONNX file, as far as an exported encoder needs them: the messages ModelProto, GraphProto, NodeProto
 * and TensorProto of onnx.proto, read from the wire format of protocol buffers.
 *
 * @param nodes in the order of the graph
 * @param floats constants of type float by name
 */
record OnnxFile(List<Node> nodes, Map<String, Tensor> floats) {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;
    private static final int FLOAT = 1;

    /** A node of the graph. */
    record Node(String name, String type, List<String> inputs, List<String> outputs) {}

    /** A constant. */
    record Tensor(long[] shape, float[] values) {}

    static OnnxFile read(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined(); FileChannel channel = FileChannel.open(file)) {
            OnnxFile onnx = new OnnxFile(new ArrayList<>(), new HashMap<>());
            MemorySegment model = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            fields(model, (field, value, bytes) -> {
                if (field == 7) onnx.readGraph(bytes);
            });
            return onnx;
        }
    }

    /** Receives the fields of a message. */
    private interface FieldHandler {
        /** @param bytes of a string, a message or packed numbers; else null */
        void field(int number, long value, MemorySegment bytes);
    }

    private void readGraph(MemorySegment graph) {
        fields(graph, (field, value, bytes) -> {
            if (field == 1) nodes.add(node(bytes));
            if (field == 5) readTensor(bytes);
        });
    }

    private static Node node(MemorySegment message) {
        String[] texts = new String[5];
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        fields(message, (field, value, bytes) -> {
            switch (field) {
                case 1 -> inputs.add(text(bytes));
                case 2 -> outputs.add(text(bytes));
                case 3, 4 -> texts[field] = text(bytes);
                default -> {}
            }
        });
        return new Node(texts[3], texts[4], inputs, outputs);
    }

    private void readTensor(MemorySegment message) {
        List<Long> shape = new ArrayList<>();
        long[] type = {0};
        String[] name = {""};
        MemorySegment[] raw = {null};
        fields(message, (field, value, bytes) -> {
            switch (field) {
                case 1 -> {
                    if (bytes == null) shape.add(value);
                    else varints(bytes, shape);
                }
                case 2 -> type[0] = value;
                case 8 -> name[0] = text(bytes);
                case 9 -> raw[0] = bytes;
                default -> {}
            }
        });
        if (type[0] != FLOAT || raw[0] == null) return;
        long[] dims = shape.stream().mapToLong(Long::longValue).toArray();
        floats.put(name[0], new Tensor(dims, raw[0].toArray(ValueLayout.JAVA_FLOAT_UNALIGNED)));
    }

    private static void varints(MemorySegment bytes, List<Long> out) {
        long[] position = {0};
        while (position[0] < bytes.byteSize()) out.add(varint(bytes, position));
    }

    private static String text(MemorySegment bytes) {
        return new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    private static void fields(MemorySegment message, FieldHandler handler) {
        long[] position = {0};
        while (position[0] < message.byteSize()) {
            long key = varint(message, position);
            int number = (int) (key >>> 3);
            switch ((int) key & 7) {
                case VARINT -> handler.field(number, varint(message, position), null);
                case FIXED64 -> position[0] += Long.BYTES;
                case FIXED32 -> position[0] += Integer.BYTES;
                case BYTES -> {
                    long length = varint(message, position);
                    handler.field(number, 0, message.asSlice(position[0], length));
                    position[0] += length;
                }
                default -> throw new IllegalArgumentException("no wire type: " + (key & 7));
            }
        }
    }

    private static long varint(MemorySegment message, long[] position) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte b = message.get(ValueLayout.JAVA_BYTE, position[0]++);
            value |= (long) (b & 0x7F) << shift;
            if (b >= 0) return value;
        }
        throw new IllegalArgumentException("a number of more than 64 bits");
    }
}
