package dev.mme5.engine.image.simple;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mme5.engine.image.Pngs;
import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.raster.ImageException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PcxDecoderTest {
    private static final int HEADER = 128;

    /** Two pixels of 8 bits, 1 and 2, with a palette of red 10 * i. */
    private static byte[] pcx(int paletteKind) {
        byte[] file = new byte[HEADER + 2 + 1 + 768];
        file[0] = 10;
        file[1] = 5;
        file[2] = 1;
        file[3] = 8;
        file[8] = 1; // the last column
        file[65] = 1;
        file[66] = 2;
        file[68] = (byte) paletteKind;
        file[HEADER] = 1;
        file[HEADER + 1] = 2;
        file[HEADER + 2] = 12;
        for (int i = 0; i < 25; i++) file[HEADER + 3 + 3 * i] = (byte) (10 * i);
        return file;
    }

    private static byte[] decode(byte[] file) {
        return PcxDecoder.decode(new ImageBytes("a.pcx", file, 1000, needed -> 1 << 20)).rgb();
    }

    @Test
    void takesColoursFromThePaletteAtTheEnd() {
        assertArrayEquals(Pngs.bytes(10, 0, 0, 20, 0, 0), decode(pcx(1)));
    }

    /** The palette is the end of the file: without it the pixels would be greys. */
    @Test
    void refusesAFileThatIsCutAnywhere() {
        byte[] file = pcx(1);
        for (int length = 0; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThrows(ImageException.class, () -> decode(cut), "cut to " + length);
        }
        String message = assertThrows(ImageException.class, () -> decode(Arrays.copyOf(file, HEADER + 2))).getMessage();
        assertEquals("a.pcx: is damaged: its palette is missing", message);
    }

    /** 800 pixels in one line, none of them a run, without a palette. */
    @Test
    void takesAGreyPixelForNoPalette() {
        byte[] file = Arrays.copyOf(pcx(2), HEADER + 800);
        file[8] = (byte) 799;
        file[9] = 799 >> 8;
        file[66] = (byte) 800;
        file[67] = (byte) (800 >> 8);
        Arrays.fill(file, HEADER, file.length, (byte) 5);
        file[file.length - 769] = 12;

        byte[] rgb = decode(file);

        assertEquals(5, rgb[0]);
        assertEquals(12, rgb[3 * 31]);
        assertEquals(5, rgb[3 * 799]);
        file[68] = 1;
        String message = assertThrows(ImageException.class, () -> decode(file)).getMessage();
        assertEquals("a.pcx: is damaged: its pixels reach into its palette", message);
    }

    @Test
    void readsGreysWithoutAPaletteIfTheHeaderSaysSo() {
        assertArrayEquals(Pngs.bytes(1, 1, 1, 2, 2, 2), decode(Arrays.copyOf(pcx(2), HEADER + 2)));
    }
}
