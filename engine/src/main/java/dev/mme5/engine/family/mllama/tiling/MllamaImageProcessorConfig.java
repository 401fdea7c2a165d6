package dev.mme5.engine.family.mllama.tiling;

import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.weights.file.ModelFolder;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * preprocessor_config.json: how an image becomes the model's input. An instance that exists can be run.
 *
 * @param tileSize S, pixels a side of a tile
 * @param maxTiles maximum tiles of one image
 * @param tileGrids the grids to choose from; the aspect ratio id of a grid is 1 + its index
 * @param rescaleFactor a byte times this is the intensity of its colour
 * @param mean subtracted from the intensity: red, green, blue
 * @param std divides the difference: red, green, blue
 */
public record MllamaImageProcessorConfig(
        int tileSize, int maxTiles, List<TileGrid> tileGrids, double rescaleFactor, float[] mean, float[] std) {
    /** The file of transformers 4. */
    public static final String FILE = "preprocessor_config.json";

    /** The file of transformers 5. */
    public static final String PROCESSOR_FILE = "processor_config.json";

    private static final String MEMBER = "image_processor";

    /** Keeps every index into the canvas, [tiles * S * S, 3] bytes, an int; a thousand times the largest tile in use. */
    private static final long MAX_CANVAS_PIXELS = Integer.MAX_VALUE / 4;

    /** Maximum that config.json may have; the grids of millions would take minutes to list. */
    private static final int MAX_TILES = 64;

    public MllamaImageProcessorConfig {
        require(tileSize > 0, "tile size " + tileSize);
        require(maxTiles > 0, "max_image_tiles " + maxTiles);
        require((long) maxTiles * tileSize <= MAX_CANVAS_PIXELS / tileSize, maxTiles + " tiles of " + tileSize + " pixels a side");
        require(!tileGrids.isEmpty(), "no tile grid");
        require(Double.isFinite(rescaleFactor) && rescaleFactor > 0, "rescale_factor " + rescaleFactor);
        require(mean.length == 3 && std.length == 3, mean.length + " means and " + std.length + " deviations for 3 colours");
        for (TileGrid grid : tileGrids) require(grid.tiles() <= maxTiles, grid + " has more tiles than " + maxTiles);
        for (float value : mean) require(Float.isFinite(value), "mean " + value);
        for (float value : std) require(Float.isFinite(value) && value > 0, "standard deviation " + value);
        tileGrids = List.copyOf(tileGrids);
        mean = mean.clone();
        std = std.clone();
    }

    private static void require(boolean holds, String found) {
        if (!holds) throw new IllegalArgumentException("image processor: " + found);
    }

    /**
     * Reads and checks the file. A key that is absent has the default of HF's MllamaImageProcessor.
     *
     * @param preprocessorConfigJson the file
     * @param tileGrids {@code supported_aspect_ratios} of config.json as [rows, columns]
     * @throws dev.mme5.json.ModelFormatException if the file is missing, or asks for what is not done here
     */
    public static MllamaImageProcessorConfig read(Path preprocessorConfigJson, List<TileGrid> tileGrids) {
        return read(ModelFolder.readObject(preprocessorConfigJson), tileGrids);
    }

    /**
     * The configuration of a folder: preprocessor_config.json, or the member image_processor of processor_config.json, as transformers 5
     * saves it. Because transformers 4 reads the first and transformers 5 the second, they must say the same if both are there.
     *
     * @throws dev.mme5.json.ModelFormatException if both files are missing, or they differ or ask for what is not done here
     */
    public static MllamaImageProcessorConfig ofFolder(Path folder, List<TileGrid> tileGrids) {
        Path file = folder.resolve(FILE);
        Path processor = folder.resolve(PROCESSOR_FILE);
        if (!Files.exists(processor, LinkOption.NOFOLLOW_LINKS)) return read(file, tileGrids);
        JsonObject nested = ModelFolder.readObject(processor);
        if (!nested.has(MEMBER)) return read(file, tileGrids);
        MllamaImageProcessorConfig config = read(nested.object(MEMBER), tileGrids);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS) || config.isSame(read(file, tileGrids))) return config;
        throw nested.error(MEMBER, "expected the same image processor as in " + FILE + ", found another");
    }

    private boolean isSame(MllamaImageProcessorConfig other) {
        return tileSize == other.tileSize && maxTiles == other.maxTiles && rescaleFactor == other.rescaleFactor
                && Arrays.equals(mean, other.mean) && Arrays.equals(std, other.std);
    }

    private static MllamaImageProcessorConfig read(JsonObject json, List<TileGrid> tileGrids) {
        for (String step : List.of("do_convert_rgb", "do_resize", "do_rescale", "do_normalize", "do_pad")) {
            if (!json.bool(step, true)) throw json.error(step, "expected true, found false: no step can be left out");
        }
        int resample = json.integer("resample", 2);
        if (resample != 2) throw json.error("resample", "expected 2 (bilinear), found " + resample);

        int tileSize = tileSize(json);
        int maxTiles = json.integer("max_image_tiles", 4);
        if (maxTiles < 1 || maxTiles > MAX_TILES || (long) maxTiles * tileSize > MAX_CANVAS_PIXELS / tileSize) {
            throw json.error("max_image_tiles", "expected 1 or more tiles that fit in memory, found %d of %d x %d pixels"
                    .formatted(maxTiles, tileSize, tileSize));
        }
        // HF's processor makes its own list from max_image_tiles, the model its own from config.json. An aspect ratio id means the
        // same grid to both only if the lists are equal.
        if (!tileGrids.equals(TileGrid.upTo(maxTiles))) {
            throw json.error("max_image_tiles", "%d tiles can be arranged as %s, but supported_aspect_ratios of config.json is %s"
                    .formatted(maxTiles, TileGrid.upTo(maxTiles), tileGrids));
        }
        double rescale = json.number("rescale_factor", 1 / 255.0);
        if (!(rescale > 0)) throw json.error("rescale_factor", "expected more than 0, found " + rescale);
        return new MllamaImageProcessorConfig(tileSize, maxTiles, tileGrids, rescale, colors(json, "image_mean", false),
                colors(json, "image_std", true));
    }

    private static int tileSize(JsonObject json) {
        if (!json.has("size")) return 224;
        JsonObject size = json.object("size");
        int height = size.integer("height");
        int width = size.integer("width");
        if (height != width || height < 1) {
            throw json.error("size", "expected a square of 1 pixel or more, found height %d, width %d".formatted(height, width));
        }
        return height;
    }

    private static float[] colors(JsonObject json, String key, boolean positive) {
        float[] colors = {0.5f, 0.5f, 0.5f};
        if (!json.has(key)) return colors;
        JsonArray numbers = json.array(key);
        if (numbers.size() != 3) throw json.error(key, "expected 3 numbers, found " + numbers.size());
        for (int i = 0; i < 3; i++) {
            colors[i] = (float) numbers.number(i);
            if (!Float.isFinite(colors[i]) || positive && colors[i] <= 0) {
                String expected = positive ? "expected a number greater than 0" : "expected a finite number";
                throw json.error(key, expected + ", found " + numbers.number(i));
            }
        }
        return colors;
    }
}
