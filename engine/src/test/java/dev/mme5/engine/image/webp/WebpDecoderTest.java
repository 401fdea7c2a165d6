package dev.mme5.engine.image.webp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mme5.engine.image.Golden;
import dev.mme5.engine.image.ImageDecoder;
import dev.mme5.engine.image.raster.ImageException;
import dev.mme5.engine.image.raster.RgbImage;
import dev.mme5.engine.image.webp.Webps.Bits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebpDecoderTest {
    private static final int OTHERS = 4; // prefix codes after that of green

    private final ImageDecoder decoder = Golden.decoder();

    private String refusal(byte[] file) {
        return assertThrows(ImageException.class, () -> decoder.decode(file, "x")).getMessage();
    }

    /** Pixels of one colour, each without a bit. */
    private static Bits flat(int width, int height, int red, int green, int blue) {
        return Bits.image(width, height).put(0, 3).single(green).single(red).single(blue).single(255).single(0);
    }

    @ParameterizedTest
    @MethodSource("dev.mme5.engine.image.webp.WebpCases#all")
    void decodesOrRefusesAsPillowDoes(WebpCases.Case c) {
        String result;
        try {
            RgbImage image = decoder.decode(c.file(), c.name());
            result = "%d %d %s".formatted(image.width(), image.height(), Golden.sha256(image.rgb()));
        } catch (ImageException e) {
            result = "refused";
        }

        assertEquals(c.expected(), result);
    }

    @Test
    void casesAreOfAllKinds() {
        for (String kind : new String[] {"lossy", "alpha", "lossless", "animation", "flip", "cut", "exif"}) {
            assertTrue(WebpCases.all().anyMatch(c -> c.name().startsWith(kind)), kind);
        }
        assertTrue(WebpCases.accepted().count() > 120);
        assertTrue(WebpCases.all().filter(WebpCases.Case::refused).count() > 30);
    }

    @ParameterizedTest
    @MethodSource("dev.mme5.engine.image.webp.WebpCases#accepted")
    void refusesAFileThatIsCutAnywhere(WebpCases.Case c) {
        byte[] file = c.file();
        int length = 8 + (file[4] & 0xff | (file[5] & 0xff) << 8);
        for (int i = 0; i < length; i += i < 60 ? 1 : 7) {
            byte[] cut = Arrays.copyOf(file, i);

            assertThrows(ImageException.class, () -> decoder.decode(cut, "x"), "cut to " + i);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.mme5.engine.image.webp.WebpCases#all")
    void neverFailsOtherwise(WebpCases.Case c) {
        Random random = new Random(5);
        ImageDecoder small = new ImageDecoder(1_000_000, true);
        for (int i = 0; i < 60; i++) {
            byte[] changed = c.file().clone();
            for (int flips = random.nextInt(3); flips >= 0; flips--) changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            try {
                small.decode(changed, "x");
            } catch (ImageException e) {
                assertTrue(e.getMessage().startsWith("x: "));
            }
        }
    }

    @Test
    void aFlatLosslessImageTakesNoBitsPerPixel() {
        RgbImage image = decoder.decode(flat(3, 2, 10, 20, 30).file(), "x");

        assertEquals(3, image.width());
        assertArrayEquals(new byte[] {10, 20, 30, 10, 20, 30, 10, 20, 30, 10, 20, 30, 10, 20, 30, 10, 20, 30}, image.rgb());
    }

    @Test
    void exifRotatesOnlyWhenAsked() {
        byte[] file = Webps.riff(Webps.extended(0x08, 3, 2), Webps.chunk("VP8L", flat(3, 2, 1, 2, 3).bytes()), Webps.exif(6));

        assertEquals(3, decoder.decode(file, "x").width());
        assertEquals(2, new ImageDecoder(100, true).decode(file, "x").width());
    }

    @ParameterizedTest
    @CsvSource({
        "0x04, -1, 6, 2", // XMP alone
        "0x0c, 0, 6, 3", // a wrong value in Exif is one, too: upright
        "0x0c, 1, 6, 3", // Exif comes first
        "0x0c, 8, 1, 2",
        "0x08, -1, 6, 3", // the flag of XMP is not set
        "0x04, 6, 1, 3", // the flag of Exif is not set
        "0x0c, -1, 0, 3"
    })
    void orientationIsThatOfExifElseThatOfXmp(String flags, int exif, int xmp, int width) {
        byte[] packet = "<x tiff:Orientation=\"%d\"/>".formatted(xmp).getBytes(StandardCharsets.US_ASCII);
        byte[] file = Webps.riff(Webps.extended(Integer.decode(flags), 3, 2), Webps.chunk("VP8L", flat(3, 2, 1, 2, 3).bytes()),
                exif < 0 ? new byte[0] : Webps.exif(exif), Webps.chunk("XMP ", packet));

        assertEquals(3, decoder.decode(file, "x").width());
        assertEquals(width, new ImageDecoder(100, true).decode(file, "x").width());
    }

    @ParameterizedTest
    @CsvSource({"1, 4, 3", "2, 3, 4"})
    void heapIsAskedForBeforeItIsTaken(int orientation, int width, int height) {
        byte[] file = Webps.riff(Webps.extended(0x08, width, height), Webps.chunk("VP8L", flat(width, height, 1, 2, 3).bytes()),
                Webps.exif(orientation));
        long needed = file.length + 36L * orientation + 4 * (12 + 3) + (512 << 10);
        ImageDecoder any = new ImageDecoder(100, true);

        assertEquals(width, any.decode(file, "x", asked -> needed).width());
        assertTrue(assertThrows(ImageException.class, () -> any.decode(file, "x", asked -> needed - 1)).lacksHeap());
    }

    @Test
    void aHugeCanvasIsRefusedFromTheHeader() {
        byte[] frame = Webps.chunk("VP8L", flat(1, 1, 1, 2, 3).bytes());
        byte[] position = new byte[16];
        byte[] anmf = Arrays.copyOf(position, 16 + frame.length);
        System.arraycopy(frame, 0, anmf, 16, frame.length);
        byte[] file = Webps.riff(Webps.extended(0x12, 16384, 16383), Webps.chunk("ANIM", new byte[6]), Webps.chunk("ANMF", anmf));

        assertEquals("x: is too large: 16384 x 16383 pixels, the limit is 178956970 pixels", refusal(file));
        assertTrue(assertThrows(ImageException.class, () -> new ImageDecoder(1L << 30, false).decode(file, "x", asked -> 700_000_000))
                .lacksHeap());
    }

    @Test
    void refusesWhatIsNoWholeContainer() {
        byte[] image = Webps.chunk("VP8L", flat(3, 2, 1, 2, 3).bytes());

        assertEquals("x: is damaged: its first chunk is not VP8, VP8L or VP8X", refusal(Webps.riff(Webps.chunk("ICCP"), image)));
        assertEquals("x: is damaged: a second image", refusal(Webps.riff(Webps.extended(0, 3, 2), image, image)));
        assertEquals("x: is damaged: no image in it", refusal(Webps.riff(Webps.extended(0, 3, 2), Webps.exif(1))));
        assertEquals("x: is damaged: a frame of 3 x 2 pixels at 0, 0 of a canvas of 4 x 2",
                refusal(Webps.riff(Webps.extended(0, 4, 2), image)));
        assertEquals("x: is damaged: a frame before the ANIM chunk",
                refusal(Webps.riff(Webps.extended(2, 3, 2), Webps.chunk("ANMF", new byte[24]))));
        assertEquals("x: is damaged: unknown flags 0x41", refusal(Webps.riff(Webps.extended(0x41, 3, 2), image)));
    }

    // Attacks on the lossless decoder.

    @Test
    void refusesCodeLengthsThatWouldOverflowTheTables() {
        // CVE-2023-4863: lengths whose second tables are larger than a decoder reckons with. Oversubscribed: 40 codes of 9 bits
        // after 255/256 of the space is taken by shorter ones.
        int[] lengths = new int[60];
        for (int i = 0; i < 8; i++) lengths[i] = i + 1;
        for (int i = 8; i < lengths.length; i++) lengths[i] = 15;
        Bits incomplete = Bits.image(8, 8).put(0, 3).lengths(lengths);
        for (int i = 0; i < OTHERS; i++) incomplete.single(0);
        lengths[0] = 2;
        lengths[9] = 1;
        lengths[10] = 1;
        Bits oversubscribed = Bits.image(8, 8).put(0, 3).lengths(lengths);

        assertEquals("x: is damaged: a prefix code of its lossless stream is not complete", refusal(incomplete.file()));
        assertEquals("x: is damaged: a prefix code of its lossless stream is not complete", refusal(oversubscribed.file()));
    }

    @Test
    void acceptsTheLongestCompleteCode() {
        int[] lengths = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 15};
        Bits bits = Bits.image(2, 1).put(0, 3).lengths(lengths);
        bits.single(255).single(255).single(255).single(0);
        bits.put(0x7fff, 15).put(0x3fff, 15); // all ones is the last symbol, 15; a zero at its end the one before

        RgbImage image = decoder.decode(bits.file(), "x");

        assertEquals(15, image.rgb()[1]);
        assertEquals(14, image.rgb()[4]);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 12, 15})
    void refusesAColorCacheOfAnImpossibleSize(int cacheBits) {
        assertEquals("x: is damaged: a colour cache of %d bits, expected 1 to 11".formatted(cacheBits),
                refusal(Bits.image(2, 2).put(0, 1).put(1, 1).put(cacheBits, 4).put(0, 32).put(0, 32).file()));
    }

    @Test
    void refusesATransformThatIsThereTwice() {
        assertEquals("x: is damaged: a transform of its lossless stream is there twice",
                refusal(Bits.image(2, 2).put(1, 1).put(2, 2).put(1, 1).put(2, 2).put(0, 32).file()));
    }

    @Test
    void refusesACopyFromBeforeTheFirstPixelAndBeyondTheLast() {
        // Green has symbol 256 (length 1) beside 0; a distance code 0 is the pixel above.
        int[] lengths = new int[257];
        lengths[0] = 1;
        lengths[256] = 1;
        Bits bits = Bits.image(4, 4).put(0, 3).put(0, 1).put(15, 4);
        for (int symbol : new int[] {17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}) {
            bits.put(symbol == 18 ? 1 : symbol == 1 ? 1 : 0, 3);
        }
        bits.put(0, 1); // codes for all 280 symbols: 1 is "0", 18 is "1"
        bits.put(0, 1).put(1, 1).put(127, 7).put(1, 1).put(255 - 138 - 11, 7).put(0, 1).put(1, 1).put(280 - 257 - 11, 7);
        for (int i = 0; i < OTHERS; i++) bits.single(0);
        bits.put(1, 1).put(0, 32).put(0, 32);

        assertEquals("x: is damaged: a lossless copy of 1 pixels from 4 before pixel 0 of 16", refusal(bits.file()));
    }

    @Test
    void groupsOfCodesThatNoRegionUsesTakeNoHeap() {
        // Regions of 4 x 4 pixels whose groups are 0 and 65535: all between are read, but not kept.
        Bits bits = Bits.image(64, 64).put(0, 2).put(1, 1).put(0, 3).put(0, 1);
        for (int channel = 0; channel < 2; channel++) bits.put(1, 1).put(1, 1).put(1, 1).put(0, 8).put(255, 8); // 0 or 255
        bits.single(0).single(255).single(0);
        for (int i = 0; i < 256; i++) bits.put(i & 1, 1).put(i & 1, 1);
        for (int i = 0; i < 5 * 65536; i++) bits.put(1, 4); // a single symbol, 0
        byte[] file = bits.file();
        long needed = file.length + 3 * 4096 + 4 * (4096 + 3 * 256) + (512 << 10);

        RgbImage image = decoder.decode(file, "x", asked -> needed);

        assertEquals(64, image.width());
    }

    @Test
    void groupsOfCodesThatAreUsedAskForHeap() {
        Bits bits = Bits.image(64, 64).put(0, 2).put(1, 1).put(0, 3).put(0, 1);
        bits.put(0, 1).put(12 - 4, 4).put(0, 33).put(1, 3).put(1, 1).put(3, 3).put(254, 8); // 256 greens of 8 bits
        for (int i = 0; i < OTHERS; i++) bits.single(0);
        for (int i = 0; i < 256; i++) bits.put(Integer.reverse(i) >>> 24, 8);
        for (int i = 0; i < 5 * 256; i++) bits.lengths(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 15);
        for (int i = 0; i < 4096; i++) bits.put(0, 4);
        byte[] file = bits.file();

        assertEquals(64, decoder.decode(file, "x", asked -> 5_000_000).width());
        assertTrue(assertThrows(ImageException.class, () -> decoder.decode(file, "x", asked -> 1_000_000)).lacksHeap());
    }

    @Test
    void aTinyFileOfTheLargestSizeIsDecodedInTime() {
        byte[] file = flat(16383, 1000, 1, 2, 3).file();

        RgbImage image = assertTimeoutPreemptively(Duration.ofSeconds(30), () -> decoder.decode(file, "x"));

        assertEquals(16383, image.width());
    }
}
