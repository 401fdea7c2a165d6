package dev.mme5.engine.family.mllama.tiling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mme5.engine.image.Golden;
import dev.mme5.json.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MllamaImageProcessorConfigTest {
    @TempDir
    Path folder;

    private MllamaImageProcessorConfig read(String json) throws IOException {
        return MllamaImageProcessorConfig.read(Files.writeString(folder.resolve("preprocessor_config.json"), json), Golden.grids());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a-bf16-hub", "b-f32-v5", "c-f16-sharded", "d-bf16-v5-sharded", "e-bf16-defaults"})
    void readsTheFilesOfTheGoldenModels(String model) {
        Path file = Golden.file("models/" + model + "/preprocessor_config.json");

        MllamaImageProcessorConfig config = MllamaImageProcessorConfig.read(file, Golden.grids());

        assertEquals(model.startsWith("b") ? 30 : model.startsWith("c") ? 35 : 28, config.tileSize());
        assertEquals(4, config.maxTiles());
        assertEquals(0.00392156862745098, config.rescaleFactor());
        float half = 0.5f;
        assertArrayEquals(model.startsWith("b") ? new float[] {half, half, half} : Golden.MEAN, config.mean());
        assertArrayEquals(model.startsWith("b") ? new float[] {half, half, half} : Golden.STD, config.std());
    }

    @Test
    void absentKeysHaveTheDefaultsOfTheClass() throws IOException {
        MllamaImageProcessorConfig config = read("{}");

        assertEquals(224, config.tileSize());
        assertEquals(4, config.maxTiles());
        assertEquals(1 / 255.0, config.rescaleFactor());
        assertArrayEquals(new float[] {0.5f, 0.5f, 0.5f}, config.mean());
        assertArrayEquals(new float[] {0.5f, 0.5f, 0.5f}, config.std());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"do_resize":false}                    | do_resize: expected true, found false: no step can be left out
            {"do_convert_rgb":false}               | do_convert_rgb: expected true, found false: no step can be left out
            {"do_rescale":false}                   | do_rescale: expected true, found false: no step can be left out
            {"do_normalize":false}                 | do_normalize: expected true, found false: no step can be left out
            {"do_pad":false}                       | do_pad: expected true, found false: no step can be left out
            {"resample":3}                         | resample: expected 2 (bilinear), found 3
            {"size":{"height":28,"width":30}}      | size: expected a square of 1 pixel or more, found height 28, width 30
            {"size":{"height":0,"width":0}}        | size: expected a square of 1 pixel or more, found height 0, width 0
            {"max_image_tiles":0} \
                    | max_image_tiles: expected 1 or more tiles that fit in memory, found 0 of 224 x 224 pixels
            {"size":{"height":99999,"width":99999}} \
                    | max_image_tiles: expected 1 or more tiles that fit in memory, found 4 of 99999 x 99999 pixels
            {"max_image_tiles":2}                  | max_image_tiles: 2 tiles can be arranged as [[1, 1], [1, 2], [2, 1]], but supported_aspect_ratios of config.json is [[1, 1], [1, 2], [1, 3], [1, 4], [2, 1], [2, 2], [3, 1], [4, 1]]
            {"rescale_factor":0}                   | rescale_factor: expected more than 0, found 0.0
            {"image_mean":[0.5,0.5]}               | image_mean: expected 3 numbers, found 2
            {"image_std":[0.5,0.5,0]}              | image_std: expected a number greater than 0, found 0.0
            {"image_std":[0.5,1e-60,1]}            | image_std: expected a number greater than 0, found 1.0E-60
            {"image_mean":[1e60,0,0]}              | image_mean: expected a finite number, found 1.0E60
            """)
    void refusesWhatItDoesNotDoAndSaysWhich(String json, String problem) {
        ModelFormatException e = assertThrows(ModelFormatException.class, () -> read(json));

        String place = "preprocessor_config.json: " + problem;
        assertTrue(e.getMessage().endsWith(place), e.getMessage());
    }

    @Test
    void refusesAFileThatIsMissing() {
        Path missing = folder.resolve("preprocessor_config.json");

        ModelFormatException e = assertThrows(
                ModelFormatException.class, () -> MllamaImageProcessorConfig.read(missing, Golden.grids()));

        assertTrue(e.getMessage().contains("preprocessor_config.json"), e.getMessage());
    }

    @Test
    void cannotExistWrong() {
        float[] three = {1, 1, 1};
        List<TileGrid> grids = Golden.grids();

        assertThrows(IllegalArgumentException.class, () -> new MllamaImageProcessorConfig(0, 4, grids, 1, three, three));
        assertThrows(IllegalArgumentException.class, () -> new MllamaImageProcessorConfig(28, 3, grids, 1, three, three));
        assertThrows(IllegalArgumentException.class, () -> new MllamaImageProcessorConfig(28, 4, List.of(), 1, three, three));
        assertThrows(IllegalArgumentException.class, () -> new MllamaImageProcessorConfig(28, 4, grids, Double.NaN, three, three));
        assertThrows(IllegalArgumentException.class, () -> new MllamaImageProcessorConfig(28, 4, grids, 1, new float[2], three));
        assertThrows(IllegalArgumentException.class, () -> new MllamaImageProcessorConfig(28, 4, grids, 1, three, new float[3]));
    }

    /** Listing the grids of half a milliard of tiles would take minutes, and more memory than there is. */
    @Test
    void refusesMillionsOfTilesBeforeTheyAreCounted() {
        ModelFormatException refusal = assertThrows(ModelFormatException.class,
                () -> read("{\"size\":{\"height\":1,\"width\":1},\"max_image_tiles\":500000000}"));

        assertTrue(refusal.getMessage().endsWith(
                "max_image_tiles: expected 1 or more tiles that fit in memory, found 500000000 of 1 x 1 pixels"), refusal.getMessage());
    }
}
