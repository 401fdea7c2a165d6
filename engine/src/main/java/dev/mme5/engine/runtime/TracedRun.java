package dev.mme5.engine.runtime;

import dev.mme5.engine.Embedding;
import dev.mme5.engine.StageListener;
import dev.mme5.engine.family.mllama.Mllama;
import dev.mme5.engine.family.mllama.text.VisionStates;
import dev.mme5.engine.family.mllama.tiling.TiledImage;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.Trace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** One input through the model with every stage told, nothing skipped and nothing taken from a cache. */
public final class TracedRun {
    private final Mllama model;
    private final PreparedInput input;
    private final StageListener stages;

    /** Stages of the pictures, which are told together: [pictures * what one has first, ...]. */
    private final Map<String, List<float[]>> pictureValues = new LinkedHashMap<>();

    private final Map<String, long[]> pictureShapes = new LinkedHashMap<>();

    public TracedRun(Mllama model, PreparedInput input, StageListener stages) {
        this.model = model;
        this.input = input;
        this.stages = stages;
    }

    public Embedding run() {
        tellPixels();
        List<VisionStates> pictures = new ArrayList<>();
        for (TiledImage image : input.images()) pictures.add(model.image(image, true, this::keepPictureStage));
        pictureValues.forEach(this::tellPictureStage);

        Matrix vector = model.embed(new int[][] {input.ids()}, pictures, new TextTrace());
        return new Embedding(vector.toArray(), input.ids().length, input.truncated());
    }

    private void tellPixels() {
        float[] ids = new float[input.ids().length];
        for (int i = 0; i < ids.length; i++) ids[i] = input.ids()[i];
        stages.stage("input_ids", new long[] {ids.length}, ids);
        if (input.images().isEmpty()) return;

        int pictures = input.images().size();
        int size = input.images().getFirst().tileSize();
        int tileFloats = 3 * size * size;
        float[] aspectIds = new float[pictures];
        float[] tiles = new float[pictures];
        for (int i = 0; i < pictures; i++) {
            aspectIds[i] = input.images().get(i).aspectId();
            tiles[i] = input.images().get(i).grid().tiles();
        }
        stages.stage("aspect_ratio_ids", new long[] {pictures}, aspectIds);
        stages.stage("num_tiles", new long[] {pictures}, tiles);

        int maxTiles = model.maxTiles();
        float[] pixels = new float[Math.multiplyExact(pictures * maxTiles, tileFloats)];
        for (int i = 0; i < pictures; i++) {
            TiledImage image = input.images().get(i);
            for (int tile = 0; tile < image.grid().tiles(); tile++) image.pixels(tile, pixels, (i * maxTiles + tile) * tileFloats);
        }
        stages.stage("pixel_values", new long[] {pictures, maxTiles, 3, size, size}, pixels);
    }

    private void keepPictureStage(String name, Supplier<Matrix> value, long... shape) {
        pictureValues.computeIfAbsent(name, n -> new ArrayList<>()).add(value.get().toArray());
        pictureShapes.put(name, shape);
    }

    private void tellPictureStage(String name, List<float[]> values) {
        long[] shape = pictureShapes.get(name).clone();
        shape[0] *= values.size();
        int length = values.getFirst().length;
        float[] together = new float[Math.multiplyExact(values.size(), length)];
        for (int i = 0; i < values.size(); i++) System.arraycopy(values.get(i), 0, together, i * length, length);
        stages.stage(name, shape, together);
    }

    private final class TextTrace implements Trace {
        @Override
        public void stage(String name, Supplier<Matrix> value, long... shape) {
            stages.stage(name, shape, value.get().toArray());
        }
    }
}
