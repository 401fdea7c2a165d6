package dev.mme5.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Files made to crash, hang or exhaust a reader. A hostile model folder is a valid one with one such file in it. */
final class HostileFiles {
    static final int LARGE = 16_000_000;
    static final int LARGEST = 100_000_000;

    private final Path root;
    private int folders;

    HostileFiles(Path root) {
        this.root = root;
    }

    /** A copy of a small model. */
    Path model() throws IOException {
        Path folder = Files.createDirectory(root.resolve("model" + folders++));
        try (Stream<Path> files = Files.list(Cli.MODEL)) {
            for (Path file : files.toList()) Files.copy(file, folder.resolve(file.getFileName()));
        }
        return folder;
    }

    Path modelWith(String file, byte[] content) throws IOException {
        Path folder = model();
        Files.write(folder.resolve(file), content);
        return folder;
    }

    Path modelWithChange(String file, String from, String to) throws IOException {
        Path folder = model();
        String content = Files.readString(folder.resolve(file));
        if (!content.contains(from)) throw new IllegalArgumentException(file + " has no " + from);
        Files.writeString(folder.resolve(file), content.replace(from, to));
        return folder;
    }

    Path modelWithLink(String file, String target) throws IOException {
        Path folder = model();
        Files.delete(folder.resolve(file));
        Files.createSymbolicLink(folder.resolve(file), Path.of(target));
        return folder;
    }

    Path modelWithPipe(String file) throws IOException, InterruptedException {
        Path folder = model();
        Files.delete(folder.resolve(file));
        new ProcessBuilder("mkfifo", folder.resolve(file).toString()).start().waitFor();
        return folder;
    }

    /** The weights are a header of this text, cut or filled up to its length, and no data. */
    Path modelWithHeader(String text, int bytes) throws IOException {
        byte[] json = Arrays.copyOf(text.getBytes(UTF_8), bytes);
        Arrays.fill(json, Math.min(bytes, text.length()), bytes, (byte) ' ');
        return modelWith("model.safetensors",
                ByteBuffer.allocate(8 + bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(bytes).put(json).array());
    }

    /** As if one tensor took up terabytes; the file system stores none of them. */
    Path modelWithSparseWeights(long dataBytes) throws IOException {
        Path folder = model();
        byte[] json = "{\"w\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[0,%d]}}".formatted(dataBytes, dataBytes).getBytes(UTF_8);
        try (RandomAccessFile file = new RandomAccessFile(folder.resolve("model.safetensors").toFile(), "rw")) {
            file.setLength(8 + json.length + dataBytes);
            file.write(ByteBuffer.allocate(8 + json.length).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json).array());
        }
        return folder;
    }

    Path file(String name, byte[] content) throws IOException {
        return Files.write(root.resolve(name), content);
    }

    static byte[] repeated(String start, String part, int bytes) {
        return (start + part.repeat((bytes - start.length()) / part.length())).getBytes(UTF_8);
    }

    /** Tensors that all lie on the same bytes: the reference implementation's third attack. */
    static String overlapping(int bytes) {
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; header.length() < bytes - 100; i++) {
            header.append(i == 0 ? "" : ",").append("\"w").append(i).append("\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}");
        }
        return header.append(",\"x\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}").toString();
    }

    /** Tokens of zero bytes, whose hash is zero. */
    static String collidingTokens(int count) {
        StringBuilder tokens = new StringBuilder();
        for (int i = 2; i <= count; i++) tokens.append('"').append("Ā".repeat(i)).append("\":").append(10_000 + i).append(',');
        return tokens.toString();
    }

    /** A PNG that claims its size, with image data of a few bytes. */
    static byte[] png(int width, int height) throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        chunk(png, "IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put(new byte[] {8, 2, 0, 0, 0}).array());
        byte[] deflated = new byte[100];
        try (Deflater deflater = new Deflater()) {
            deflater.setInput(new byte[100]);
            deflater.finish();
            chunk(png, "IDAT", Arrays.copyOf(deflated, deflater.deflate(deflated)));
        }
        chunk(png, "IEND", new byte[0]);
        return png.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream png, String type, byte[] data) throws IOException {
        byte[] typed = ByteBuffer.allocate(4 + data.length).put(type.getBytes(UTF_8)).put(data).array();
        CRC32 crc = new CRC32();
        crc.update(typed);
        png.write(ByteBuffer.allocate(4).putInt(data.length).array());
        png.write(typed);
        png.write(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    static byte[] gifOf(int width, int height) {
        return ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).put("GIF89a".getBytes(UTF_8)).putShort((short) width)
                .putShort((short) height)
                .put(new byte[] {0, 0, 0, ',', 0, 0, 0, 0}).putShort((short) width).putShort((short) height).put(new byte[] {0, 8, 1, 0, 0})
                .array();
    }

    static byte[] bmpOf(int width, int height) {
        return ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).put("BM".getBytes(UTF_8)).putInt(64).putInt(0).putInt(54).putInt(40)
                .putInt(width).putInt(height).putShort((short) 1).putShort((short) 1).array();
    }

    /** A JPEG of 110 x 70 pixels whose scan of the first channel is there a great many times: each passes over all its pixels. */
    static byte[] jpegOfScans(int scans) {
        HexFormat hex = HexFormat.of();
        String oneCode = "01" + "00".repeat(16); // one code of one bit, for 0
        byte[] header = hex.parseHex("ffd8" + "ffdb004300" + "01".repeat(64) + "ffc00011" + "080046006e03" + "011100" + "021100" + "031100"
                + "ffc4001400" + oneCode + "ffc4001410" + oneCode);
        byte[] scan = hex.parseHex("ffda0008" + "01" + "0100" + "003f00" + "00".repeat(31) + "0f"); // 126 blocks of two bits
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(header);
        for (int i = 0; i < scans; i++) file.writeBytes(scan);
        file.writeBytes(hex.parseHex("ffd9"));
        return file.toByteArray();
    }
}
