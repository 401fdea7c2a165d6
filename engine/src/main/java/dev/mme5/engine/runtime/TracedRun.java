package dev.mme5.engine.runtime;

import dev.mme5.engine.family.EmbeddingNetwork;
import dev.mme5.engine.family.ImageState;
import dev.mme5.engine.family.PreparedImage;
import dev.mme5.engine.family.SequenceBatch;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.Trace;
import dev.mme5.engine.runtime.pass.PreparedInput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** One input through the model with every stage traced, nothing skipped and nothing taken from a cache. */
final class TracedRun {
    private final EmbeddingNetwork network;
    private final PreparedInput input;
    private final Trace trace;

    /** Stages of the images, by name: traced together, with a first dimension that counts images. */
    private final Map<String, List<float[]>> imageValues = new LinkedHashMap<>();

    private final Map<String, long[]> imageShapes = new LinkedHashMap<>();

    TracedRun(EmbeddingNetwork network, PreparedInput input, Trace trace) {
        this.network = network;
        this.input = input;
        this.trace = trace;
    }

    Outcome.Embedded run() {
        traceIds();
        int[][] ids = {input.ids()};
        List<ImageState> states = new ArrayList<>();
        for (PreparedImage image : input.images()) states.add(network.imageState(image, ids, this::keepImageStage));
        imageValues.forEach(this::traceImageStage);

        Matrix vector = network.embed(new SequenceBatch(ids, states), trace).vectors();
        return new Outcome.Embedded(vector.toArray(), input.ids().length, 0, input.truncated());
    }

    private void traceIds() {
        float[] ids = new float[input.ids().length];
        for (int i = 0; i < ids.length; i++) ids[i] = input.ids()[i];
        trace.stage("input_ids", () -> Matrix.row(ids), ids.length);
    }

    private void keepImageStage(String name, Supplier<Matrix> value, long... shape) {
        imageValues.computeIfAbsent(name, any -> new ArrayList<>()).add(value.get().toArray());
        imageShapes.put(name, shape);
    }

    private void traceImageStage(String name, List<float[]> values) {
        long[] shape = imageShapes.get(name).clone();
        shape[0] *= values.size();
        int length = values.getFirst().length;
        float[] together = new float[Math.multiplyExact(values.size(), length)];
        for (int i = 0; i < values.size(); i++) System.arraycopy(values.get(i), 0, together, i * length, length);
        trace.stage(name, () -> Matrix.row(together), shape);
    }
}
