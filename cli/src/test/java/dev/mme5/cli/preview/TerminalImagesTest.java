package dev.mme5.cli.preview;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.image.ImageDecoder;
import dev.mme5.engine.image.raster.RgbImage;
import java.util.Base64;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The bytes that reach the terminal hold the image. */
class TerminalImagesTest {
    private static final RgbImage IMAGE = image(60, 40);

    @Test
    void kittyGetsPngInChunks() {
        String shown = TerminalImages.KITTY.show(IMAGE);

        StringBuilder data = new StringBuilder();
        int chunks = 0;
        for (Matcher chunk = Pattern.compile("\033_G([^;]*);([A-Za-z0-9+/=]*)\033\\\\").matcher(shown); chunk.find(); chunks++) {
            assertThat(chunk.group(1)).startsWith(chunks == 0 ? "f=100,a=T,q=2,m=1" : "m=");
            assertThat(chunk.group(2)).hasSizeLessThanOrEqualTo(4096);
            data.append(chunk.group(2));
        }
        assertThat(chunks).isEqualTo(3);
        assertThat(shown).endsWith("\033\\\n").contains("\033_Gm=0;");
        assertSameImage(data.toString());
    }

    @Test
    void iterm2GetsOnePng() {
        Matcher shown = Pattern.compile("\033]1337;File=inline=1;size=(\\d+);width=60px;height=40px:([A-Za-z0-9+/=]*)\007\n")
                .matcher(TerminalImages.ITERM2.show(IMAGE));

        assertThat(shown.matches()).isTrue();
        assertThat(Base64.getDecoder().decode(shown.group(2))).hasSize(Integer.parseInt(shown.group(1)));
        assertSameImage(shown.group(2));
    }

    @Test
    void sixelsPaintEveryPixelOnceWithItsColor() {
        byte[] rgb = new byte[3 * 9 * 8];
        for (int i = 0; i < rgb.length; i += 3) rgb[i + (i < 3 * 9 * 4 ? 0 : 2)] = (byte) 255; // red above blue

        String shown = TerminalImages.SIXEL.show(new RgbImage(9, 8, rgb));

        assertThat(shown).startsWith("\033P0;1q\"1;1;9;8#0;2;0;0;0#1;2;0;0;20").endsWith("\033\\\n").contains("#180;2;100;0;0")
                .contains("#5;2;0;0;100");
        // bits from the top: rows 0 to 3 red, 4 and 5 blue; then 6 and 7 blue
        assertThat(shown).contains("#5!9o$#180!9N$-#5!9B$-\033\\");
    }

    @Test
    void protocolsHaveNames() {
        assertThat(TerminalImages.named("iterm2")).contains(TerminalImages.ITERM2);
        assertThat(TerminalImages.named("")).isEmpty();
    }

    private static void assertSameImage(String base64) {
        RgbImage read = new ImageDecoder(10_000, false).decode(Base64.getDecoder().decode(base64), "x");
        assertThat(read.rgb()).isEqualTo(IMAGE.rgb());
    }

    private static RgbImage image(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        new Random(1).nextBytes(rgb);
        return new RgbImage(width, height, rgb);
    }
}
