package dev.mme5.engine.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mme5.engine.image.raster.RgbImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PillowCasesTest {
    @ParameterizedTest
    @MethodSource("dev.mme5.engine.image.PillowCases#all")
    void decodesRareKindsAsPillowDoes(PillowCases.Case c) {
        RgbImage image = Golden.decoder().decode(c.file(), c.name());

        assertEquals(c.width(), image.width());
        assertEquals(c.height(), image.height());
        assertEquals(c.rgbSha256(), Golden.sha256(image.rgb()));
    }

    @Test
    void holdsEveryFormat() {
        for (String ending : new String[] {"png", "jpg", "gif", "bmp"}) {
            assertTrue(PillowCases.all().anyMatch(c -> c.name().endsWith(ending)), ending);
        }
    }
}
