package dev.mme5.engine.family.mllama.vision;

import dev.mme5.engine.kernel.api.Matrix;
import java.util.Arrays;

/**
 * What the vision tower says of an image: one row for every token of its real tiles, and behind them, if asked for, of its
 * absent tiles, each row standing for one or more equal tokens.
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

    /** How many of the rows belong to real tiles; these stand first. */
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
