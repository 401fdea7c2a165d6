package dev.mme5.engine.family.mllama.vision;

import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.kernel.api.Matrix;
import java.util.Arrays;

/**
 * Which rows the vision encoder computes for an image. All padding tokens are equal, and absent tiles are if the checkpoint's
 * rows for them are. Equal tokens are computed once and counted as often as they occur (reference section 12.7).
 *
 * <p>Order of rows: the tokens of the real tiles, those of the absent tiles that are computed, then padding: one row in the
 * local layers, one for every computed tile in the global layers.
 *
 * @param tileTokens tokens of a tile without padding
 * @param padding padding tokens of a tile
 * @param maxTiles tiles of an image, absent ones included
 * @param realTiles tiles that show a part of the image
 * @param absentAreAlike whether the absent tiles are equal, so that one is computed for all
 */
record VisionRowLayout(int tileTokens, int padding, int maxTiles, int realTiles, boolean absentAreAlike) {
    static VisionRowLayout of(VisionConfig c, int realTiles, boolean absentAreAlike) {
        return new VisionRowLayout(c.tileTokens(), c.paddedTileTokens() - c.tileTokens(), c.maxTiles(), realTiles, absentAreAlike);
    }

    /** The layout with the most rows that an image of this model can have. */
    static VisionRowLayout largest(VisionConfig c) {
        return of(c, c.maxTiles(), false);
    }

    /** Tiles that are computed; tile i of them is tile i of the image. */
    int tiles() {
        return absentAreAlike ? Math.min(realTiles + 1, maxTiles) : maxTiles;
    }

    /** Multiplicity of a computed tile: how many tiles of the image it stands for. */
    int tileMultiplicity(int tile) {
        return absentAreAlike && tile == realTiles ? maxTiles - realTiles : 1;
    }

    /** Rows of real tiles. */
    int realRows() {
        return realTiles * tileTokens;
    }

    /** Rows of all computed tiles, without padding. */
    int tileRows() {
        return tiles() * tileTokens;
    }

    int localRows() {
        return tileRows() + 1;
    }

    int globalRows() {
        return tileRows() + tiles();
    }

    /** How many tokens each row of the computed tiles stands for, [tileRows]. */
    int[] tileMultiplicities() {
        int[] m = new int[tileRows()];
        for (int tile = 0; tile < tiles(); tile++) Arrays.fill(m, tile * tileTokens, (tile + 1) * tileTokens, tileMultiplicity(tile));
        return m;
    }

    /** Padding tokens see only real tokens; real tokens see all (reference section 5.4). */
    AttentionMask localMask() {
        int[] m = Arrays.copyOf(tileMultiplicities(), localRows());
        m[tileRows()] = maxTiles * padding;
        return new AttentionMask.Padded(realRows(), m);
    }

    AttentionMask globalMask() {
        int[] m = Arrays.copyOf(tileMultiplicities(), globalRows());
        for (int tile = 0; tile < tiles(); tile++) m[tileRows() + tile] = padding * tileMultiplicity(tile);
        return new AttentionMask.Padded(realRows(), m);
    }

    /**
     * The computed rows x, repeated for every token they stand for.
     *
     * @return [maxTiles * (tokens of a tile, from firstToken, padding if asked for), width]
     */
    Matrix expand(Matrix x, int firstToken, boolean withPadding) {
        int tokens = tileTokens + (withPadding ? padding : 0);
        Matrix full = Matrix.zeros(maxTiles * (tokens - firstToken), x.cols());
        int row = 0;
        for (int t = 0; t < maxTiles; t++) {
            int tile = Math.min(t, tiles() - 1);
            for (int token = firstToken; token < tokens; token++) {
                full.copyRow(x, token < tileTokens ? tile * tileTokens + token : paddingRow(x, tile), row++);
            }
        }
        return full;
    }

    private int paddingRow(Matrix x, int tile) {
        return x.rows() == localRows() ? tileRows() : tileRows() + tile;
    }
}
