package dev.mme5.engine.image.jpeg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mme5.engine.image.Golden;
import dev.mme5.engine.image.raster.ImageException;
import dev.mme5.engine.image.raster.RgbImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * JPEGs of all kinds against Pillow 12.3: the same pixels, or both refuse. They are some of the cases that
 * {@code docs/reference/make_jpeg_cases.py} makes.
 */
public class JpegPillowCasesTest {
    /**
     * A file and Pillow's verdict.
     *
     * @param verdict "refused", or width, height and SHA-256 of the RGB bytes
     */
    public record Case(String name, String verdict, byte[] file) {
        @Override
        public String toString() {
            return name;
        }
    }

    public static Stream<Case> cases() throws IOException {
        try (InputStream in = JpegPillowCasesTest.class.getResourceAsStream("/jpeg/pillow-cases.txt")) {
            String all = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return Arrays.stream(all.strip().split("\n\n")).map(block -> {
                String[] lines = block.split("\n");
                String[] head = lines[0].split(" ", 2);
                return new Case(head[0], head[1], Base64.getDecoder().decode(lines[1]));
            });
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void decodesOrRefusesAsPillowDoes(Case c) {
        if (c.verdict().equals("refused")) {
            assertThrows(ImageException.class, () -> Golden.decoder().decode(c.file(), c.name()));
            return;
        }
        RgbImage image = Golden.decoder().decode(c.file(), c.name());

        assertEquals(c.verdict(), image.width() + " " + image.height() + " " + Golden.sha256(image.rgb()));
    }

    @Test
    void holdsEveryKind() throws IOException {
        for (String kind : new String[] {"pillow-CMYK", "sample-3x1", "scans-refined", "grey-", "factors-16", "colors-", "odd-",
            "damage-"}) {
            assertTrue(cases().anyMatch(c -> c.name().startsWith(kind)), kind);
        }
        assertTrue(cases().anyMatch(c -> c.name().contains("arithmetic-progressive")));
        assertTrue(cases().filter(c -> !c.verdict().equals("refused")).count() > 100);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void changedFilesAreDecodedOrRefusedButNeverFailOtherwise(Case c) {
        Random random = new Random(c.name().hashCode());
        for (int i = 0; i < 40; i++) {
            byte[] changed = c.file().clone();
            for (int flips = random.nextInt(3); flips >= 0; flips--) {
                changed[2 + random.nextInt(changed.length - 2)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                RgbImage image = Golden.decoder().decode(changed, "x");
                assertEquals(3L * image.width() * image.height(), image.rgb().length);
            } catch (ImageException e) {
                assertTrue(e.getMessage().startsWith("x: "), e.getMessage());
            }
        }
    }
}
