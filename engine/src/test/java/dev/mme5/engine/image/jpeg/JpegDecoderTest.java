package dev.mme5.engine.image.jpeg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mme5.engine.image.Golden;
import dev.mme5.engine.image.PillowCases;
import dev.mme5.engine.image.Pngs;
import dev.mme5.engine.image.raster.ImageException;
import dev.mme5.engine.image.raster.RgbImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
    void refusesAPictureThatWasCutAndClosedAgain(String name) throws IOException {
        byte[] file = Golden.bytes("images/" + name);
        int scan = indexOf(file, 0xda);
        for (int length = scan + 20; length < file.length - 8; length += 97) {
            byte[] cut = joined(Arrays.copyOf(file, length), EOI);

            String message = assertThrows(ImageException.class, () -> decode(cut), "at " + length).getMessage();

            assertTrue(message.startsWith("a.jpg: is "), message);
        }
    }

    @Test
    void refusesAProgressivePictureWithoutItsLastScan() throws IOException {
        byte[] file = Golden.bytes("images/photo_progressive_110x70.jpg");
        int last = file.length - 2;
        while ((file[last] & 0xff) != 0xff || (file[last + 1] & 0xff) != 0xda) last--;
        byte[] withoutLast = joined(Arrays.copyOf(file, last), EOI);

        ImageException e = assertThrows(ImageException.class, () -> decode(withoutLast));

        assertEquals("a.jpg: is damaged: it ends before its last scan", e.getMessage());
    }

    static Stream<Arguments> damage() throws IOException {
        byte[] file = photo();
        int frame = indexOf(file, 0xc0);
        int scan = indexOf(file, 0xda);
        return Stream.of(
                Arguments.of(Arrays.copyOf(file, 2), "is cut off: byte 3 is needed, the file has 2"),
                Arguments.of(Arrays.copyOf(file, file.length - 1), "is cut off: byte 3908 is needed, the file has 3907"),
                Arguments.of(joined(Arrays.copyOf(file, scan), EOI), "is damaged: it ends before its last scan"),
                Arguments.of(joined(Arrays.copyOf(file, frame), EOI), "is damaged: it has no frame"),
                Arguments.of(joined(Arrays.copyOf(file, 2), new byte[8], EOI), "is damaged: no marker at byte 2"),
                Arguments.of(with(file, 0xf7, new byte[3]), "is damaged: unknown marker 0xf7 at byte 3"),
                Arguments.of(joined(Arrays.copyOf(file, 2), Pngs.bytes(0xff, 0xe0, 0, 1)),
                        "is damaged: a segment of 1 bytes at byte 4"),
                Arguments.of(changed(file, frame + 1, 0xc3), "lossless JPEG is not supported"),
                Arguments.of(changed(file, frame + 1, 0xc5), "hierarchical JPEG is not supported"),
                Arguments.of(changed(file, frame + 1, 0xc9), "JPEG with arithmetic coding is not supported"),
                Arguments.of(changed(file, frame + 4, 12), "JPEG with 12 bits a sample is not supported"),
                Arguments.of(changed(changed(file, frame + 5, 0), frame + 6, 0), "is damaged: its size is 97 x 0 pixels"),
                Arguments.of(changed(changed(file, frame + 5, 255), frame + 7, 255),
                        "is too large: 65377 x 65411 pixels, the limit is 178956970 pixels"),
                Arguments.of(changed(file, frame + 9, 4), "is damaged: a frame header of 15 bytes"),
                Arguments.of(changed(file, scan + 5, 77), "is damaged: a scan of the unknown channel 77"),
                Arguments.of(changed(file, scan + 4, 2), "is damaged: a scan header of 10 bytes"),
                Arguments.of(with(with(file, 0xc0, Pngs.bytes(8, 0, 9, 0, 9, 2, 1, 17, 0, 2, 17, 0)), 0xe0, new byte[0]),
                        "JPEG with 2 channels is not supported"));
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

    /** Each scan passes over the whole picture: a hundred thousand of them in a small file would take hours. */
    @Test
    void refusesMoreScansThanAnyEncoderWrites() throws IOException {
        byte[] photo = Golden.bytes("images/photo_progressive_110x70.jpg");
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
