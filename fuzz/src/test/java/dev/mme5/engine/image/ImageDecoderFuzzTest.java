package dev.mme5.engine.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.mme5.engine.image.raster.ImageException;
import dev.mme5.engine.image.raster.RgbImage;
import dev.mme5.fuzz.Bounds;
import dev.mme5.fuzz.Fixtures;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.junit.jupiter.params.provider.MethodSource;

/** An image is refused by its name, or all its pixels are there. */
class ImageDecoderFuzzTest {
    private static final int MAX_PIXELS = 1 << 14;

    /** The pixels in the kinds that a decoder holds at once, the tables of GIF and TIFF, and the decoder of JPEG. */
    private static final long MAX_BYTES = 2_000_000 + 40L * MAX_PIXELS;

    // Jazzer instruments a class when it is loaded, on the thread whose allocations are measured: all are loaded before.
    static {
        Fixtures.imageCases().forEach(file -> {
            try {
                new ImageDecoder(MAX_PIXELS, true).decode(file, "x");
            } catch (ImageException refused) {
                // as some of the cases are
            }
        });
    }

    static Stream<byte[]> images() {
        byte[] gif = {'G', 'I', 'F', '8', '9', 'a', 2, 0, 1, 0, (byte) 0x80, 0, 0, 0, 0, 0, 9, 9, 9, '!', (byte) 0xf9, 4, 1, 0, 0, 1, 0,
            ',', 0, 0,
            0, 0, 2, 0, 1, 0, 0, 2, 2, 0x44, 0x0a, 0, ';'};
        byte[] bmp = new byte[14 + 40 + 8];
        ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN).put((byte) 'B').put((byte) 'M').putInt(bmp.length).putInt(0).putInt(54)
                .putInt(40).putInt(2).putInt(1).putShort((short) 1).putShort((short) 24);
        return Stream.of(Fixtures.images(), Fixtures.imageCases(), Stream.of(gif, bmp)).flatMap(files -> files);
    }

    /** Any bytes; the first ones decide the format. */
    @MethodSource("images")
    @FuzzTest
    void image(byte[] file) {
        check(file);
    }

    static Stream<byte[]> headersAndRows() {
        byte[] grey = {8, 0, 0, 4, 0, 0, 2, 1, 2, 3, 4, 1, 1, 1, 1, 1};
        byte[] palette = {2, 3, 1, 5, 2, 1, 2, 9, 9, 9, 8, 8, 8, 7, 0, 0x55, 0x55, 1, 2, 3, 4, 5, 6};
        return Stream.of(grey, palette);
    }

    /**
     * A PNG whose checksums are right: depth, colour type, interlacing, width, sizes of palette and transparency, and what these
     * and the rows hold, all as the input says. Else every execution would end at the first checksum.
     */
    @MethodSource("headersAndRows")
    @FuzzTest
    void pngWithChecksums(byte[] input) {
        if (input.length < 6) return;
        int palette = Math.min(input[4] & 0xFF, input.length - 6);
        int transparency = Math.min(input[5] & 0xFF, input.length - 6 - palette);
        byte[] rows = Arrays.copyOfRange(input, 6 + palette + transparency, input.length);
        int rowBytes = 1 + ((input[3] & 0xFF) * 3 * 8 + 7) / 8;
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        chunk(png, "IHDR", ByteBuffer.allocate(13).putInt(input[3] & 0xFF).putInt(Math.max(1, rows.length / rowBytes)).put(input[0])
                .put(input[1]).put((byte) 0).put((byte) 0).put(input[2]).array());
        if (palette > 0) chunk(png, "PLTE", Arrays.copyOfRange(input, 6, 6 + palette));
        if (transparency > 0) chunk(png, "tRNS", Arrays.copyOfRange(input, 6 + palette, 6 + palette + transparency));
        byte[] deflated = deflate(rows);
        chunk(png, "IDAT", Arrays.copyOf(deflated, deflated.length / 2));
        chunk(png, "IDAT", Arrays.copyOfRange(deflated, deflated.length / 2, deflated.length));
        chunk(png, "IEND", new byte[0]);
        check(png.toByteArray());
    }

    static Stream<byte[]> tiffs() {
        return Fixtures.imageCases().filter(ImageDecoderFuzzTest::isTiff);
    }

    /** TIFF only: whatever the first bytes are, they become a header of one of the four forms. */
    @MethodSource("tiffs")
    @FuzzTest
    void tiff(byte[] input) {
        if (input.length < 8) return;
        byte[] file = input.clone();
        if (!isTiff(file)) System.arraycopy(new byte[] {'I', 'I', 42, 0}, 0, file, 0, 4);
        check(file);
    }

    private static boolean isTiff(byte[] file) {
        return file.length > 3 && (file[0] == 'I' && file[1] == 'I' || file[0] == 'M' && file[1] == 'M')
                && (file[2] + file[3] == 42 || file[2] + file[3] == 43);
    }

    private static void check(byte[] file) {
        for (boolean exif : new boolean[] {false, true}) {
            try {
                RgbImage image =
                        Bounds.within(MAX_BYTES + 80L * file.length, () -> new ImageDecoder(MAX_PIXELS, exif).decode(file, "x"));
                assertThat((long) image.width() * image.height()).isBetween(1L, (long) MAX_PIXELS);
                assertThat(image.rgb()).hasSize(3 * image.width() * image.height());
                assertThat(new ImageDecoder(MAX_PIXELS, exif).decode(file.clone(), "x").rgb()).isEqualTo(image.rgb());
            } catch (ImageException refused) {
                assertThat(refused.getMessage()).startsWith("x").doesNotContain("\n");
            }
        }
    }

    private static byte[] deflate(byte[] data) {
        try (Deflater deflater = new Deflater(1)) {
            deflater.setInput(data);
            deflater.finish();
            byte[] out = new byte[data.length + 64];
            return Arrays.copyOf(out, deflater.deflate(out));
        }
    }

    private static void chunk(ByteArrayOutputStream png, String type, byte[] data) {
        byte[] typed =
                ByteBuffer.allocate(4 + data.length).put(type.getBytes(StandardCharsets.US_ASCII)).put(data).array();
        CRC32 crc = new CRC32();
        crc.update(typed);
        png.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        png.writeBytes(typed);
        png.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
