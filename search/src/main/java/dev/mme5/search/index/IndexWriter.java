package dev.mme5.search.index;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.weights.DType;
import dev.mme5.weights.SafetensorsWriter;
import dev.mme5.weights.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes an index file from the vectors of the previous index and of the journal, without collecting them in memory. */
public final class IndexWriter {
    private static final int BUFFER_BYTES = 1 << 20;

    private final EmbeddingModel model;
    private final IndexFile previous;
    private final IndexJournal journal;

    public IndexWriter(EmbeddingModel model, IndexFile previous, IndexJournal journal) {
        this.model = model;
        this.previous = previous;
        this.journal = journal;
    }

    /**
     * An entry and the location of its vector.
     *
     * @param row a row of the journal if {@code inJournal}, else of the previous index
     */
    public record Row(IndexEntry entry, boolean inJournal, int row) {}

    /** Replaces the file atomically. Readers that have the previous file open keep it. */
    public void write(Path file, List<Row> rows) throws IOException {
        removeUnfinished(file);
        long lineBytes = 0;
        for (Row row : rows) lineBytes += line(row).length;
        SafetensorsWriter writer = new SafetensorsWriter();
        IndexOptions.of(model).forEach(writer::metadata);
        writer
                .metadata("format", IndexFile.FORMAT)
                .metadata("version", IndexFile.VERSION)
                .metadata("model", model.name())
                .metadata("fingerprint", model.fingerprint())
                .add(IndexFile.EMBEDDINGS, DType.F32, new Shape(rows.size(), model.dimensions()), out -> writeVectors(rows, out))
                .add(IndexFile.CODES, DType.U8, new Shape(rows.size(), SignBits.rowBytes(model.dimensions())),
                        out -> writeCodes(rows, out))
                .add(IndexFile.DOCUMENTS, DType.U8, new Shape(lineBytes), out -> writeLines(rows, out))
                .write(file);
    }

    private void writeVectors(List<Row> rows, WritableByteChannel out) throws IOException {
        int rowBytes = model.dimensions() * Float.BYTES;
        ByteBuffer buffer = ByteBuffer.allocate(Math.max(BUFFER_BYTES, rowBytes));
        for (Row row : rows) {
            if (buffer.remaining() < rowBytes) drain(buffer, out);
            buffer.put(vector(row));
        }
        drain(buffer, out);
    }

    private void writeCodes(List<Row> rows, WritableByteChannel out) throws IOException {
        float[] vector = new float[model.dimensions()];
        int rowBytes = SignBits.rowBytes(vector.length);
        ByteBuffer buffer = ByteBuffer.allocate(Math.max(BUFFER_BYTES, rowBytes));
        for (Row row : rows) {
            if (buffer.remaining() < rowBytes) drain(buffer, out);
            vector(row).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
            SignBits.put(vector, buffer);
        }
        drain(buffer, out);
    }

    /** The bytes of a vector. */
    private ByteBuffer vector(Row row) throws IOException {
        if (row.inJournal()) return journal.vector(row.row());
        long rowBytes = (long) model.dimensions() * Float.BYTES;
        return previous.vectors().asSlice(row.row() * rowBytes, rowBytes).asByteBuffer();
    }

    private static void writeLines(List<Row> rows, WritableByteChannel out) throws IOException {
        for (Row row : rows) {
            ByteBuffer line = ByteBuffer.wrap(line(row));
            while (line.hasRemaining()) out.write(line);
        }
    }

    private static byte[] line(Row row) {
        return (row.entry().toJson() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void drain(ByteBuffer buffer, WritableByteChannel out) throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) out.write(buffer);
        buffer.clear();
    }

    /** Deletes the temporary files of killed runs. Because this run holds the lock, no other is writing. */
    private static void removeUnfinished(Path file) throws IOException {
        String name = file.getFileName().toString();
        try (DirectoryStream<Path> siblings = Files.newDirectoryStream(
                file.toAbsolutePath().getParent(),
                sibling -> sibling.getFileName().toString().startsWith("." + name + ".")
                        && sibling.getFileName().toString().endsWith(".tmp"))) {
            for (Path unfinished : siblings) Files.deleteIfExists(unfinished);
        }
    }
}
