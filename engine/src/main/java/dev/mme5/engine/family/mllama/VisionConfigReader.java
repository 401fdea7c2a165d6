package dev.mme5.engine.family.mllama;

import dev.mme5.engine.family.ConfigSection;
import dev.mme5.engine.family.mllama.tiling.TileGrid;
import dev.mme5.engine.family.mllama.vision.VisionConfig;
import dev.mme5.json.JsonArray;
import java.util.ArrayList;
import java.util.List;

/** The vision_config of config.json, with the defaults of Hugging Face's MllamaVisionConfig (reference section 2). */
final class VisionConfigReader {
    private static final int MAX_WIDTH = 1 << 20;
    private static final int MAX_LAYERS = 10_000;
    private static final int MAX_TILES = 64;
    private static final int MAX_TILE_SIZE = 8192;
    private static final int[][] DEFAULT_TILE_GRIDS = {{1, 1}, {1, 2}, {1, 3}, {1, 4}, {2, 1}, {2, 2}, {3, 1}, {4, 1}};

    private VisionConfigReader() {}

    static VisionConfig read(ConfigSection c) {
        c.onlyIfPresent("model_type", "mllama_vision_model");
        c.only("hidden_act", "gelu");
        int channels = c.integer("num_channels", 3);
        if (channels != 3) throw c.error("num_channels", "expected 3, found " + channels);
        int hidden = c.count("hidden_size", MAX_WIDTH, 1280);
        int heads = c.count("attention_heads", MAX_WIDTH, 16);
        if (hidden % heads != 0) throw c.error("attention_heads", "expected a divisor of hidden_size " + hidden + ", found " + heads);
        int layers = c.count("num_hidden_layers", MAX_LAYERS, 32);
        List<Integer> intermediate = c.indices("intermediate_layers_indices", layers, List.of(3, 7, 15, 23, 30));
        int tileSize = c.count("image_size", MAX_TILE_SIZE, 448);
        int patchSize = c.count("patch_size", MAX_TILE_SIZE, 14);
        if (patchSize > tileSize) throw c.error("patch_size", "expected at most image_size " + tileSize + ", found " + patchSize);
        int maxTiles = c.count("max_num_tiles", MAX_TILES, 4);
        VisionConfig config = new VisionConfig(
                hidden,
                layers,
                c.integer("num_global_layers", 8),
                heads,
                c.count("intermediate_size", MAX_WIDTH, 5120),
                (float) c.number("norm_eps", 1e-5, eps -> eps >= 0 && eps < 1, "0 to 1"),
                tileSize,
                patchSize,
                maxTiles,
                intermediate,
                tileGrids(c, maxTiles));
        if (config.globalLayers() < 0 || config.globalLayers() > MAX_LAYERS) {
            throw c.error("num_global_layers", "expected 0 to " + MAX_LAYERS + ", found " + config.globalLayers());
        }
        long features = hidden * (1L + intermediate.size());
        if ((long) maxTiles * config.paddedTileTokens() * features > Integer.MAX_VALUE) {
            throw c.error(
                    "max_num_tiles",
                    "%d tiles of %d tokens, %d numbers each, are more than fit in an array".formatted(maxTiles, config.tileTokens(),
                            features));
        }
        int output = c.integer("vision_output_dim", 7680);
        if (output != config.features()) {
            throw c.error(
                    "vision_output_dim",
                    "expected hidden_size * (1 + intermediate layers) = " + config.features() + ", found " + output);
        }
        return config;
    }

    private static List<TileGrid> tileGrids(ConfigSection c, int maxTiles) {
        String key = "supported_aspect_ratios";
        JsonArray pairs = c.array(key, "the 8 tile grids of up to 4 tiles");
        List<TileGrid> grids = new ArrayList<>();
        int count = pairs == null ? DEFAULT_TILE_GRIDS.length : pairs.size();
        for (int i = 0; i < count; i++) {
            int[] pair = pairs == null ? DEFAULT_TILE_GRIDS[i] : pairs.array(i).integers();
            if (pair.length != 2 || pair[0] < 1 || pair[1] < 1 || (long) pair[0] * pair[1] > maxTiles) {
                throw c.error(key + "[" + i + "]", "expected [rows, columns] of at most max_num_tiles = " + maxTiles + " tiles");
            }
            TileGrid grid = new TileGrid(pair[0], pair[1]);
            if (grids.contains(grid)) throw c.error(key + "[" + i + "]", "occurs twice");
            grids.add(grid);
        }
        if (grids.isEmpty()) throw c.error(key, "expected at least one tile grid, found none");
        return grids;
    }
}
