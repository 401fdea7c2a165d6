package dev.mme5.engine.family.mllama.text;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.KeyValues;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that the decoder reads of the pictures of a prompt. It does not depend on the prompt, so that one picture's states
 * serve any number of prompts (reference section 12.3).
 *
 * <p>Rows: the tokens of real tiles, picture after picture, then those of absent tiles, if they were computed.
 */
public final class VisionStates {
    private final int[] starts;
    private final int[] multiplicities;
    private final List<KeyValues> layers;

    /**
     * @param starts first row of each picture's real tiles, and one past the last of them, [pictures + 1]
     * @param multiplicities how many tokens each row stands for, [rows]
     * @param layers keys and values of every cross-attention layer, in order
     */
    public VisionStates(int[] starts, int[] multiplicities, List<KeyValues> layers) {
        this.starts = starts;
        this.multiplicities = multiplicities;
        this.layers = List.copyOf(layers);
    }

    /** The states of several pictures of one prompt as those of one. */
    public static VisionStates join(List<VisionStates> pictures) {
        if (pictures.size() == 1) return pictures.getFirst();
        int[] starts = new int[pictures.size() + 1];
        int rows = 0;
        for (int i = 0; i < pictures.size(); i++) {
            starts[i + 1] = starts[i] + pictures.get(i).realRows();
            rows += pictures.get(i).rows();
        }
        int[] multiplicities = new int[rows];
        int absent = starts[pictures.size()];
        for (int i = 0; i < pictures.size(); i++) {
            VisionStates picture = pictures.get(i);
            int absentRows = picture.rows() - picture.realRows();
            System.arraycopy(picture.multiplicities, 0, multiplicities, starts[i], picture.realRows());
            System.arraycopy(picture.multiplicities, picture.realRows(), multiplicities, absent, absentRows);
            absent += absentRows;
        }
        List<KeyValues> layers = new ArrayList<>();
        for (int layer = 0; layer < pictures.getFirst().layers.size(); layer++) {
            int index = layer;
            List<KeyValues> parts = pictures.stream().map(p -> p.layers.get(index)).toList();
            layers.add(new KeyValues(
                    join(pictures, parts.stream().map(KeyValues::keys).toList()),
                    join(pictures, parts.stream().map(KeyValues::values).toList())));
        }
        return new VisionStates(starts, multiplicities, layers);
    }

    private static Matrix join(List<VisionStates> pictures, List<Matrix> parts) {
        Matrix joined = Matrix.zeros(parts.stream().mapToInt(Matrix::rows).sum(), parts.getFirst().cols());
        int row = 0;
        for (int i = 0; i < parts.size(); i++) {
            for (int from = 0; from < pictures.get(i).realRows(); from++) joined.copyRow(parts.get(i), from, row++);
        }
        for (int i = 0; i < parts.size(); i++) {
            for (int from = pictures.get(i).realRows(); from < parts.get(i).rows(); from++) {
                joined.copyRow(parts.get(i), from, row++);
            }
        }
        return joined;
    }

    /** Bytes of heap. */
    public long bytes() {
        long numbers = multiplicities.length;
        for (KeyValues layer : layers) numbers += 2L * layer.keys().rows() * layer.keys().cols();
        return numbers * Float.BYTES;
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

    /** First row of a picture's real tiles; that of one past the last picture is {@link #realRows}. */
    int start(int picture) {
        return starts[picture];
    }

    int realRows() {
        return starts[starts.length - 1];
    }
}
