package dev.mme5.engine.image.png;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mme5.engine.image.Golden;
import dev.mme5.engine.image.Pngs;
import dev.mme5.engine.image.raster.ImageException;
import dev.mme5.engine.image.raster.RgbImage;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PngDecoderTest {
    private static final byte[] ROWS_2X2 = Pngs.deflated(Pngs.bytes(0, 10, 20, 0, 30, 40));

    private static RgbImage decode(byte[] file) {
        return Golden.decoder().decode(file, "a.png");
    }

    @Test
    void undoesEachFilter() {
        byte[] file = Pngs.grey(3, 5,
                0, 10, 20, 30,
                1, 11, 1, 1,          // to the left: 11 12 13
                2, 1, 1, 1,           // above: 12 13 14
                3, 1, 1, 1,           // mean of left and above: 7 11 13
                4, 1, 1, 1);          // paeth: 8 12 14

        byte[] red = new byte[15];
        for (int i = 0; i < 15; i++) red[i] = decode(file).rgb()[3 * i];

        assertArrayEquals(Pngs.bytes(10, 20, 30, 11, 12, 13, 12, 13, 14, 7, 11, 13, 8, 12, 14), red);
    }

    @Test
    void laysTransparentPixelsOverWhite() {
        byte[] rows = Pngs.deflated(Pngs.bytes(0, 10, 20, 30, 255, 10, 20, 30, 0, 10, 20, 30, 128));
        byte[] file = new Pngs().header(3, 1, 8, 6, 0).data(rows).end();

        assertArrayEquals(Pngs.bytes(10, 20, 30, 255, 255, 255, 132, 137, 142), decode(file).rgb());
    }

    @Test
    void clipsSixteenBitGreyAndKeepsTheHighByteOfSixteenBitColour() {
        byte[] grey = Pngs.deflated(Pngs.bytes(0, 0, 200, 1, 0, 255, 255));
        byte[] colour = Pngs.deflated(Pngs.bytes(0, 1, 99, 2, 99, 3, 99));

        byte[] ofGrey = decode(new Pngs().header(3, 1, 16, 0, 0).data(grey).end()).rgb();
        byte[] ofColour = decode(new Pngs().header(1, 1, 16, 2, 0).data(colour).end()).rgb();

        assertArrayEquals(Pngs.bytes(200, 200, 200, 255, 255, 255, 255, 255, 255), ofGrey);
        assertArrayEquals(Pngs.bytes(1, 2, 3), ofColour);
    }

    @Test
    void comparesTheKeyOfAGreyImageWithItsEightBits() {
        byte[] rows = Pngs.deflated(Pngs.bytes(0, 0, 7, 0, 8));
        byte[] nibbles = Pngs.deflated(Pngs.bytes(0, 0x56));

        byte[] of16 = decode(new Pngs().header(2, 1, 16, 0, 0).chunk("tRNS", Pngs.bytes(9, 7)).data(rows).end()).rgb();
        byte[] of4 = decode(new Pngs().header(2, 1, 4, 0, 0).chunk("tRNS", Pngs.bytes(0, 85)).data(nibbles).end()).rgb();

        assertArrayEquals(Pngs.bytes(255, 255, 255, 8, 8, 8), of16);
        assertArrayEquals(Pngs.bytes(255, 255, 255, 102, 102, 102), of4);
    }

    @Test
    void ignoresTheColourKeyOfAnRgbImage() {
        byte[] rows = Pngs.deflated(Pngs.bytes(0, 1, 2, 3));

        byte[] file = new Pngs().header(1, 1, 8, 2, 0).chunk("tRNS", Pngs.bytes(0, 1, 0, 2, 0, 3)).data(rows).end();

        assertArrayEquals(Pngs.bytes(1, 2, 3), decode(file).rgb());
    }

    @Test
    void readsImageDataFromManyChunksAmongOthersThatItSkips() {
        Pngs png = new Pngs().header(2, 2, 8, 0, 0).chunk("iCCP", Pngs.bytes(1, 2, 3)).chunk("gAMA", new byte[4]);
        for (byte b : ROWS_2X2) png.data(new byte[] {b}).data(new byte[0]);
        byte[] file = png.chunk("tEXt", new byte[1000]).end();

        byte[] withTrailer = Arrays.copyOf(file, file.length + 17);

        assertArrayEquals(Pngs.bytes(10, 10, 10, 20, 20, 20, 30, 30, 30, 40, 40, 40), decode(file).rgb());
        assertArrayEquals(decode(file).rgb(), decode(withTrailer).rgb());
    }

    static Stream<Arguments> unharmed() {
        byte[] good = Pngs.grey(2, 2, 0, 10, 20, 0, 30, 40);
        Supplier<Pngs> header = () -> new Pngs().header(2, 2, 8, 0, 0);
        int checksumOfData = good.length - 16;
        return Stream.of(
                Arguments.of("checksum of IDAT", flipped(good, checksumOfData)),
                Arguments.of("checksum of IEND", flipped(good, good.length - 1)),
                Arguments.of("checksum of a text before the image",
                        flipped(header.get().chunk("tEXt", new byte[2]).data(ROWS_2X2).end(), 42)),
                Arguments.of("no IEND", header.get().data(ROWS_2X2).toBytes()),
                Arguments.of("no checksum of IDAT", Arrays.copyOf(good, checksumOfData)),
                Arguments.of("a cut chunk after the image",
                        header.get().data(ROWS_2X2).raw(Pngs.bytes(0, 0, 9, 0, 't', 'E', 'X', 't')).toBytes()),
                Arguments.of("a text before the header", new Pngs().chunk("tEXt", new byte[2]).header(2, 2, 8, 0, 0).data(ROWS_2X2).end()),
                Arguments.of("the header twice", header.get().header(2, 2, 8, 0, 0).data(ROWS_2X2).end()),
                Arguments.of("zeros after the image", header.get().data(ROWS_2X2).raw(new byte[20]).toBytes()),
                Arguments.of("a second image", header.get().data(ROWS_2X2).chunk("tEXt", new byte[2]).data(ROWS_2X2).end()),
                Arguments.of("a palette after the image", header.get().data(ROWS_2X2).chunk("PLTE", new byte[4]).end()),
                Arguments.of("a palette of an image that has none", header.get().chunk("PLTE", new byte[4]).data(ROWS_2X2).end()),
                Arguments.of("more data than pixels", Pngs.grey(2, 2, 0, 10, 20, 0, 30, 40, 0, 1, 2, 3)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unharmed")
    void readsAnImageWhosePixelsAreAllThere(String kind, byte[] file) {
        assertArrayEquals(Pngs.bytes(10, 10, 10, 20, 20, 20, 30, 30, 30, 40, 40, 40), decode(file).rgb(), kind);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vpAg", "ABCD", "fcTL"})
    void whereColourNeedsNoTableNoOtherChecksumMatters(String chunk) {
        byte[] rows = Pngs.deflated(Pngs.bytes(0, 1, 2, 3));

        byte[] file = new Pngs().header(1, 1, 8, 2, 0).chunk(chunk, new byte[2]).data(rows).end();

        assertArrayEquals(Pngs.bytes(1, 2, 3), decode(flipped(file, 42)).rgb());
    }

    @Test
    void readsDataWhoseHeaderNamesTooSmallAWindow() {
        byte[] rows = new byte[2 * 801];
        new Random(1).nextBytes(rows);
        rows[0] = 0;
        System.arraycopy(rows, 0, rows, 801, 801); // 801 bytes back
        byte[] data = Pngs.deflated(rows);
        byte[] small = data.clone();
        small[0] = 0x08; // a window of 256 bytes
        small[1] = 0x1d;

        assertArrayEquals(
                decode(new Pngs().header(800, 2, 8, 0, 0).data(data).end()).rgb(),
                decode(new Pngs().header(800, 2, 8, 0, 0).data(small).end()).rgb());
    }

    @Test
    void aKeyAfterTheImageDataCountsAsInPillow() {
        byte[] file = new Pngs().header(2, 2, 8, 0, 0).data(ROWS_2X2).chunk("tRNS", Pngs.bytes(0, 20)).end();

        assertArrayEquals(Pngs.bytes(10, 10, 10, 255, 255, 255, 30, 30, 30, 40, 40, 40), decode(file).rgb());
    }

    static Stream<Arguments> damage() {
        byte[] good = Pngs.grey(2, 2, 0, 10, 20, 0, 30, 40);
        byte[] palette = Pngs.bytes(1, 2, 3, 4, 5, 6);
        Supplier<Pngs> header = () -> new Pngs().header(2, 2, 8, 0, 0);
        byte[] checksum = ROWS_2X2.clone();
        checksum[checksum.length - 1] ^= 1;
        return Stream.of(
                Arguments.of(flipped(good, 17), "is damaged: the checksum of chunk IHDR is wrong"),
                Arguments.of(flipped(good, 44), "is damaged: its image data cannot be inflated (incorrect data check)"),
                Arguments.of(flipped(header.get().chunk("tRNS", new byte[2]).data(ROWS_2X2).end(), 42),
                        "is damaged: the checksum of chunk tRNS is wrong"),
                Arguments.of(flipped(header.get().chunk("vpAg", new byte[2]).data(ROWS_2X2).end(), 42),
                        "is damaged: the checksum of chunk vpAg is wrong"),
                Arguments.of(header.get().data(Arrays.copyOf(ROWS_2X2, 5)).toBytes(),
                        "is damaged: its compressed image data are not whole"),
                Arguments.of(header.get().chunk("tEXt", new byte[9]).toBytes(), "is cut off: byte 62 is needed, the file has 54"),
                Arguments.of(header.get().end(), "is damaged: it has no IDAT chunk"),
                Arguments.of(new Pngs().end(), "is damaged: it does not start with IHDR"),
                Arguments.of(new Pngs().chunk("CgBI", new byte[4]).end(), "Apple's variant of PNG (CgBI) is not supported"),
                Arguments.of(header.get().header(2, 1, 8, 0, 0).end(), "is damaged: it has two different IHDR chunks"),
                Arguments.of(new Pngs().chunk("IHDR", new byte[12]).end(), "is damaged: IHDR has 12 bytes"),
                Arguments.of(new Pngs().header(2, 2, 8, 5, 0).end(), "is damaged: IHDR: colour type 5"),
                Arguments.of(new Pngs().header(2, 2, 4, 2, 0).end(), "is damaged: IHDR: bit depth 4 with colour type 2"),
                Arguments.of(new Pngs().header(2, 2, 16, 3, 0).end(), "is damaged: IHDR: bit depth 16 with colour type 3"),
                Arguments.of(new Pngs().header(2, 2, 3, 0, 0).end(), "is damaged: IHDR: bit depth 3 with colour type 0"),
                Arguments.of(new Pngs().header(2, 2, 8, 0, 2).end(), "is damaged: IHDR: unknown interlace method 2"),
                Arguments.of(new Pngs().header(0, 2, 8, 0, 0).end(), "is damaged: its size is 0 x 2 pixels"),
                Arguments.of(new Pngs().header(60000, 60000, 8, 2, 0).end(),
                        "is too large: 60000 x 60000 pixels, the limit is 178956970 pixels"),
                Arguments.of(new Pngs().header(-1, -1, 8, 2, 0).end(),
                        "is too large: 4294967295 x 4294967295 pixels, the limit is 178956970 pixels"),
                Arguments.of(header.get().chunk("ABCD", new byte[1]).end(), "is damaged: it needs the unknown chunk ABCD"),
                Arguments.of(header.get().raw(Pngs.bytes(0, 0, 0, 0, '1', '2', '3', '4', 0, 0, 0, 0)).toBytes(),
                        "is damaged: no chunk name at byte 37"),
                Arguments.of(header.get().data(Arrays.copyOf(ROWS_2X2, 5)).chunk("tEXt", new byte[2])
                        .data(Arrays.copyOfRange(ROWS_2X2, 5, ROWS_2X2.length)).end(),
                        "is damaged: its compressed image data are not whole"),
                Arguments.of(header.get().chunk("tRNS", new byte[1]).data(ROWS_2X2).end(), "is damaged: tRNS has 1 bytes"),
                Arguments.of(new Pngs().header(2, 2, 8, 3, 0).chunk("PLTE", new byte[2]).data(ROWS_2X2).end(),
                        "is damaged: PLTE has 2 bytes"),
                Arguments.of(header.get().chunk("fcTL", new byte[26]).data(ROWS_2X2).end(),
                        "is damaged: its first frame (fcTL) does not have the size of the image"),
                Arguments.of(new Pngs().header(2, 2, 8, 3, 0).data(ROWS_2X2).end(), "is damaged: it has no PLTE chunk"),
                Arguments.of(new Pngs().header(2, 2, 8, 3, 0).chunk("PLTE", palette).data(ROWS_2X2).end(),
                        "is damaged: a pixel has colour 10 of a palette of 2"),
                Arguments.of(Pngs.grey(2, 2, 5, 10, 20, 0, 30, 40), "is damaged: unknown row filter 5"),
                Arguments.of(Pngs.grey(2, 2, 0, 10, 20, 0, 30), "is damaged: it has less image data than pixels"),
                Arguments.of(header.get().data(Pngs.deflated(new byte[100_000])).end(), "is damaged: it has more image data than pixels"),
                Arguments.of(header.get().data(Arrays.copyOf(ROWS_2X2, ROWS_2X2.length - 1)).end(),
                        "is damaged: its compressed image data are not whole"),
                Arguments.of(header.get().data(checksum).end(),
                        "is damaged: its image data cannot be inflated (incorrect data check)"),
                Arguments.of(header.get().data(Pngs.bytes(1, 2, 3)).end(),
                        "is damaged: its image data cannot be inflated (incorrect header check)"));
    }

    private static byte[] flipped(byte[] file, int at) {
        byte[] copy = file.clone();
        copy[at] ^= 4;
        return copy;
    }

    @ParameterizedTest
    @MethodSource("damage")
    void refusesDamageAndSaysWhich(byte[] file, String problem) {
        ImageException e = assertThrows(ImageException.class, () -> decode(file));

        assertEquals("a.png: " + problem, e.getMessage());
    }
}
