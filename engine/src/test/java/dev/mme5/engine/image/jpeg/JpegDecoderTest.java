package dev.mme5.engine.image.jpeg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mme5.engine.image.Golden;
import dev.mme5.engine.image.ImageDecoder;
import dev.mme5.engine.image.PillowCases;
import dev.mme5.engine.image.Pngs;
import dev.mme5.engine.image.raster.ImageException;
import dev.mme5.engine.image.raster.Orientation;
import dev.mme5.engine.image.raster.RgbImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JpegDecoderTest {
    private static final byte[] EOI = Pngs.bytes(0xff, 0xd9);

    private static RgbImage decode(byte[] file) {
        return Golden.decoder().decode(file, "a.jpg");
    }

    private static byte[] photo() throws IOException {
        return Golden.bytes("images/photo_420_97x131.jpg");
    }

    private static int indexOf(byte[] file, int marker) {
        for (int i = 0;; i++) if ((file[i] & 0xff) == 0xff && (file[i + 1] & 0xff) == marker) return i;
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) out.writeBytes(part);
        return out.toByteArray();
    }

    /** The file with a segment put in after SOI. */
    private static byte[] with(byte[] file, int marker, byte[] data) {
        byte[] head = Pngs.bytes(0xff, 0xd8, 0xff, marker, data.length + 2 >> 8, data.length + 2 & 0xff);
        return joined(head, data, Arrays.copyOfRange(file, 2, file.length));
    }

    @Test
    void ignoresWhatFollowsTheEnd() throws IOException {
        byte[] longer = joined(photo(), Pngs.bytes(1, 2, 3, 0xff, 0xd8, 0xff), photo());

        assertArrayEquals(decode(photo()).rgb(), decode(longer).rgb());
    }

    @Test
    void ignoresColourProfilesAndMetadataThatMakeNoSense() throws IOException {
        byte[] icc = "ICC_PROFILE\0\1\1 this is no profile".getBytes(StandardCharsets.ISO_8859_1);

        byte[] file = with(with(with(photo(), 0xe2, icc), 0xe0, new byte[0]), 0xfe, new byte[3]);

        assertArrayEquals(decode(photo()).rgb(), decode(file).rgb());
    }

    @Test
    void takesTheChannelsOfAJfifFileForLumaAndChromaWhateverElseItSays() {
        byte[] jfif = "JFIF\0\1\1\0\0\1\0\1\0\0".getBytes(StandardCharsets.ISO_8859_1);
        byte[] rgbByNames = PillowCases.named("rgb-by-channel-names.jpg").file();
        byte[] rgbByAdobe = PillowCases.named("rgb-by-adobe.jpg").file();
        String fromPillow = "8db3c4375e4ae9ea4b6c1d2978a5ba9c644a312a33c75463e2fe838c8c1c5e5e";

        assertEquals(fromPillow, Golden.sha256(decode(with(rgbByNames, 0xe0, jfif)).rgb()));
        assertEquals(fromPillow, Golden.sha256(decode(with(rgbByAdobe, 0xe0, jfif)).rgb()));
    }

    @Test
    void allowsFillBytesBeforeAMarker() throws IOException {
        byte[] file = joined(Pngs.bytes(0xff, 0xd8, 0xff, 0xff, 0xff), Arrays.copyOfRange(photo(), 2, photo().length));

        assertArrayEquals(decode(photo()).rgb(), decode(file).rgb());
    }

    @ParameterizedTest
    @ValueSource(strings = {"photo_420_97x131.jpg", "photo_progressive_110x70.jpg", "photo_grey_64x48.jpg", "photo_cmyk_40x40.jpg"})
    void refusesAnImageThatWasCutAndClosedAgain(String name) throws IOException {
        byte[] file = Golden.bytes("images/" + name);
        int scan = indexOf(file, 0xda);
        for (int length = scan + 20; length < file.length - 8; length += 97) {
            byte[] cut = joined(Arrays.copyOf(file, length), EOI);

            String message = assertThrows(ImageException.class, () -> decode(cut), "at " + length).getMessage();

            assertTrue(message.startsWith("a.jpg: is "), message);
        }
    }

    /** All pixels are there, in less detail than the file once had: Pillow reads it, and estimates what is missing. */
    @Test
    void readsAProgressiveImageWithoutItsLastScan() throws IOException {
        byte[] file = Golden.bytes("images/photo_progressive_110x70.jpg");

        RgbImage image = decode(joined(Arrays.copyOf(file, scanOffsets(file).getLast()), EOI));

        assertEquals("5685973709e1743f16b8d836fdf82d2ac0e5b8c466813b74232f05658c3ddd07", Golden.sha256(image.rgb()));
    }

    @Test
    void refusesAProgressiveImageOfWhichAScanWasLost() throws IOException {
        byte[] file = Golden.bytes("images/photo_progressive_110x70.jpg");
        List<Integer> scans = scanOffsets(file);
        byte[] firstScanLost = joined(Arrays.copyOf(file, scans.get(0)), Arrays.copyOfRange(file, scans.getLast(), file.length));

        assertRefused("is damaged: the scan before byte %d does not continue those before it: coefficient 1".formatted(scans.get(0) + 10),
                firstScanLost);
    }

    /** libjpeg fills the channel with grey. */
    @Test
    void refusesAnImageWithoutAChannel() {
        byte[] file = caseNamed("scans-non-interleaved");

        byte[] cut = joined(Arrays.copyOf(file, scanOffsets(file).get(2)), EOI);

        assertRefused("is damaged: it ends before a scan of channel 3", cut);
    }

    private static List<Integer> scanOffsets(byte[] file) {
        List<Integer> scans = new ArrayList<>();
        for (int i = 0; i + 1 < file.length; i++) if (file[i] == -1 && (file[i + 1] & 0xff) == 0xda) scans.add(i);
        return scans;
    }

    private static byte[] caseNamed(String start) {
        try (Stream<JpegPillowCasesTest.Case> cases = JpegPillowCasesTest.cases()) {
            return cases.filter(c -> c.name().startsWith(start)).findFirst().orElseThrow().file();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertRefused(String problem, byte[] file) {
        assertEquals("a.jpg: " + problem, assertThrows(ImageException.class, () -> decode(file)).getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"photo_420_97x131.jpg", "photo_progressive_110x70.jpg", "photo_grey_64x48.jpg", "photo_cmyk_40x40.jpg"})
    void needsNoEoiIfOtherDataFollowTheImage(String name) throws IOException {
        byte[] file = Golden.bytes("images/" + name);
        byte[] image = Arrays.copyOf(file, file.length - 2);
        byte[] trailer = "SEFH a maker's own data".getBytes(StandardCharsets.US_ASCII);

        assertArrayEquals(decode(file).rgb(), decode(joined(image, trailer)).rgb());
        assertArrayEquals(decode(file).rgb(), decode(joined(image, trailer, photo())).rgb());
    }

    /** A file of which the end was never written: zeros are codes of grey blocks. */
    @Test
    void refusesZerosInPlaceOfTheEnd() throws IOException {
        byte[] file = Arrays.copyOf(Arrays.copyOf(photo(), 2000), 9000);

        assertRefused("is cut off: byte 9001 is needed, the file has 9000", file);
    }

    @Test
    void readsAnImageWithAnythingBetweenItsSegments() throws IOException {
        byte[] file = photo();
        int frame = indexOf(file, 0xc0);
        byte[] shortComment = Pngs.bytes(0xff, 0xfe, 0, 3, 'h', 'e', 'l', 'l', 'o');
        for (byte[] junk : new byte[][] {new byte[9], Pngs.bytes(1, 0xff, 0, 2), Pngs.bytes(0xff, 0xd3), Pngs.bytes(0xff, 1),
            shortComment}) {
            byte[] odd = joined(Arrays.copyOf(file, frame), junk, Arrays.copyOfRange(file, frame, file.length));

            assertArrayEquals(decode(file).rgb(), decode(odd).rgb());
        }
    }

    @Test
    void ignoresTheParametersOfABaselineScan() throws IOException {
        byte[] file = photo();
        int data = indexOf(file, 0xda) + 14;

        byte[] odd = changed(changed(changed(file, data - 3, 0), data - 2, 0), data - 1, 0x11);

        assertArrayEquals(decode(file).rgb(), decode(odd).rgb());
    }

    @Test
    void refusesARestartMarkerThatIsOutOfOrder() {
        byte[] file = caseNamed("odd-restarts");
        int data = scanOffsets(file).get(0);
        int marker = data;
        while (file[marker] != -1 || (file[marker + 1] & 0xff) != 0xd0) marker++;

        assertRefused("is damaged: restart marker 1 at byte %d, expected 0".formatted(marker), changed(file, marker + 1, 0xd1));
        assertRefused("is damaged: restart marker 7 at byte %d, expected 0".formatted(marker), changed(file, marker + 1, 0xd7));
    }

    @Test
    void refusesACodeThatIsNoneOfItsTable() throws IOException {
        byte[] file = photo();
        int data = indexOf(file, 0xda) + 14;
        byte[] ones = file.clone();
        for (int i = data + 40; i < data + 60; i += 2) {
            ones[i] = -1;
            ones[i + 1] = 0;
        }

        String message = assertThrows(ImageException.class, () -> decode(ones)).getMessage();

        assertTrue(message.startsWith("a.jpg: is damaged: an invalid Huffman code at byte "), message);
    }

    @Test
    void orientationInXmpCountsIfExifHasNone() throws IOException {
        byte[] xmp = "http://ns.adobe.com/xap/1.0/\0<x tiff:Orientation=\"6\"/>".getBytes(StandardCharsets.ISO_8859_1);
        byte[] upright = photo();
        byte[] exifOfAnother = Golden.bytes("images/photo_exif6_90x60.jpg");
        ImageDecoder exif = new ImageDecoder(1_000_000, true);

        RgbImage rotated = exif.decode(with(upright, 0xe1, xmp), "a.jpg");

        assertEquals(131, rotated.width());
        assertArrayEquals(Orientation.of(6).apply(decode(upright)).rgb(), rotated.rgb());
        byte[] other = new String(xmp, StandardCharsets.ISO_8859_1).replace('6', '3').getBytes(StandardCharsets.ISO_8859_1);
        assertArrayEquals(exif.decode(exifOfAnother, "a.jpg").rgb(), exif.decode(with(exifOfAnother, 0xe1, other), "a.jpg").rgb());
    }

    static Stream<Arguments> damage() throws IOException {
        byte[] file = photo();
        int frame = indexOf(file, 0xc0);
        int scan = indexOf(file, 0xda);
        return Stream.of(
                Arguments.of(Arrays.copyOf(file, 2), "is cut off: byte 3 is needed, the file has 2"),
                Arguments.of(Arrays.copyOf(file, file.length - 1), "is cut off: byte 3908 is needed, the file has 3907"),
                Arguments.of(Arrays.copyOf(file, file.length - 2), "is cut off: byte 3907 is needed, the file has 3906"),
                Arguments.of(Arrays.copyOf(file, file.length - 60),
                        "is cut off: its coded data end at byte 3848, after 128 of 131 rows of pixels"),
                Arguments.of(joined(Arrays.copyOf(file, 2000), EOI),
                        "is damaged: its coded data end at byte 2000, after 48 of 131 rows of pixels"),
                Arguments.of(joined(Arrays.copyOf(file, scan), EOI), "is damaged: it has no scan"),
                Arguments.of(joined(Arrays.copyOf(file, frame), EOI), "is damaged: it has no frame"),
                Arguments.of(joined(Arrays.copyOf(file, 2), new byte[8], EOI), "is damaged: no marker at byte 2"),
                Arguments.of(with(file, 0xf7, new byte[3]), "is damaged: unknown marker 0xf7 at byte 2"),
                Arguments.of(joined(Arrays.copyOf(file, 2), Pngs.bytes(0xff, 0xdb, 0, 1)),
                        "is damaged: a segment of 1 bytes at byte 4"),
                Arguments.of(changed(file, frame + 1, 0xc3), "lossless JPEG is not supported"),
                Arguments.of(changed(file, frame + 1, 0xc5), "hierarchical JPEG is not supported"),
                Arguments.of(changed(file, frame + 4, 12), "JPEG with 12 bits a sample is not supported"),
                Arguments.of(changed(changed(file, frame + 5, 0), frame + 6, 0), "is damaged: its size is 97 x 0 pixels"),
                Arguments.of(changed(changed(file, frame + 5, 255), frame + 7, 255),
                        "is too large: 65377 x 65411 pixels, the limit is 178956970 pixels"),
                Arguments.of(changed(file, frame + 9, 4), "is damaged: a frame header of 15 bytes"),
                Arguments.of(changed(file, frame + 11, 0x52), "is damaged: a sampling factor of 5"),
                Arguments.of(changed(file, frame + 11, 0x44), "is damaged: 18 blocks in an MCU, the limit is 10"),
                Arguments.of(changed(changed(file, frame + 11, 0x31), frame + 14, 0x21),
                        "JPEG with sampling factors 3 and 2 is not supported"),
                Arguments.of(changed(file, frame + 12, 3), "is damaged: quantisation table 3 of channel 1 is missing"),
                Arguments.of(changed(file, scan + 6, 0x20), "is damaged: Huffman table 2 for DC is missing"),
                Arguments.of(changed(changed(file, frame + 5, 50), frame + 7, 50),
                        "is damaged: its 3908 bytes cannot hold 12897 x 12931 pixels"),
                Arguments.of(with(file, 0xdd, Pngs.bytes(0, 1, 0)), "is damaged: a restart interval segment of 5 bytes at byte 4"),
                Arguments.of(changed(file, scan + 5, 77), "is damaged: a scan of the unknown channel 77"),
                Arguments.of(changed(file, scan + 4, 2), "is damaged: a scan header of 10 bytes"),
                Arguments.of(Pngs.bytes(0xff, 0xd8, 0xff, 0xc0, 0, 14, 8, 0, 9, 0, 9, 2, 1, 17, 0, 2, 17, 0,
                        0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0), "JPEG with 2 channels is not supported"),
                Arguments.of(with(file, 0xc0, Pngs.bytes(8, 0, 9, 0, 9, 5, 1, 17, 0, 2, 17, 0, 3, 17, 0, 4, 17, 0, 5, 17, 0)),
                        "JPEG with 5 channels is not supported"));
    }

    private static byte[] changed(byte[] file, int at, int value) {
        byte[] copy = file.clone();
        copy[at] = (byte) value;
        return copy;
    }

    @ParameterizedTest
    @MethodSource("damage")
    void refusesDamageAndSaysWhich(byte[] file, String problem) {
        ImageException e = assertThrows(ImageException.class, () -> decode(file));

        assertEquals("a.jpg: " + problem, e.getMessage());
    }

    /**
     * Millions of fill bytes in front of a marker, in a place where decoding goes on with zeros to the end of an MCU: looking for
     * the marker each time would take seconds.
     */
    @Test
    void looksForTheEndOfTheDataOnce() {
        byte[] fill = new byte[16_000_000];
        Arrays.fill(fill, (byte) 0xff);
        byte[] factors = new byte[64];
        Arrays.fill(factors, (byte) 1);
        byte[] file = joined(Pngs.bytes(0xff, 0xd8, 0xff, 0xdb, 0, 67, 0), factors,
                Pngs.bytes(0xff, 0xc0, 0, 17, 8, 0, 16, 0, 32, 3, 1, 0x42, 0, 2, 0x11, 0, 3, 0x11, 0),
                Pngs.bytes(0xff, 0xc4, 0, 20, 0x00, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), // DC: 0 is no difference
                Pngs.bytes(0xff, 0xc4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10), // AC: 0 is 10 bits more
                Pngs.bytes(0xff, 0xda, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0, 0), fill, Pngs.bytes(0xd9));

        long before = System.nanoTime();
        ImageException e = assertThrows(ImageException.class, () -> decode(file));

        assertTrue(e.getMessage().contains("its coded data end"), e.getMessage());
        assertTrue(System.nanoTime() - before < 10_000_000_000L, // it was 19 s
                (System.nanoTime() - before) / 1_000_000 + " ms");
    }

    /** Each scan passes over the whole image: a hundred thousand of them in a small file would take hours. */
    @Test
    void refusesMoreScansThanAnyEncoderWrites() {
        byte[] photo = caseNamed("scans-dc-only");
        int scan = indexOf(photo, 0xda);
        int end = scan + 2;
        while ((photo[end] & 0xff) != 0xff || photo[end + 1] == 0) end++;
        byte[] many = Arrays.copyOf(photo, scan);
        for (int i = 0; i < 101; i++) many = joined(many, Arrays.copyOfRange(photo, scan, end));
        byte[] file = joined(many, EOI);

        ImageException refusal = assertThrows(ImageException.class, () -> decode(file));

        assertEquals("a.jpg: JPEG with more than 100 scans is not supported", refusal.getMessage());
    }
}
