package dev.mme5.benchmarks.checkpoint;

import dev.mme5.benchmarks.checkpoint.SyntheticShape.Tensor;
import dev.mme5.json.JsonWriter;
import dev.mme5.weights.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A safetensors file whose values are all zero. Only its header takes disk space, where the file system has sparse files. */
final class SparseShard {
    private SparseShard() {}

    static void write(Path file, List<Tensor> tensors) throws IOException {
        JsonWriter json = new JsonWriter().beginObject();
        long offset = 0;
        for (Tensor tensor : tensors) {
            long end = offset + DType.BF16.bytes(tensor.shape());
            json.name(tensor.name()).beginObject().member("dtype", DType.BF16.name());
            json.name("shape").value(tensor.shape().dims()).name("data_offsets").value(new long[] {offset, end}).endObject();
            offset = end;
        }
        byte[] header = json.endObject().toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer start = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).put(header);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            channel.write(start.flip());
            channel.write(ByteBuffer.allocate(1), 8 + header.length + offset - 1);
        }
    }
}
