package dev.mme5.engine.family.mllama.vision;

import dev.mme5.engine.family.mllama.tiling.TileGrid;
import java.util.List;

/**
 * The vision half of config.json (reference section 2). An instance that exists is a model that can be run; the checks with
 * names of keys are made where the file is read.
 *
 * @param hidden width of a token
 * @param layers number of local layers
 * @param globalLayers number of gated global layers
 * @param heads number of attention heads
 * @param mlpHidden width of the MLP
 * @param normEps epsilon of the norms inside the layers; the norms before and after the local layers have 1e-5
 * @param tileSize side of a tile in pixels
 * @param patchSize side of a patch in pixels
 * @param maxTiles number of tiles every image is given, absent ones included
 * @param intermediateLayers layers whose INPUT is kept as a feature, in order (reference section 5.6)
 * @param tileGrids supported tile grids; the aspect ratio id of one is 1 + its index
 */
public record VisionConfig(
        int hidden,
        int layers,
        int globalLayers,
        int heads,
        int mlpHidden,
        float normEps,
        int tileSize,
        int patchSize,
        int maxTiles,
        List<Integer> intermediateLayers,
        List<TileGrid> tileGrids) {
    public VisionConfig {
        intermediateLayers = List.copyOf(intermediateLayers);
        tileGrids = List.copyOf(tileGrids);
    }

    /** Width of one head. */
    public int headSize() {
        return hidden / heads;
    }

    /** Patches on a side of a tile; remaining pixels at the right and the bottom are ignored. */
    public int patchesPerSide() {
        return tileSize / patchSize;
    }

    /** Tokens of a tile: its patches and the class token. */
    public int tileTokens() {
        return patchesPerSide() * patchesPerSide() + 1;
    }

    /** Tokens of a tile as the model was trained: padded to a multiple of 8. Dropping the padding changes the vectors. */
    public int paddedTileTokens() {
        return Math.ceilDiv(tileTokens(), 8) * 8;
    }

    /** Width of the features of a token: the final state and the kept intermediate ones. */
    public int features() {
        return hidden * (1 + intermediateLayers.size());
    }
}
