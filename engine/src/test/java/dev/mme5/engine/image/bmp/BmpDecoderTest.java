package dev.mme5.engine.image.bmp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mme5.engine.image.Golden;
import dev.mme5.engine.image.Pngs;
import dev.mme5.engine.image.raster.ImageException;
import dev.mme5.engine.image.raster.RgbImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BmpDecoderTest {
    /** A bitmap with a 40-byte header; the rest are palette or masks, and rows of whole 4 bytes. */
    private static byte[] bmp(int width, int height, int bits, int compression, int colours, int pixelsAt, int... rest) {
        ByteBuffer out = ByteBuffer.allocate(54 + rest.length).order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) 'B').put((byte) 'M').putInt(54 + rest.length).putInt(0).putInt(pixelsAt);
        out.putInt(40).putInt(width).putInt(height).putShort((short) 1).putShort((short) bits).putInt(compression);
        out.putInt(0).putInt(0).putInt(0).putInt(colours).putInt(0);
        return out.put(Pngs.bytes(rest)).array();
    }

    private static RgbImage decode(byte[] file) {
        return Golden.decoder().decode(file, "a.bmp");
    }

    @Test
    void readsRowsBottomUpUnlessTheHeightIsNegative() {
        int[] rows = {3, 2, 1, 0, 6, 5, 4, 0};

        assertArrayEquals(Pngs.bytes(4, 5, 6, 1, 2, 3), decode(bmp(1, 2, 24, 0, 0, 54, rows)).rgb());
        assertArrayEquals(Pngs.bytes(1, 2, 3, 4, 5, 6), decode(bmp(1, -2, 24, 0, 0, 54, rows)).rgb());
    }

    @Test
    void anOs2PaletteMayBeShorterThanItsBitsCanName() {
        ByteBuffer file = ByteBuffer.allocate(36).order(ByteOrder.LITTLE_ENDIAN).put(Pngs.bytes('B', 'M')).putInt(36).putInt(0).putInt(32);
        file.putInt(12).putShort((short) 1).putShort((short) 1).putShort((short) 1).putShort((short) 8);
        file.put(Pngs.bytes(1, 2, 3, 4, 5, 6, 1, 0, 0, 0));

        assertArrayEquals(Pngs.bytes(6, 5, 4), decode(file.array()).rgb());
    }

    @Test
    void refusesRowsThatAreCut() {
        byte[] file = bmp(1, 2, 24, 0, 0, 54, 3, 2, 1, 0, 6, 5, 4);
        for (int length = 0; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThrows(ImageException.class, () -> decode(cut), "cut to " + length);
        }
    }

    static Stream<Arguments> damage() {
        byte[] header = bmp(1, 1, 24, 0, 0, 54, 1, 2, 3, 0);
        header[14] = 39;
        return Stream.of(
                Arguments.of(header, "is damaged: a bitmap header of 39 bytes"),
                Arguments.of(bmp(0, 1, 24, 0, 0, 54), "is damaged: its size is 0 x 1 pixels"),
                Arguments.of(bmp(60000, -60000, 24, 0, 0, 54), "is too large: 60000 x 60000 pixels, the limit is 178956970 pixels"),
                Arguments.of(bmp(1, Integer.MIN_VALUE, 24, 0, 0, 54),
                        "is too large: 1 x 2147483648 pixels, the limit is 178956970 pixels"),
                Arguments.of(bmp(1, 1, 8, 1, 1, 58, 0, 0, 0, 0), "is damaged: its run-length codes end after 0 of 1 pixels"),
                Arguments.of(bmp(1, 1, 2, 0, 0, 54), "BMP with 2 bits a pixel is not supported in this form (compression 0)"),
                Arguments.of(bmp(1, 1, 48, 0, 0, 54), "BMP with 48 bits a pixel is not supported in this form (compression 0)"),
                Arguments.of(bmp(1, 1, 32, 3, 0, 66, 1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                        "BMP with the mask 0x04030201 is not supported"),
                Arguments.of(bmp(1, 1, 16, 3, 0, 66, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                        "BMP with 16 bits and the red mask 0x1 is not supported"),
                Arguments.of(bmp(1, 1, 8, 0, 2, 62, 0, 0, 0, 0, 9, 9, 9, 0, 2, 0, 0, 0),
                        "is damaged: a pixel has colour 2 of a palette of 2"),
                Arguments.of(bmp(1, 1, 24, 0, 0, 1000, 1, 2, 3, 0), "is cut off: byte 1003 is needed, the file has 58"),
                Arguments.of(bmp(1, 1, 24, 0, 0, -1, 1, 2, 3, 0), "is cut off: byte 4294967298 is needed, the file has 58"));
    }

    @ParameterizedTest
    @MethodSource("damage")
    void refusesDamageAndSaysWhich(byte[] file, String problem) {
        ImageException e = assertThrows(ImageException.class, () -> decode(file));

        assertEquals("a.bmp: " + problem, e.getMessage());
    }
}
