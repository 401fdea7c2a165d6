package dev.mme5.engine.image.raster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mme5.engine.image.Golden;
import dev.mme5.engine.image.ImageDecoder;
import dev.mme5.engine.image.Pngs;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrientationTest {
    private enum Endian {
        LITTLE(ByteOrder.LITTLE_ENDIAN, "II"),
        BIG(ByteOrder.BIG_ENDIAN, "MM");

        private final ByteOrder order;
        private final String letters;

        Endian(ByteOrder order, String letters) {
            this.order = order;
            this.letters = letters;
        }
    }

    /** A TIFF header and a directory of two entries; the second is the orientation. */
    private static byte[] exif(Endian endian, int orientation) {
        ByteBuffer out = ByteBuffer.allocate(38).order(endian.order);
        out.put((byte) endian.letters.charAt(0)).put((byte) endian.letters.charAt(1)).putShort((short) 42).putInt(8);
        out.putShort((short) 2);
        out.putShort((short) 0x10f).putShort((short) 2).putInt(1).putInt(0);
        return out.putShort((short) 0x112).putShort((short) 3).putInt(1).putShort((short) orientation).array();
    }

    private static Orientation read(byte[] block) {
        return Orientation.firstOf(ExifOrientation.of(block, 0, block.length), null);
    }

    // The image is    1 2 3
    //                  4 5 6
    @ParameterizedTest
    @CsvSource({
        "0, 3, 123456", "1, 3, 123456", "2, 3, 321654", "3, 3, 654321", "4, 3, 456123",
        "5, 2, 142536", "6, 2, 415263", "7, 2, 635241", "8, 2, 362514", "9, 3, 123456"
    })
    void rotatesAnImageAsTheTagSays(int tag, int width, String pixels) {
        byte[] rgb = new byte[18];
        for (int i = 0; i < 18; i++) rgb[i] = (byte) (10 * (1 + i / 3) + i % 3);

        RgbImage rotated = Orientation.of(tag).apply(new RgbImage(3, 2, rgb));

        byte[] expected = new byte[18];
        for (int i = 0; i < 18; i++) expected[i] = (byte) (10 * (pixels.charAt(i / 3) - '0') + i % 3);
        assertEquals(width, rotated.width());
        assertArrayEquals(expected, rotated.rgb());
    }

    @ParameterizedTest
    @EnumSource(Endian.class)
    void readsTheTagInBothByteOrders(Endian endian) {
        for (int tag = 1; tag <= 8; tag++) assertEquals(Orientation.of(tag), read(exif(endian, tag)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 9, 20, 33})
    void takesABlockThatMakesNoSenseAsUpright(int length) {
        assertEquals(Orientation.UPRIGHT, read(Arrays.copyOf(exif(Endian.BIG, 6), length)));
    }

    @Test
    void readsNothingOutsideAHostileBlock() {
        Random random = new Random(4);
        for (int i = 0; i < 20_000; i++) {
            byte[] block = exif(i % 2 == 0 ? Endian.BIG : Endian.LITTLE, 6);
            for (int k = 0; k < 3; k++) block[4 + random.nextInt(block.length - 4)] = (byte) random.nextInt(256);
            read(block);
        }
    }

    @Test
    void appliesToJpegOnlyWhenAskedTo() {
        Path file = Golden.file("images/photo_exif6_90x60.jpg");
        RgbImage asStored = new ImageDecoder(10_000, false).decode(file);

        RgbImage upright = new ImageDecoder(10_000, true).decode(file);

        assertEquals(90, asStored.width());
        assertEquals(60, upright.width());
        assertArrayEquals(Orientation.of(6).apply(asStored).rgb(), upright.rgb());
    }

    @Test
    void appliesToPngOnlyWhenAskedTo() {
        byte[] rows = Pngs.deflated(Pngs.bytes(0, 10, 20));
        byte[] file = new Pngs().header(2, 1, 8, 0, 0).chunk("eXIf", exif(Endian.LITTLE, 6)).data(rows).end();

        assertEquals(2, new ImageDecoder(10, false).decode(file, "x").width());
        assertEquals(2, new ImageDecoder(10, true).decode(file, "x").height());
    }

    private static final String XMP = "<x tiff:Orientation=\"6\"/>";

    static Stream<Arguments> metadata() {
        byte[] exif = exif(Endian.BIG, 6);
        byte[] upright = exif(Endian.BIG, 1);
        String hex = HexFormat.of().formatHex(exif);
        String profile = "Raw profile type exif\0\nexif\n      38\n" + hex.substring(0, 40) + "\n" + hex.substring(40) + "\n";
        byte[] deflated = Pngs.deflated(text(profile.substring(profile.indexOf('\0') + 1)));
        return Stream.of(
                Arguments.of("Exif", true, chunks("eXIf", exif)),
                Arguments.of("raw profile", true, chunks("tEXt", text(profile))),
                Arguments.of("compressed raw profile", true, chunks("zTXt", joined(text("Raw profile type exif\0\0"), deflated))),
                Arguments.of("XMP", true, chunks("iTXt", text("XML:com.adobe.xmp\0\0\0\0\0" + XMP))),
                Arguments.of("compressed XMP", true, chunks("iTXt", joined(text("XML:com.adobe.xmp\0\1\0\0\0"), Pngs.deflated(text(XMP))))),
                Arguments.of("Exif before XMP", false, chunks("iTXt", text("XML:com.adobe.xmp\0\0\0\0\0" + XMP), "eXIf", upright)),
                Arguments.of("no method of compression", false, chunks("zTXt", joined(text("Raw profile type exif\0\1"), deflated))),
                Arguments.of("no hexadecimal digits", false, chunks("tEXt", text("Raw profile type exif\0\nexif\n 9\nxyz"))),
                Arguments.of("cut", false, chunks("iTXt", text("XML:com.adobe.xmp\0\0"))),
                Arguments.of("other text", false, chunks("tEXt", text("Comment\0" + XMP))));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    /** A PNG of 2 x 1 pixels with one or two chunks before its data. */
    private static byte[] chunks(Object... typesAndData) {
        Pngs png = new Pngs().header(2, 1, 8, 0, 0);
        for (int i = 0; i < typesAndData.length; i += 2) png.chunk((String) typesAndData[i], (byte[]) typesAndData[i + 1]);
        return png.data(Pngs.deflated(Pngs.bytes(0, 10, 20))).end();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("metadata")
    void readsTheOrientationWherePillowDoes(String name, boolean rotated, byte[] png) {
        assertEquals(rotated ? 2 : 1, new ImageDecoder(10, true).decode(png, name).height());
        assertEquals(1, new ImageDecoder(10, false).decode(png, name).height());
    }

    @Test
    void theLastEntryAndTheFirstValueCount() {
        byte[] block = exif(Endian.LITTLE, 6);
        ByteBuffer twice = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
        twice.putShort(10, (short) 0x112).putShort(12, (short) 3).putInt(14, 1).putShort(18, (short) 3);
        assertEquals(Orientation.of(6), read(block));

        twice.putInt(26, 2);
        assertEquals(Orientation.of(6), read(block));
    }
}
