package dev.mme5.engine.family.mllama.vision;

import dev.mme5.engine.family.mllama.tiling.TiledImage;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.Buffers;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.Weights;

/**
 * Cuts every tile into patches and projects each patch to a hidden vector: a convolution whose stride is its kernel, so one
 * matrix product (reference section 5.1).
 *
 * <p>Stage 1 of 5 of the vision encoder. In: a tile's pixels [3, tileSize, tileSize]. Out: [patches, hidden].
 */
final class PatchEmbedding {
    private static final int CHANNELS = 3;

    private final MappedTensor weight;
    private final VisionConfig config;
    private final Kernels kernels;

    private PatchEmbedding(MappedTensor weight, VisionConfig config, Kernels kernels) {
        this.weight = weight;
        this.config = config;
        this.kernels = kernels;
    }

    static PatchEmbedding load(Weights w, VisionConfig c, Kernels kernels) {
        return new PatchEmbedding(w.tensor("weight", c.hidden(), CHANNELS, c.patchSize(), c.patchSize()), c, kernels);
    }

    /**
     * Buffers for the tiles of an image, one after the other.
     *
     * @param pixels of a tile, [3, tileSize * tileSize]
     * @param patches the same, patch by patch, [patches, 3 * patchSize * patchSize]
     */
    record Tile(Matrix pixels, Matrix patches) {
        static Tile allocate(VisionConfig c, Buffers buffers) {
            long patches = (long) c.patchesPerSide() * c.patchesPerSide();
            return new Tile(
                    buffers.matrix(CHANNELS, (long) c.tileSize() * c.tileSize()),
                    buffers.matrix(patches, (long) CHANNELS * c.patchSize() * c.patchSize()));
        }
    }

    /** The patches of one tile of the image into out [patches, hidden]. */
    void forward(TiledImage image, int tile, Tile buffers, Matrix out) {
        fill(image, tile, buffers);
        kernels.matmul(buffers.patches(), weight.reshaped(config.hidden(), buffers.patches().cols()), out);
    }

    /** Row y * side + x of the patches holds the pixels of patch (y, x), channel by channel. */
    private void fill(TiledImage image, int tile, Tile buffers) {
        int size = config.tileSize();
        int side = config.patchesPerSide();
        int patch = config.patchSize();
        float[] pixels = buffers.pixels().data();
        image.pixels(tile, pixels, 0);

        Matrix patches = buffers.patches();
        for (int row = 0; row < patches.rows(); row++) {
            int top = row / side * patch;
            int left = row % side * patch;
            for (int line = 0; line < CHANNELS * patch; line++) {
                int channel = line / patch;
                int y = top + line % patch;
                System.arraycopy(
                        pixels, (channel * size + y) * size + left, patches.data(), row * patches.cols() + line * patch, patch);
            }
        }
    }
}
