package dev.mme5.cli.input;

import dev.mme5.cli.context.UsageException;
import dev.mme5.engine.Int8Ranges;
import dev.mme5.json.Json;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.JsonWriter;
import dev.mme5.json.ModelFormatException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads int8 ranges from a file of embeddings as {@code embed} writes it: NumPy or JSON lines. Two rows of minima and maxima are such
 * a file too. Failed inputs are skipped.
 */
public final class CalibrationFile {
    private static final int MAGIC = 0x93;
    private static final int MAX_NPY_HEADER = 1 << 16;
    private static final Pattern NPY_HEADER = Pattern.compile(
            "\\{'descr': '([^']*)', 'fortran_order': (True|False), 'shape': \\((\\d{1,9}), (\\d{1,9})\\), \\}\\s*");

    private final String name;
    private final Int8Ranges.Collector ranges;
    private final int dimensions;

    private CalibrationFile(String name, int dimensions) {
        this.name = name;
        this.dimensions = dimensions;
        this.ranges = new Int8Ranges.Collector(dimensions);
    }

    /**
     * @param name name of the file in messages
     * @throws UsageException if it is no such file, or has other dimensions
     */
    public static Int8Ranges read(String name, Path path, int dimensions) throws IOException {
        if (Files.isDirectory(path)) throw new UsageException(name + ": is a folder, expected a file of embeddings");
        CalibrationFile file = new CalibrationFile(name, dimensions);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
            in.mark(1);
            int first = in.read();
            in.reset();
            if (first == MAGIC) file.readNpy(in);
            else file.readLines(in);
        }
        if (file.ranges.count() == 0) throw file.wrong("holds no embeddings");
        return file.ranges.ranges();
    }

    private void readNpy(InputStream in) throws IOException {
        ByteBuffer start = ByteBuffer.wrap(in.readNBytes(12)).order(ByteOrder.LITTLE_ENDIAN);
        if (start.limit() < 12 || !new String(start.array(), 1, 5, StandardCharsets.US_ASCII).equals("NUMPY")) {
            throw wrong("is not a NumPy file");
        }
        boolean longLength = start.get(6) > 1;
        int length = longLength ? start.getInt(8) : Short.toUnsignedInt(start.getShort(8)) - 2;
        if (length < 0 || length > MAX_NPY_HEADER) throw wrong("is not a NumPy file");
        String header = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        if (!longLength) header = new String(start.array(), 10, 2, StandardCharsets.US_ASCII) + header;
        Matcher parts = NPY_HEADER.matcher(header);
        if (!parts.matches() || !parts.group(1).equals("<f4") || parts.group(2).equals("True")
                || Integer.parseInt(parts.group(4)) != dimensions) {
            throw wrong("expected float32 [rows, %d] in C order, found %s".formatted(dimensions, JsonWriter.quote(header.strip())));
        }
        readRows(in, Integer.parseInt(parts.group(3)));
    }

    private void readRows(InputStream in, int rows) throws IOException {
        float[] values = new float[dimensions];
        for (int row = 0; row < rows; row++) {
            byte[] bytes = in.readNBytes(dimensions * Float.BYTES);
            if (bytes.length < dimensions * Float.BYTES) throw wrong("ends in row " + row + " of " + rows);
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
            if (!Float.isNaN(values[0])) add("row " + row, values);
        }
    }

    private void readLines(InputStream in) throws IOException {
        try (LineReader lines = new LineReader(in, InputRecords.MAX_LINE_BYTES).requireLines(name)) {
            for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
                String location = "line " + line.number();
                if (line.bytes() == null) throw wrong(location + ": is longer than " + InputRecords.MAX_LINE_BYTES + " bytes");
                if (new String(line.bytes(), StandardCharsets.UTF_8).isBlank()) continue;
                readLine(location, line.bytes());
            }
        }
    }

    private void readLine(String location, byte[] line) {
        try {
            JsonObject object = JsonReader.parseObject(line, location);
            if (object.has("error")) return;
            JsonArray embedding = object.array("embedding");
            float[] values = new float[embedding.size()];
            for (int i = 0; i < values.length; i++) {
                embedding.number(i); // refuses a value that is no number
                values[i] = Float.parseFloat(((Json.Number) embedding.get(i)).literal());
            }
            add(location, values);
        } catch (ModelFormatException e) {
            throw wrong(e.getMessage());
        }
    }

    private void add(String location, float[] values) {
        try {
            ranges.add(values);
        } catch (IllegalArgumentException e) {
            throw wrong(location + ": " + e.getMessage());
        }
    }

    private UsageException wrong(String problem) {
        return new UsageException(name + ": " + problem);
    }
}
