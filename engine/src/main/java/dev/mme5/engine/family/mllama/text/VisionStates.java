package dev.mme5.engine.family.mllama.text;

import dev.mme5.engine.family.ImageState;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.attention.KeyValues;
import java.util.ArrayList;
import java.util.List;

/**
 * The decoder's view of the images of a prompt: keys and values of every cross-attention layer. They do not depend on the
 * prompt, so that one image's states serve any number of prompts (reference section 12.3).
 *
 * <p>Rows: the tokens of real tiles, image after image, then those of absent tiles, if they were computed.
 */
public final class VisionStates implements ImageState {
    private final int[] starts;
    private final int[] multiplicities;
    private final List<KeyValues> layers;

    /**
     * @param starts first row of each image's real tiles, and one past the last of them, [images + 1]
     * @param multiplicities how many tokens each row stands for, [rows]
     * @param layers keys and values of every cross-attention layer, in order
     */
    VisionStates(int[] starts, int[] multiplicities, List<KeyValues> layers) {
        this.starts = starts;
        this.multiplicities = multiplicities;
        this.layers = List.copyOf(layers);
    }

    /** The states of several images of one prompt as those of one. */
    public static VisionStates join(List<VisionStates> images) {
        if (images.size() == 1) return images.getFirst();
        int[] starts = new int[images.size() + 1];
        int rows = 0;
        for (int i = 0; i < images.size(); i++) {
            starts[i + 1] = starts[i] + images.get(i).realRows();
            rows += images.get(i).rows();
        }
        int[] multiplicities = new int[rows];
        int absent = starts[images.size()];
        for (int i = 0; i < images.size(); i++) {
            VisionStates image = images.get(i);
            int absentRows = image.rows() - image.realRows();
            System.arraycopy(image.multiplicities, 0, multiplicities, starts[i], image.realRows());
            System.arraycopy(image.multiplicities, image.realRows(), multiplicities, absent, absentRows);
            absent += absentRows;
        }
        List<KeyValues> layers = new ArrayList<>();
        for (int layer = 0; layer < images.getFirst().layers.size(); layer++) {
            int index = layer;
            List<KeyValues> parts = images.stream().map(image -> image.layers.get(index)).toList();
            layers.add(new KeyValues(
                    join(images, parts.stream().map(KeyValues::keys).toList()),
                    join(images, parts.stream().map(KeyValues::values).toList())));
        }
        return new VisionStates(starts, multiplicities, layers);
    }

    private static Matrix join(List<VisionStates> images, List<Matrix> parts) {
        Matrix joined = Matrix.zeros(parts.stream().mapToInt(Matrix::rows).sum(), parts.getFirst().cols());
        int target = 0;
        for (int i = 0; i < parts.size(); i++) {
            for (int row = 0; row < images.get(i).realRows(); row++) joined.copyRow(parts.get(i), row, target++);
        }
        for (int i = 0; i < parts.size(); i++) {
            for (int row = images.get(i).realRows(); row < parts.get(i).rows(); row++) joined.copyRow(parts.get(i), row, target++);
        }
        return joined;
    }

    @Override
    public long bytes() {
        return (long) Integer.BYTES * multiplicities.length + layers.stream().mapToLong(KeyValues::bytes).sum();
    }

    int[] multiplicities() {
        return multiplicities;
    }

    KeyValues layer(int crossLayer) {
        return layers.get(crossLayer);
    }

    int rows() {
        return multiplicities.length;
    }

    /** First row of an image's real tiles; that of one past the last image is {@link #realRows}. */
    int start(int image) {
        return starts[image];
    }

    int realRows() {
        return starts[starts.length - 1];
    }
}
