package dev.mme5.engine.image;

import dev.mme5.engine.image.raster.RgbImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/** Writes 8-bit RGB images as PNG (ISO/IEC 15948). Every row has filter 4, Paeth, which suits photos and drawings. */
public final class PngEncoder {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int BYTES_PER_PIXEL = 3;
    private static final int PAETH = 4;

    private PngEncoder() {}

    /** The bytes of a PNG file. */
    public static byte[] encode(RgbImage image) {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(png)) {
            out.write(SIGNATURE);
            writeChunk(out, "IHDR", header(image));
            writeChunk(out, "IDAT", pixels(image));
            writeChunk(out, "IEND", new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // never happens in memory
        }
        return png.toByteArray();
    }

    private static byte[] header(RgbImage image) throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(header);
        out.writeInt(image.width());
        out.writeInt(image.height());
        out.write(new byte[] {8, 2, 0, 0, 0}); // 8 bits, RGB, deflate, adaptive filters, not interlaced
        return header.toByteArray();
    }

    private static byte[] pixels(RgbImage image) throws IOException {
        int rowBytes = image.width() * BYTES_PER_PIXEL;
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(compressed)) {
            byte[] filtered = new byte[1 + rowBytes];
            filtered[0] = PAETH;
            for (int y = 0; y < image.height(); y++) {
                for (int i = 0; i < rowBytes; i++) {
                    int left = i < BYTES_PER_PIXEL ? 0 : sample(image, y, i - BYTES_PER_PIXEL);
                    int above = y == 0 ? 0 : sample(image, y - 1, i);
                    int corner = i < BYTES_PER_PIXEL || y == 0 ? 0 : sample(image, y - 1, i - BYTES_PER_PIXEL);
                    filtered[1 + i] = (byte) (sample(image, y, i) - paeth(left, above, corner));
                }
                out.write(filtered);
            }
        }
        return compressed.toByteArray();
    }

    private static int sample(RgbImage image, int row, int column) {
        return image.rgb()[row * image.width() * BYTES_PER_PIXEL + column] & 0xff;
    }

    private static int paeth(int left, int above, int corner) {
        int estimate = left + above - corner;
        int toLeft = Math.abs(estimate - left);
        int toAbove = Math.abs(estimate - above);
        int toCorner = Math.abs(estimate - corner);
        if (toLeft <= toAbove && toLeft <= toCorner) return left;
        return toAbove <= toCorner ? above : corner;
    }

    private static void writeChunk(DataOutputStream out, String type, byte[] data) throws IOException {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        out.writeInt(data.length);
        out.write(name);
        out.write(data);
        out.writeInt((int) crc.getValue());
    }
}
