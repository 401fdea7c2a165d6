package dev.mme5.engine.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mme5.engine.family.mllama.tiling.CanvasLayout;
import dev.mme5.engine.family.mllama.tiling.MllamaImageProcessor;
import dev.mme5.engine.family.mllama.tiling.NormalizationTable;
import dev.mme5.engine.family.mllama.tiling.TileGrid;
import dev.mme5.engine.family.mllama.tiling.TiledImage;
import dev.mme5.engine.image.raster.RgbImage;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every stage from the file to the normalised floats, against the golden files, in data order. */
class PreprocessGoldenTest {
    @ParameterizedTest
    @MethodSource("dev.mme5.engine.image.Golden#images")
    void decodesToThePixelsOfTheReference(JsonObject golden) {
        RgbImage image = Golden.decoder().decode(Golden.file("images/" + golden.text("name")));

        assertEquals(golden.integer("width"), image.width());
        assertEquals(golden.integer("height"), image.height());
        assertEquals(golden.text("decoded_sha256"), Golden.sha256(image.rgb()));
    }

    @ParameterizedTest
    @MethodSource("dev.mme5.engine.image.Golden#images")
    void laysImagesOnTheCanvasOfTheReference(JsonObject golden) {
        RgbImage image = Golden.decoder().decode(Golden.file("images/" + golden.text("name")));
        JsonObject tileSizes = golden.object("by_tile_size");
        for (String tileSize : tileSizes.keys()) {
            JsonObject expected = tileSizes.object(tileSize);

            TiledImage tiled = new MllamaImageProcessor(Golden.config(Integer.parseInt(tileSize))).process(image);

            assertEquals(new TileGrid(expected.integer("rows"), expected.integer("cols")), tiled.grid());
            assertEquals(expected.integer("aspect_ratio_id"), tiled.aspectRatioId());
            assertEquals(expected.integer("num_tiles"), tiled.grid().tiles());
            assertEquals(expected.integer("resized_width"), tiled.width());
            assertEquals(expected.integer("resized_height"), tiled.height());
            assertEquals(expected.text("canvas_sha256"), Golden.sha256(tiled.canvas()), "tile size " + tileSize);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.mme5.engine.image.Golden#images")
    void normalisedPixelsHaveTheSumOfTheReference(JsonObject golden) {
        RgbImage image = Golden.decoder().decode(Golden.file("images/" + golden.text("name")));
        JsonObject tileSizes = golden.object("by_tile_size");
        for (String key : tileSizes.keys()) {
            int tileSize = Integer.parseInt(key);
            TiledImage tiled = new MllamaImageProcessor(Golden.config(tileSize)).process(image);
            double sum = 0;
            float[] tile = new float[3 * tileSize * tileSize];
            for (int i = 0; i < tiled.grid().tiles(); i++) {
                tiled.pixels(i, tile, 0);
                for (float value : tile) sum += value;
            }

            double expected = tileSizes.object(key).number("pixel_values_sum_f64");

            assertEquals(expected, sum, 1e-9 * tile.length * 4, "tile size " + tileSize);
        }
    }

    @Test
    void fitsImagesOfAllSizesAsTheReferenceDoes() {
        JsonArray cases = Golden.canvasCases();
        assertEquals(666, cases.size());
        for (int i = 0; i < cases.size(); i++) {
            int[] c = cases.array(i).integers(); // width, height, tile, rows, cols, resized width, resized height

            CanvasLayout fit = CanvasLayout.of(c[0], c[1], c[2], Golden.grids());

            List<Integer> expected = List.of(c[3], c[4], c[5], c[6]);
            List<Integer> found = List.of(fit.grid().tilesHigh(), fit.grid().tilesWide(), fit.width(), fit.height());
            assertEquals(expected, found, c[0] + " x " + c[1] + " on tiles of " + c[2]);
            assertEquals(fit.grid(), Golden.grids().get(fit.aspectRatioId() - 1));
        }
    }

    @Test
    void normalisesEveryByteToTheBitsOfTheReference() {
        JsonArray bits = Golden.preprocess().array("normalise_lut_f32_hex");
        NormalizationTable table = new NormalizationTable(Golden.config(28));
        for (int channel = 0; channel < 3; channel++) {
            int[] expected = new int[256];
            int[] found = new int[256];
            for (int value = 0; value < 256; value++) {
                expected[value] = Integer.parseUnsignedInt(bits.array(channel).text(value), 16);
                found[value] = Float.floatToRawIntBits(table.channel(channel)[value]);
            }

            assertArrayEquals(expected, found);
        }
    }
}
