package dev.mme5.engine.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.image.raster.RgbImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PngEncoderTest {
    @ParameterizedTest
    @CsvSource({"1,1", "3,1", "1,5", "33,17"})
    void everyDecoderReadsTheSamePixels(int width, int height) throws IOException {
        byte[] rgb = new byte[3 * width * height];
        new Random(7).nextBytes(rgb);

        byte[] png = PngEncoder.encode(new RgbImage(width, height, rgb));

        assertThat(new ImageDecoder(1000, false).decode(png, "x").rgb()).isEqualTo(rgb);
        BufferedImage read = ImageIO.read(new ByteArrayInputStream(png));
        for (int i = 0; i < width * height; i++) {
            int expected = (rgb[3 * i] & 0xff) << 16 | (rgb[3 * i + 1] & 0xff) << 8 | rgb[3 * i + 2] & 0xff;
            assertThat(read.getRGB(i % width, i / width) & 0xffffff).isEqualTo(expected);
        }
    }
}
