package dev.mme5.engine.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mme5.engine.image.raster.RgbImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Images as cameras and editors write them, odd but whole: bytes between segments, wrong lengths, tables left out, orientation in
 * XMP. Pillow's verdicts are those of {@code odd-images/make_verdicts.py}.
 */
class OddImagesTest {
    /**
     * An image.
     *
     * @param stored width, height and SHA-256 of its pixels
     * @param upright the same with the orientation of its metadata applied
     */
    record OddImage(String name, String stored, String upright) {
        byte[] file() {
            return resource(name);
        }
    }

    private static byte[] resource(String name) {
        try (InputStream in = OddImagesTest.class.getResourceAsStream("/odd-images/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<OddImage> images() {
        List<String> lines = new String(resource("verdicts.txt"), StandardCharsets.US_ASCII).lines().toList();
        return lines.stream().map(line -> {
            String[] parts = line.split(" ");
            return new OddImage(parts[0], String.join(" ", parts[1], parts[2], parts[3]), String.join(" ", parts[4], parts[5], parts[6]));
        });
    }

    private static String decoded(OddImage odd, boolean upright) {
        RgbImage image = new ImageDecoder(10_000, upright).decode(odd.file(), odd.name());
        return "%d %d %s".formatted(image.width(), image.height(), Golden.sha256(image.rgb()));
    }

    @ParameterizedTest
    @MethodSource("images")
    void pixelsAreThoseOfPillow(OddImage image) {
        assertEquals(image.stored(), decoded(image, false));
    }

    @ParameterizedTest
    @MethodSource("images")
    void uprightPixelsAreThoseOfPillow(OddImage image) {
        assertEquals(image.upright(), decoded(image, true));
    }

    @Test
    void someImagesAreRotated() {
        assertEquals(14, images().count());
        assertTrue(images().anyMatch(image -> !image.stored().equals(image.upright())));
    }
}
