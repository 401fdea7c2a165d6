package dev.mme5.engine.image.tiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mme5.engine.image.Pngs;
import dev.mme5.engine.image.raster.HeapLimit;
import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.raster.ImageException;
import dev.mme5.engine.image.raster.RgbImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TiffDecoderTest {
    private static final int LZW = 5;
    private static final int DEFLATE = 8;
    private static final int PACK_BITS = 32773;
    private static final int GROUP_4 = 4;

    private static RgbImage decode(byte[] file) {
        return TiffDecoder.decode(new ImageBytes("a.tif", file, 178_956_970, HeapLimit.UNLIMITED));
    }

    private static byte[] reds(byte[] file) {
        byte[] rgb = decode(file).rgb();
        byte[] reds = new byte[rgb.length / 3];
        for (int i = 0; i < reds.length; i++) reds[i] = rgb[3 * i];
        return reds;
    }

    static Stream<Arguments> compressions() {
        return Stream.of(
                Arguments.of("none", 1, new int[] {1, 2, 3, 3}),
                // codes of 9 bits: clear, 1, 2, 3, 3, end
                Arguments.of("LZW", LZW, new int[] {0x80, 0x00, 0x40, 0x40, 0x30, 0x18, 0x18, 0x08}),
                Arguments.of("PackBits", PACK_BITS, new int[] {1, 1, 2, 0x80, 0xff, 3}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("compressions")
    void expandsEachCompression(String name, int compression, int[] data) {
        byte[] file = Tiffs.gray(2, 2).strip(compression, Pngs.bytes(data)).build();

        assertArrayEquals(Pngs.bytes(1, 2, 3, 3), reds(file), name);
    }

    @Test
    void readsGroup4() {
        // 4 pixels, white white black black: horizontal, 2 white (0111), 2 black (11); then the same row: vertical 0 twice
        byte[] data = Pngs.bytes(0b00101111, 0b11110000);
        byte[] file = new Tiffs().tag(TiffTags.WIDTH, 4).tag(TiffTags.HEIGHT, 2).tag(TiffTags.PHOTOMETRIC, 0).strip(GROUP_4, data).build();

        assertArrayEquals(Pngs.bytes(255, 255, 0, 0, 255, 255, 0, 0), reds(file));
    }

    @Test
    void undoesHorizontalDifferences() {
        byte[] file = Tiffs.gray(3, 1).tag(TiffTags.PREDICTOR, 2).strip(DEFLATE, Pngs.deflated(Pngs.bytes(10, 5, 255))).build();

        assertArrayEquals(Pngs.bytes(10, 15, 14), reds(file));
    }

    @Test
    void appliesTheOrientationAlways() {
        byte[] file = Tiffs.gray(2, 1).tag(TiffTags.ORIENTATION, 6).strip(1, Pngs.bytes(1, 2)).build();

        assertEquals(2, decode(file).height());
    }

    @Test
    void ignoresTheNextDirectory() {
        byte[] file = Tiffs.gray(1, 1).strip(1, Pngs.bytes(7)).next(8).build();

        assertArrayEquals(Pngs.bytes(7), reds(file));
    }

    static Stream<Arguments> refusals() {
        byte[] pixels = Pngs.bytes(1, 2, 3, 4);
        byte[] deflated = Pngs.deflated(pixels);
        byte[] checksum = deflated.clone();
        checksum[checksum.length - 1] ^= 1;
        byte[] good = Tiffs.gray(2, 2).strip(1, pixels).build();
        return Stream.of(
                Arguments.of(Arrays.copyOf(good, 7), "is cut off: byte 8 is needed, the file has 7"),
                Arguments.of(Arrays.copyOf(good, good.length - 40), "is cut off: byte 98 is needed, the file has 62"),
                Arguments.of(bigCut(), "is cut off: byte 64 is needed, the file has 40"),
                Arguments.of(outside(TiffTags.STRIP_BYTE_COUNTS), "is damaged: the values of tag 279 are not in the file"),
                Arguments.of(outside(TiffTags.SAMPLE_FORMAT), "is damaged: the values of tag 339 are not in the file"),
                Arguments.of(outside(TiffTags.ORIENTATION), "is damaged: the values of tag 274 are not in the file"),
                Arguments.of(Tiffs.gray(2, 2).strip(1, pixels).tag(TiffTags.STRIP_OFFSETS, 10_000).build(),
                        "is cut off: byte 10001 is needed, the file has 102"),
                Arguments.of(Tiffs.gray(2, 2).strip(LZW, pixels).tag(TiffTags.STRIP_BYTE_COUNTS, 10_000).build(),
                        "is cut off: byte 10008 is needed, the file has 102"),
                Arguments.of(negativeByteCount(), "is damaged: an offset or a length is negative"),
                Arguments.of(Tiffs.gray(2, 9).tag(TiffTags.ROWS_PER_STRIP, 3).strip(1, pixels).build(),
                        "is damaged: it has 1 of 3 strips or tiles"),
                Arguments.of(Tiffs.gray(0, 9).strip(1, pixels).build(), "is damaged: its size is 0 x 9 pixels"),
                Arguments.of(Tiffs.gray(60_000, 60_000).strip(1, pixels).build(),
                        "is too large: 60000 x 60000 pixels, the limit is 178956970 pixels"),
                Arguments.of(Tiffs.gray(2, 2).strip(LZW, Pngs.bytes(0x80, 0x00, 0x40)).build(),
                        "is damaged: its LZW data end before its pixels"),
                Arguments.of(Tiffs.gray(2, 2).strip(LZW, Pngs.bytes(0x80, 0x7f, 0xff, 0xff)).build(), "is damaged: an impossible LZW code"),
                Arguments.of(Tiffs.gray(2, 2).strip(LZW, Pngs.bytes(0x80, 0x40, 0x40)).build(),
                        "is damaged: its LZW data end before its pixels"),
                Arguments.of(Tiffs.gray(2, 2).strip(PACK_BITS, Pngs.bytes(3, 1, 2)).build(),
                        "is damaged: its PackBits data end before its pixels"),
                Arguments.of(Tiffs.gray(2, 2).strip(DEFLATE, Arrays.copyOf(deflated, 4)).build(),
                        "is damaged: its Deflate data end before its pixels"),
                Arguments.of(Tiffs.gray(2, 2).strip(DEFLATE, checksum).build(),
                        "is damaged: its image data cannot be inflated (incorrect data check)"),
                Arguments.of(Tiffs.gray(2, 2).tag(TiffTags.BITS_PER_SAMPLE, 1).strip(GROUP_4, Pngs.bytes(0, 0)).build(),
                        "is damaged: an impossible fax code"),
                Arguments.of(Tiffs.gray(2, 2).strip(6, pixels).build(),
                        "TIFF with old-style JPEG compression is not supported; save it with LZW or Deflate"),
                Arguments.of(Tiffs.gray(2, 2).strip(99, pixels).build(), "TIFF with compression 99 is not supported"),
                Arguments.of(Tiffs.gray(2, 2).tag(TiffTags.PHOTOMETRIC, 8).strip(1, pixels).build(),
                        "TIFF with Lab colours is not supported; convert it to RGB"),
                Arguments.of(Tiffs.gray(2, 2).tag(TiffTags.BITS_PER_SAMPLE, 7).strip(1, pixels).build(),
                        "TIFF with photometric interpretation 1, samples of [7] bits and format 1 is not supported"),
                Arguments.of(Tiffs.gray(2, 2).tag(TiffTags.PREDICTOR, 9).strip(LZW, pixels).build(),
                        "TIFF with predictor 9 and 8 bits is not supported"),
                Arguments.of(Tiffs.gray(2, 2).tag(TiffTags.PHOTOMETRIC, 3).strip(1, pixels).build(), "is damaged: it has no colour map"),
                Arguments.of(
                        Tiffs.gray(2, 2).tag(TiffTags.PHOTOMETRIC, 3).tag(TiffTags.COLOR_MAP, 1, 2, 3, 4, 5, 6).strip(1, pixels).build(),
                        "is damaged: a pixel has colour 2 of a palette of 2"),
                Arguments.of(Tiffs.gray(2, 2).strip(7, Pngs.bytes(0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 9, 0, 9, 1, 1, 0x11, 0)).build(),
                        "is damaged: a JPEG of 9 x 9 pixels and 1 channels in place of 2 x 2 and 1"));
    }

    /** A BigTIFF that announces one entry more than it has bytes for. */
    private static byte[] bigCut() {
        return ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN).put((byte) 'I').put((byte) 'I').putShort((short) 43)
                .putShort((short) 8).putShort((short) 0).putLong(16).putLong(2)
                .putShort((short) TiffTags.WIDTH).putShort((short) 4).putLong(1).array();
    }

    /** An image of three strips with a tag whose three values lie beyond the file. */
    private static byte[] outside(int tag) {
        Tiffs tiff = Tiffs.gray(2, 3).tag(TiffTags.ROWS_PER_STRIP, 1).tag(TiffTags.COMPRESSION, PACK_BITS);
        long[] offsets = new long[3];
        for (int i = 0; i < 3; i++) offsets[i] = tiff.add(Pngs.bytes(1, i, i));
        tiff.tag(TiffTags.STRIP_OFFSETS, offsets).tag(TiffTags.STRIP_BYTE_COUNTS, 3, 3, 3).tag(tag, 3, 3, 3);
        byte[] file = tiff.build();
        ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int entry = buffer.getInt(4) + 2;
        while (buffer.getShort(entry) != tag) entry += 12;
        buffer.putInt(entry + 8, file.length - 8);
        return file;
    }

    /** Without the last entry or entries, other pixels would come out, not none. */
    @Test
    void refusesADirectoryThatIsCutAnywhere() {
        byte[] file = Tiffs.gray(3, 1).tag(TiffTags.PREDICTOR, 2).strip(DEFLATE, Pngs.deflated(Pngs.bytes(10, 5, 255))).build();

        for (int length = 0; length < file.length - 4; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThrows(ImageException.class, () -> decode(cut), "cut to " + length);
        }
    }

    /** Tags that say nothing about pixels may be broken, and a tag of no values says nothing. */
    @Test
    void readsAFileWithBrokenRemarks() {
        byte[] file = Tiffs.gray(2, 1).strip(1, Pngs.bytes(1, 2)).tag(315, 9, 9).tag(65_000, 1).build();
        ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int last = buffer.getInt(4) + 2 + 12 * (buffer.getShort(buffer.getInt(4)) - 1);
        buffer.putInt(last - 12 + 8, 1_000_000); // the offset of tag 315
        buffer.putShort(last + 2, (short) 99); // the type of tag 65000

        assertArrayEquals(Pngs.bytes(1, 2), reds(file));
    }

    @Test
    void readsAFileWithXmpOutsideOfIt() {
        assertArrayEquals(Pngs.bytes(0, 0, 1, 1, 2, 2), reds(outside(TiffTags.XMP)));
    }

    /** Signed numbers, which fuzzing found. */
    private static byte[] negativeByteCount() {
        byte[] file = Tiffs.gray(2, 2).strip(LZW, Pngs.bytes(1, 2, 3, 4)).tag(TiffTags.STRIP_BYTE_COUNTS, 0xffffffffL).build();
        int entry = 12 + 2 + 12 * 6; // after the data, the number of entries and six entries
        file[entry + 2] = 9;
        return file;
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusesAndSaysWhy(byte[] file, String problem) {
        ImageException e = assertThrows(ImageException.class, () -> decode(file));

        assertEquals("a.tif: " + problem, e.getMessage());
    }
}
