package dev.mme5.engine.family.mllama.vision;

import dev.mme5.engine.kernel.api.Matrix;
import java.util.Arrays;

/**
 * The vision encoder's output for one image: one row for every token of its real tiles, then, if asked for, of its absent tiles.
 * Each row stands for one or more equal tokens.
 */
public final class VisionFeatures {
    private final Matrix rows;
    private final VisionRowLayout layout;

    VisionFeatures(Matrix rows, VisionRowLayout layout) {
        this.rows = rows;
        this.layout = layout;
    }

    /** [tokens, features]. */
    public Matrix rows() {
        return rows;
    }

    /** Number of rows that belong to real tiles; these come first. */
    public int realRows() {
        return layout.realRows();
    }

    /** How many tokens each row stands for, [tokens]. */
    public int[] multiplicities() {
        return Arrays.copyOf(layout.tileMultiplicities(), rows.rows());
    }

    /** x [tokens, any], computed from all rows, for every token of every tile: [maxTiles * tile tokens, any]. */
    public Matrix expand(Matrix x) {
        return layout.expand(x, 0, false);
    }
}
