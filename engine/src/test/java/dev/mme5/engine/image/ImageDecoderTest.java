package dev.mme5.engine.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mme5.engine.image.raster.ImageException;
import dev.mme5.engine.image.raster.RgbImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ImageDecoderTest {
    @TempDir
    Path folder;

    private final ImageDecoder decoder = Golden.decoder();

    private String refusal(Path file) {
        return assertThrows(ImageException.class, () -> decoder.decode(file)).getMessage();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
            ....ftypavif    | AVIF is not supported, convert it to PNG or JPEG;
            ....ftypheic    | HEIC is not supported, convert it to PNG or JPEG;
            ....ftypmif1    | HEIC is not supported, convert it to PNG or JPEG;
            ....ftypcrx .   | camera raw is not supported, develop it as JPEG or PNG;
            FUJIFILMCCD-RAW | camera raw is not supported, develop it as JPEG or PNG;
            ....JXL rn..    | JPEG XL is not supported, convert it to PNG or JPEG;
            8BPS...         | PSD is not supported, convert it to PNG or JPEG;
            v/11            | OpenEXR is not supported, convert it to PNG or JPEG;
            DDS x           | DDS is not supported, convert it to PNG or JPEG;
            %PDF-1.4        | PDF is not supported, draw it as PNG;
            <svg xmlns      | SVG is not supported, draw it as PNG;
            hello           | is not an image:
            P               | is not an image:
            """)
    void namesTheFormatsItDoesNotRead(String head, String problem) {
        String magic = head.replace("rn..", "\r\n..").replace("v/11", "v/1\1");
        byte[] file = magic.getBytes(StandardCharsets.ISO_8859_1);

        ImageException e = assertThrows(ImageException.class, () -> decoder.decode(file, "upload 3"));

        assertEquals("upload 3: " + problem + " " + ImageFormat.SUPPORTED, e.getMessage());
        assertEquals("upload 3", e.name());
    }

    @Test
    void refusesAFileThatCannotBeRead() throws IOException {
        Path missing = folder.resolve("no.png");
        Path empty = Files.createFile(folder.resolve("empty.png"));

        assertEquals(missing + ": does not exist", refusal(missing));
        assertEquals(folder + ": is a folder, not an image", refusal(folder));
        assertEquals(empty + ": is empty", refusal(empty));
    }

    @Test
    void refusesAFileWithoutPermission() throws IOException {
        Path file = Files.write(folder.resolve("locked.png"), new byte[] {1});
        Assumptions.assumeTrue(file.toFile().setReadable(false) && !Files.isReadable(file), "rights do not bind this user");

        assertEquals(file + ": cannot be read: permission denied", refusal(file));
    }

    @Test
    void refusesAPipeWithoutWaitingForIt() throws Exception {
        Path pipe = folder.resolve("pipe");
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")));
        assertEquals(0, new ProcessBuilder("/usr/bin/mkfifo", pipe.toString()).start().waitFor());

        String message = assertTimeoutPreemptively(Duration.ofSeconds(10), () -> refusal(pipe));

        assertEquals(pipe + ": is not a regular file", message);
    }

    @Test
    void refusesOnePixelMoreThanTheLimit() {
        byte[] file = Pngs.grey(2, 2, 0, 10, 20, 0, 30, 40);

        ImageException e = assertThrows(ImageException.class, () -> new ImageDecoder(3, false).decode(file, "a.png"));

        assertEquals("a.png: is too large: 2 x 2 pixels, the limit is 3 pixels", e.getMessage());
        assertEquals(2, new ImageDecoder(4, false).decode(file, "a.png").width());
        assertThrows(IllegalArgumentException.class, () -> new ImageDecoder(0, false));
    }

    @ParameterizedTest
    @CsvSource({"png, 1, 24600", "jpg, 1, 102570", "gif, 2, 32000", "bmp, 1, 24000"})
    void refusesWhatNeedsMoreHeapThanItMayTake(String format, int files, int pixels) throws IOException {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(100, 80, BufferedImage.TYPE_INT_RGB), format, written);

        assertNeeds(decoder, written.toByteArray(), files * written.size() + pixels);
    }

    @ParameterizedTest
    @CsvSource({
        "photo_cmyk_40x40.jpg, 85125", "photo_grey_64x48.jpg, 31528", "photo_exif6_90x60.jpg, 106884",
        "photo_progressive_110x70.jpg, 123582"
    })
    void theStagesOfJpegNeedHeap(String name, int bytes) throws IOException {
        byte[] file = Golden.bytes("images/" + name);

        assertNeeds(new ImageDecoder(10_000_000, true), file, file.length + bytes);
    }

    @Test
    void anImageInMemoryNeedsACopy() {
        BufferedImage image = new BufferedImage(10, 10, BufferedImage.TYPE_INT_RGB);

        assertEquals(10, decoder.convert(image, "x", needed -> 420).width());
        assertLacksHeap(assertThrows(ImageException.class, () -> decoder.convert(image, "x", needed -> 419)));
    }

    private static void assertNeeds(ImageDecoder decoder, byte[] file, long heapBytes) {
        assertTrue(decoder.decode(file, "x", needed -> heapBytes).width() > 0);
        assertLacksHeap(assertThrows(ImageException.class, () -> decoder.decode(file, "x", needed -> heapBytes - 1)));
    }

    private static void assertLacksHeap(ImageException e) {
        assertTrue(e.lacksHeap());
        assertEquals("x: does not fit in the memory of the Java machine: decoding needs 1 MB of heap, 0 MB are free (raise it with -Xmx)",
                e.getMessage());
    }

    @Test
    void doesNotChangeTheBytesItIsGiven() throws IOException {
        for (String name : new String[] {"photo_444_120x90.jpg", "rgba_61x40.png"}) {
            byte[] file = Golden.bytes("images/" + name);
            byte[] before = file.clone();

            decoder.decode(file, name);

            assertArrayEquals(before, file);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.mme5.engine.image.Golden#imageNames")
    void aTruncatedImageIsRefusedUnlessAllItsPixelsAreThere(String name) throws IOException {
        byte[] file = Golden.bytes("images/" + name);
        byte[] rgb = decoder.decode(file, name).rgb();
        int refused = 0;
        int lengths = 0;
        int step = Math.max(1, file.length / 40);
        for (int length = 0; length < file.length; length += length < 60 || length > file.length - 20 ? 1 : step) {
            lengths++;
            refused += refusesOrDecodesTo(rgb, decoder, Arrays.copyOf(file, length)) ? 1 : 0;
        }
        assertTrue(refused >= lengths - 20, refused + " of " + lengths + " refused"); // only the last few bytes say nothing about pixels
    }

    @ParameterizedTest
    @MethodSource("dev.mme5.engine.image.Golden#imageNames")
    void refusesOrDecodesAChangedImageButNeverFailsOtherwise(String name) throws IOException {
        decodeChanges(name, 5);
    }

    @Tag("thorough")
    @ParameterizedTest
    @MethodSource("dev.mme5.engine.image.Golden#imageNames")
    void refusesOrDecodesManyChangesButNeverFailsOtherwise(String name) throws IOException {
        decodeChanges(name, 40);
    }

    private void decodeChanges(String name, int changes) throws IOException {
        byte[] file = Golden.bytes("images/" + name);
        byte[] rgb = decoder.decode(file, name).rgb();
        Random random = new Random(1);
        for (int i = 0; i < changes; i++) {
            byte[] changed = file.clone();
            for (int flips = random.nextInt(3); flips >= 0; flips--) {
                changed[random.nextInt(file.length)] ^= (byte) (1 << random.nextInt(8));
            }
            ImageDecoder any = new ImageDecoder(10_000_000, true);
            if (name.endsWith(".png")) {
                refusesOrDecodesTo(rgb, any, changed); // what the pixels depend on is under some checksum
            } else {
                decodeOrRefuse(any, changed);
            }
        }
    }

    @Test
    void refusesGarbageAfterAnyMagic() {
        Random random = new Random(2);
        String[] heads = {"\u0089PNG\r\n\u001a\n\0\0\0\rIHDR", "\u00ff\u00d8\u00ff", "GIF89a", "BM", "II*\0\b\0\0\0", "MM\0+\0\b\0\0",
            "\0\0\1\0\1\0",
            "P6 ", "P2 ", "P1\n", "\n\5\1\b", "qoif\0\0\0\5\0\0\0\5", "\0\0\n", "(\0\0\0", ""};
        for (int i = 0; i < 5000; i++) {
            byte[] file = new byte[random.nextInt(300)];
            random.nextBytes(file);
            byte[] head = heads[i % heads.length].getBytes(StandardCharsets.ISO_8859_1);
            System.arraycopy(head, 0, file, 0, Math.min(head.length, file.length));

            decodeOrRefuse(new ImageDecoder(1_000_000, true), file);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.mme5.engine.image.PillowCases#all")
    void decodesOrRefusesChangesOfRareKinds(PillowCases.Case c) {
        Random random = new Random(3);
        for (int i = 0; i < 100; i++) {
            byte[] changed = c.file().clone();
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));

            decodeOrRefuse(new ImageDecoder(1_000_000, true), changed);
        }
    }

    /** Returns whether a file is refused; one that is read must have exactly these pixels. */
    private static boolean refusesOrDecodesTo(byte[] rgb, ImageDecoder any, byte[] file) {
        try {
            assertArrayEquals(rgb, any.decode(file, "x").rgb());
            return false;
        } catch (ImageException e) {
            return true;
        }
    }

    /** Anything but an image or an ImageException fails the test. */
    private static void decodeOrRefuse(ImageDecoder any, byte[] file) {
        try {
            RgbImage image = any.decode(file, "x");
            assertEquals(3L * image.width() * image.height(), image.rgb().length);
        } catch (ImageException e) {
            assertEquals(0, e.getMessage().indexOf("x: "));
        }
    }
}
