package dev.mme5.engine.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes PNG files chunk by chunk, right or wrong. */
public final class Pngs {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public Pngs() {
        out.writeBytes("\u0089PNG\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A whole grey image of 8 bits: rows of a filter byte and the pixels. */
    public static byte[] grey(int width, int height, int... rows) {
        return new Pngs().header(width, height, 8, 0, 0).data(deflated(bytes(rows))).end();
    }

    public static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) bytes[i] = (byte) values[i];
        return bytes;
    }

    public static byte[] deflated(byte[] bytes) {
        try (Deflater deflater = new Deflater()) {
            deflater.setInput(bytes);
            deflater.finish();
            byte[] out = new byte[bytes.length + 100];
            return java.util.Arrays.copyOf(out, deflater.deflate(out));
        }
    }

    public Pngs header(int width, int height, int depth, int colourType, int interlace) {
        ByteBuffer data = ByteBuffer.allocate(13).putInt(width).putInt(height);
        return chunk("IHDR", data.put((byte) depth).put((byte) colourType).putShort((short) 0).put((byte) interlace).array());
    }

    public Pngs chunk(String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        return raw(ByteBuffer.allocate(4).putInt(data.length).array()).raw(name).raw(data).raw(
                ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    public Pngs data(byte[] deflated) {
        return chunk("IDAT", deflated);
    }

    public Pngs raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    public byte[] end() {
        return chunk("IEND", new byte[0]).toBytes();
    }

    public byte[] toBytes() {
        return out.toByteArray();
    }
}
