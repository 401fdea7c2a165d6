package dev.mme5.engine.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mme5.engine.image.raster.ImageException;
import dev.mme5.engine.image.raster.RgbImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Small images of every format but JPEG and WebP, with Pillow's verdicts; image-cases/make_cases.py makes them and many more. */
class ImageCasesTest {
    /**
     * A case.
     *
     * @param verdict width, height and SHA-256 of the pixels, or "refused"
     */
    record Case(String name, String verdict, byte[] file) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        List<String> verdicts = new ArrayList<>();
        try (InputStream in = ImageCasesTest.class.getResourceAsStream("/image-cases/cases.zip");
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                byte[] bytes = zip.readAllBytes();
                if (entry.getName().equals("verdicts.txt")) {
                    verdicts.addAll(new String(bytes, StandardCharsets.UTF_8).lines().toList());
                } else {
                    files.put(entry.getName(), bytes);
                }
            }
        }
        return verdicts.stream().map(line -> {
            String[] parts = line.split(" ", 2);
            return new Case(parts[0], parts[1], files.get(parts[0]));
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void decodesOrRefusesAsPillowDoes(Case c) {
        if (c.verdict().equals("refused")) {
            ImageException e = assertThrows(ImageException.class, () -> Golden.decoder().decode(c.file(), c.name()));
            assertTrue(e.getMessage().startsWith(c.name() + ": "), e.getMessage());
            return;
        }
        RgbImage image = Golden.decoder().decode(c.file(), c.name());

        assertEquals(c.verdict(), "%d %d %s".formatted(image.width(), image.height(), Golden.sha256(image.rgb())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void decodesOrRefusesChangedBytes(Case c) {
        Random random = new Random(5);
        ImageDecoder decoder = new ImageDecoder(1_000_000, true);
        for (int i = 0; i < 150; i++) {
            byte[] changed = c.file().clone();
            for (int k = random.nextInt(3); k >= 0; k--) {
                changed[random.nextInt(Math.min(changed.length, i % 2 == 0 ? 80 : changed.length))] = (byte) random.nextInt(256);
            }
            try {
                RgbImage image = decoder.decode(changed, "x");
                assertEquals(3L * image.width() * image.height(), image.rgb().length);
            } catch (ImageException e) {
                assertTrue(e.getMessage().startsWith("x: "), e.getMessage());
            }
        }
    }

    @Test
    void holdsEveryFormat() throws IOException {
        List<String> names = cases().map(Case::name).toList();
        for (String ending : new String[] {"tif", "pnm", "tga", "pcx", "qoi", "bmp", "dib", "ico", "png", "gif"}) {
            assertTrue(names.stream().anyMatch(name -> name.endsWith("." + ending)), ending);
        }
    }
}
