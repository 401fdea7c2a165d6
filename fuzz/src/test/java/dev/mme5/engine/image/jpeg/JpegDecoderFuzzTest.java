package dev.mme5.engine.image.jpeg;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.mme5.engine.image.ImageDecoder;
import dev.mme5.engine.image.raster.ImageException;
import dev.mme5.engine.image.raster.RgbImage;
import dev.mme5.fuzz.Bounds;
import dev.mme5.fuzz.Fixtures;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** A JPEG is refused by its name, or all its pixels are there; and decoding takes the heap that it announced. */
class JpegDecoderFuzzTest {
    private static final int MAX_PIXELS = 1 << 14;

    /** Tables, and what does not grow with the image. */
    private static final long FIXED_BYTES = 1 << 20;

    static Stream<byte[]> images() {
        return Fixtures.images().filter(file -> file[0] == -1 && file[1] == (byte) 0xd8);
    }

    @MethodSource("images")
    @FuzzTest
    void jpeg(byte[] file) {
        check(file);
    }

    static void check(byte[] file) {
        if (file.length < 2) return;
        file[0] = -1;
        file[1] = (byte) 0xd8;
        long[] announced = {0};
        for (boolean exif : new boolean[] {false, true}) {
            ImageDecoder decoder = new ImageDecoder(MAX_PIXELS, exif);
            try {
                RgbImage first = decoder.decode(file, "x", needed -> {
                    announced[0] = needed;
                    return Long.MAX_VALUE;
                });
                assertThat((long) first.width() * first.height()).isBetween(1L, (long) MAX_PIXELS);
                assertThat(Bounds.within(announced[0] + FIXED_BYTES, () -> decoder.decode(file, "x")).rgb()).isEqualTo(first.rgb());
            } catch (ImageException refused) {
                assertThat(refused.getMessage()).startsWith("x").doesNotContain("\n");
            }
        }
    }
}
