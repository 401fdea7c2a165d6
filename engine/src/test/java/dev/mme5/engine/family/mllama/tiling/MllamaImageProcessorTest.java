package dev.mme5.engine.family.mllama.tiling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mme5.engine.image.BilinearResize;
import dev.mme5.engine.image.Golden;
import dev.mme5.engine.image.raster.ImageException;
import dev.mme5.engine.image.raster.RgbImage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MllamaImageProcessorTest {
    private static RgbImage noise(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        new Random(width * 31L + height).nextBytes(rgb);
        return new RgbImage(width, height, rgb);
    }

    private static RgbImage plain(int width, int height, int value) {
        byte[] rgb = new byte[3 * width * height];
        Arrays.fill(rgb, (byte) value);
        return new RgbImage(width, height, rgb);
    }

    @Test
    void listsGridsRowsFirst() {
        assertEquals("[[1, 1], [1, 2], [1, 3], [1, 4], [2, 1], [2, 2], [3, 1], [4, 1]]", TileGrid.upTo(4).toString());
    }

    @ParameterizedTest
    @CsvSource({
        "71, 71, 28, 55, 56", "142, 71, 28, 55, 28", "640, 1310, 448, 448, 916", "1278, 568, 448, 1007, 448"
    })
    void losesAPixelWhereTheDoubleProductIsBelowTheWholeNumber(int width, int height, int tileSize, int toWidth, int toHeight) {
        CanvasLayout fit = CanvasLayout.of(width, height, tileSize, Golden.grids());

        assertEquals(toWidth, fit.width());
        assertEquals(toHeight, fit.height());
    }

    @Test
    void takesTheFewestTilesOfEqualScalesAndTheLeastEnlargement() {
        TileGrid one = new TileGrid(1, 1);

        CanvasLayout amongEqual = CanvasLayout.of(28, 28, 28, List.of(new TileGrid(1, 4), one, one));
        CanvasLayout enlarging = CanvasLayout.of(28, 28, 28, List.of(new TileGrid(2, 2), one));
        CanvasLayout shrinking = CanvasLayout.of(100, 100, 28, List.of(one, new TileGrid(2, 2)));

        assertEquals(2, amongEqual.aspectRatioId());
        assertEquals(2, enlarging.aspectRatioId());
        assertEquals(2, shrinking.aspectRatioId());
    }

    @Test
    void leavesAnImageOfTheRightSizeAlone() {
        RgbImage image = noise(28, 28);

        assertSame(image, BilinearResize.resize(image, 28, 28));
        assertArrayEquals(image.rgb(), new MllamaImageProcessor(Golden.config(28)).process(image).canvas());
    }

    @Test
    void resizingKeepsAPlainColour() {
        for (int width : new int[] {1, 2, 27, 56, 300}) {
            RgbImage resized = BilinearResize.resize(plain(57, 31, 201), width, 40);

            assertArrayEquals(plain(width, 40, 201).rgb(), resized.rgb());
        }
    }

    @Test
    void shrinksALineThatNeedsMoreWeightsThanAreHeldAtOnce() {
        int width = 2_000_000;
        RgbImage line = plain(width, 1, 90);
        for (int i = 0; i < 3 * width / 2; i++) line.rgb()[i] = 30;

        byte[] rgb = BilinearResize.resize(line, 100, 1).rgb();

        assertEquals(30, rgb[0], 1); // half a million weights rounded to 22 bits
        assertEquals(90, rgb[299], 1);
    }

    @Test
    void tilesAreNumberedRowByRowAndSplitByColour() {
        int size = 28;
        RgbImage image = noise(2 * size, 2 * size);
        TiledImage tiled = new MllamaImageProcessor(Golden.config(size)).process(image);
        NormalizationTable table = new NormalizationTable(Golden.config(size));
        float[] out = new float[5 + 3 * size * size];

        for (int tile = 0; tile < 4; tile++) {
            tiled.pixels(tile, out, 5);
            for (int c = 0; c < 3; c++) {
                for (int y = 0; y < size; y++) {
                    for (int x = 0; x < size; x++) {
                        int pixel = (tile / 2 * size + y) * 2 * size + tile % 2 * size + x;
                        float expected = table.channel(c)[image.rgb()[3 * pixel + c] & 0xff];
                        assertEquals(expected, out[5 + (c * size + y) * size + x]);
                    }
                }
            }
        }
        assertThrows(IndexOutOfBoundsException.class, () -> tiled.pixels(4, out, 5));
        assertThrows(IndexOutOfBoundsException.class, () -> tiled.pixels(-1, out, 5));
    }

    @Test
    void contentKeysTellPixelsAndGridsApart() {
        MllamaImageProcessor processor = new MllamaImageProcessor(Golden.config(28));
        ByteBuffer key = processor.process(plain(56, 28, 0)).contentKey();

        assertEquals(32, key.remaining());
        assertEquals(key, processor.process(plain(56, 28, 0)).contentKey());
        assertNotEquals(key, processor.process(plain(28, 56, 0)).contentKey(), "same bytes, other grid");
        assertNotEquals(key, processor.process(plain(56, 28, 1)).contentKey());
    }

    @Test
    void handlesExtremeShapes() {
        MllamaImageProcessor processor = new MllamaImageProcessor(Golden.config(28));

        assertEquals(1, processor.process(noise(1, 5000)).width());
        assertEquals(1, processor.process(noise(5000, 1)).height());
        assertEquals(new TileGrid(1, 4), processor.process(noise(5000, 1)).grid());
    }

    @Test
    void recordsRefuseBytesThatDoNotFitTheirSize() {
        assertThrows(IllegalArgumentException.class, () -> new RgbImage(2, 2, new byte[11]));
        assertThrows(IllegalArgumentException.class, () -> new RgbImage(0, 2, new byte[0]));
        assertThrows(IllegalArgumentException.class, () -> new TileGrid(0, 1));
        assertThrows(IllegalArgumentException.class,
                () -> new TiledImage(new TileGrid(1, 1), 1, 2, 2, 2, new byte[11], new NormalizationTable(Golden.config(2))));
    }

    @Test
    void refusesWhatNeedsMoreHeapThanItMayTake() {
        MllamaImageProcessor processor = new MllamaImageProcessor(Golden.config(28));
        RgbImage image = new RgbImage(100, 100, new byte[30_000]); // resized across to [100, 56], then to [56, 56] on 2 x 2 tiles
        long needed = 30_000 + 16_800 + (4 << 20) + 2 * 3 * 56 * 56;

        assertEquals(4, processor.process(image, "x", asked -> needed).grid().tiles());
        ImageException e = assertThrows(ImageException.class, () -> processor.process(image, "x", asked -> needed - 1));

        assertEquals("x: does not fit in the memory of the Java machine: decoding needs 5 MB of heap, 4 MB are free (raise it with -Xmx)",
                e.getMessage());
    }
}
