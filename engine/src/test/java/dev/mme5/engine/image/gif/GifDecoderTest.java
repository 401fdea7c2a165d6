package dev.mme5.engine.image.gif;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mme5.engine.image.Golden;
import dev.mme5.engine.image.ImageDecoder;
import dev.mme5.engine.image.Pngs;
import dev.mme5.engine.image.raster.ImageException;
import dev.mme5.engine.image.raster.RgbImage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GifDecoderTest {
    // 2 x 2 pixels with colours 0 1 2 3 of a palette of 4. Codes, lowest bit first: clear (4), 0, 1, 2 of 3 bits; then the table
    // is full and 3 and the end (5) have 4.
    private static final byte[] GIF = joined(
            "GIF89a".getBytes(StandardCharsets.US_ASCII),
            Pngs.bytes(2, 0, 2, 0, 0x81, 0, 0),                         // screen, flags: a palette of 4
            Pngs.bytes(1, 1, 1, 50, 50, 50, 100, 100, 100, 200, 0, 7),
            Pngs.bytes(',', 0, 0, 0, 0, 2, 0, 2, 0, 0),                 // frame
            Pngs.bytes(2, 3, 0b01_000_100, 0b0011_010_0, 0b0101, 0),    // 2 bits a colour, a block of 3 bytes, the last block
            Pngs.bytes(';'));

    private static byte[] joined(byte[]... parts) {
        byte[] all = new byte[0];
        for (byte[] part : parts) {
            int at = all.length;
            all = Arrays.copyOf(all, at + part.length);
            System.arraycopy(part, 0, all, at, part.length);
        }
        return all;
    }

    private static byte[] changed(int at, int value) {
        byte[] copy = GIF.clone();
        copy[at] = (byte) value;
        return copy;
    }

    private static RgbImage decode(byte[] file) {
        return Golden.decoder().decode(file, "a.gif");
    }

    @Test
    void expandsCodesToColours() {
        assertArrayEquals(Pngs.bytes(1, 1, 1, 50, 50, 50, 100, 100, 100, 200, 0, 7), decode(GIF).rgb());
    }

    /** A table that is 0 0 0, 1 1 1, ... counts as none, as in Pillow. */
    @Test
    void aTableOfGreysInOrderLeavesTheScreensTable() {
        byte[] greys = Pngs.bytes(0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3);
        byte[] file = joined(Arrays.copyOf(GIF, 34), Pngs.bytes(0x81), greys, Arrays.copyOfRange(GIF, 35, GIF.length));
        assertArrayEquals(decode(GIF).rgb(), decode(file).rgb());

        greys[0] = 9; // an ordinary table
        file = joined(Arrays.copyOf(GIF, 34), Pngs.bytes(0x81), greys, Arrays.copyOfRange(GIF, 35, GIF.length));
        assertArrayEquals(Pngs.bytes(9, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3), decode(file).rgb());
    }

    @Test
    void paintsTheTransparentColourWhite() {
        byte[] control = Pngs.bytes('!', 0xf9, 4, 1, 0, 0, 3, 0);
        byte[] file = joined(Arrays.copyOf(GIF, 25), control, Arrays.copyOfRange(GIF, 25, GIF.length));

        assertArrayEquals(Pngs.bytes(1, 1, 1, 50, 50, 50, 100, 100, 100, 255, 255, 255), decode(file).rgb());
    }

    @Test
    void needsNothingAfterTheCodesOfThePixels() {
        for (int length = 39; length < GIF.length; length++) {
            assertArrayEquals(decode(GIF).rgb(), decode(Arrays.copyOf(GIF, length)).rgb(), "cut to " + length);
        }
    }

    @Test
    void skipsBytesBetweenBlocks() {
        byte[] file = joined(Arrays.copyOf(GIF, 25), Pngs.bytes(0, 7, 0), Arrays.copyOfRange(GIF, 25, GIF.length));

        assertArrayEquals(decode(GIF).rgb(), decode(file).rgb());
    }

    /** Codes 0 to 3 as they are, of 3 to 12 bits as the table grows, which stays full: no second clear. */
    @Test
    void readsOnWhenTheTableOfCodesIsFull() {
        int pixels = 5000;
        BitSet bits = new BitSet();
        int at = 0;
        int codes = 6;
        int codeBits = 3;
        bits.set(2); // clear
        at += codeBits;
        byte[] expected = new byte[3 * pixels];
        for (int i = 0; i < pixels; i++) {
            int colour = i * 7 / 5 % 4;
            for (int b = 0; b < 2; b++) bits.set(at + b, (colour >> b & 1) != 0);
            at += codeBits;
            if (i > 0 && codes < 4096 && ++codes == 1 << codeBits && codeBits < 12) codeBits++;
            System.arraycopy(GIF, 13 + 3 * colour, expected, 3 * i, 3);
        }
        bits.set(at); // so that the last byte is there
        byte[] file = joined(Arrays.copyOf(GIF, 36), blocks(bits.toByteArray()));
        file[30] = (byte) pixels;
        file[31] = (byte) (pixels >> 8);
        file[32] = 1;
        file[8] = 1;

        RgbImage image = decode(file);

        assertEquals(pixels, image.width());
        assertArrayEquals(expected, image.rgb());
    }

    private static byte[] blocks(byte[] data) {
        byte[] blocks = new byte[0];
        for (int at = 0; at < data.length; at += 255) {
            byte[] block = Arrays.copyOfRange(data, at, Math.min(data.length, at + 255));
            blocks = joined(blocks, Pngs.bytes(block.length), block);
        }
        return joined(blocks, new byte[1]);
    }

    @Test
    void refusesAFrameThatLacksCodesOfItsPixels() {
        for (int length = 0; length < 39; length++) {
            byte[] cut = Arrays.copyOf(GIF, length);
            assertThrows(ImageException.class, () -> decode(cut), "cut to " + length);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
             4 | 56  | is damaged: the GIF signature is not whole
            30 | 0   | is damaged: a frame of 0 x 2 pixels
            25 | 59  | is damaged: it has no image
            31 | 255 | is too large: 65282 x 65282 pixels, the limit is 1000 pixels
            35 | 9   | is damaged: codes of 9 bits
            38 | 58  | is damaged: it ends after 2 of 4 pixels
            37 | 124 | is damaged: an impossible code after 0 of 4 pixels
            36 | 0   | is damaged: its codes end before its pixels
            32 | 9   | is damaged: it ends after 4 of 18 pixels
            """)
    void refusesDamageAndSaysWhich(int at, int value, String problem) {
        byte[] file = changed(at, value);
        if (value == 255) file[33] = (byte) 255;
        ImageDecoder decoder = new ImageDecoder(1000, false);

        ImageException e = assertThrows(ImageException.class, () -> decoder.decode(file, "a.gif"));

        assertEquals("a.gif: " + problem, e.getMessage());
    }
}
