package dev.mme5.engine.runtime;

import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingResult;
import dev.mme5.engine.Input;
import dev.mme5.engine.InputException;
import dev.mme5.engine.ProgressListener;
import dev.mme5.engine.family.mllama.Mllama;
import dev.mme5.engine.family.mllama.text.VisionStates;
import dev.mme5.engine.image.raster.HeapLimit;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.Interruption;
import dev.mme5.engine.nn.Trace;
import java.util.ArrayList;
import java.util.List;

/**
 * One call's inputs on their way through the model. Tokens of many texts are packed into one matrix, since products over many
 * tokens are faster, up to a budget of tokens; prompts that stand next to each other and are about the same pictures share
 * those too. No vector depends on what it was packed with.
 */
public final class EmbedCall {
    private final Mllama model;
    private final InputPreparer preparer;
    private final MemoryBudget heap;
    private final int tokensAtOnce;
    private final List<Input> inputs;
    private final ProgressListener listener;
    private final EmbeddingResult[] results;
    private final Pack texts = new Pack();
    private final Pack prompts = new Pack();
    private int done;

    /** Inputs that will go through the decoder together: all without pictures, or all about the same ones. */
    private final class Pack {
        private final List<Integer> indices = new ArrayList<>();
        private final List<PreparedInput> inputs = new ArrayList<>();
        private int tokens;

        void add(int index, PreparedInput input) {
            indices.add(index);
            inputs.add(inputs.isEmpty() ? input : input.sharing(inputs.getFirst()));
            tokens += input.ids().length;
        }

        boolean takes(PreparedInput input) {
            if (inputs.isEmpty()) return true;
            int together = tokens + input.ids().length;
            return together <= tokensAtOnce
                    && inputs.getFirst().contents().equals(input.contents())
                    && heap.memory().fits(together, pictures());
        }

        int pictures() {
            return inputs.isEmpty() ? 0 : inputs.getFirst().images().size();
        }

        void clear() {
            indices.clear();
            inputs.clear();
            tokens = 0;
        }
    }

    public EmbedCall(Mllama model, InputPreparer preparer, MemoryBudget heap, List<Input> inputs, ProgressListener listener) {
        this.model = model;
        this.preparer = preparer;
        this.heap = heap;
        this.tokensAtOnce = heap.memory().tokensAtOnce();
        this.inputs = inputs;
        this.listener = listener;
        this.results = new EmbeddingResult[inputs.size()];
    }

    public List<EmbeddingResult> run() {
        try (DecodeAhead preparation = new DecodeAhead(preparer, inputs)) {
            for (int i = 0; i < inputs.size(); i++) {
                Interruption.check();
                try {
                    PreparedInput input = preparation.get(i, heap.forDecoding());
                    preparation.runAhead(i + 1, roomBeside(input));
                    take(i, input);
                } catch (InputException e) {
                    finish(i, new EmbeddingResult(null, e));
                }
            }
        }
        embed(texts);
        embed(prompts);
        return List.of(results);
    }

    private void take(int index, PreparedInput input) {
        Pack pack = input.images().isEmpty() ? texts : prompts;
        if (!pack.takes(input)) embed(pack);
        pack.add(index, input);
    }

    /** What is left of the heap whatever is computed while this input is taken. */
    private HeapLimit roomBeside(PreparedInput input) {
        int tokens = Math.max(Math.max(texts.tokens, prompts.tokens), input.ids().length);
        int pictures = Math.max(prompts.pictures(), input.images().size());
        return heap.forDecodingBeside(tokens, pictures);
    }

    private void embed(Pack pack) {
        if (pack.inputs.isEmpty()) return;
        heap.makeRoom(pack.tokens, pack.pictures());
        int[][] ids = pack.inputs.stream().map(PreparedInput::ids).toArray(int[][]::new);
        Matrix vectors = model.embed(ids, pictures(pack.inputs), Trace.NONE);
        for (int i = 0; i < ids.length; i++) {
            finish(pack.indices.get(i), result(vectors.rows(i, i + 1).toArray(), pack.inputs.get(i)));
        }
        pack.clear();
    }

    /** The states of the pictures that all these inputs are about. */
    private List<VisionStates> pictures(List<PreparedInput> about) {
        PreparedInput any = about.getFirst();
        boolean withAbsent = about.stream().anyMatch(input -> model.readsAbsentTiles(input.ids()));
        List<VisionStates> pictures = new ArrayList<>();
        for (int i = 0; i < any.images().size(); i++) {
            int same = any.contents().indexOf(any.contents().get(i));
            if (same < i) {
                pictures.add(pictures.get(same));
                continue;
            }
            VisionStateCache.Key key = new VisionStateCache.Key(any.contents().get(i), withAbsent);
            VisionStates states = heap.cache().get(key);
            if (states == null) {
                states = model.image(any.images().get(i), withAbsent, Trace.NONE);
                heap.cache().put(key, states);
            }
            pictures.add(states);
        }
        return pictures;
    }

    private static EmbeddingResult result(float[] values, PreparedInput input) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return new EmbeddingResult(null,
                        new InputException("the model computed " + value + ": its weights are damaged or too large for float32"));
            }
        }
        return new EmbeddingResult(new Embedding(values, input.ids().length, input.truncated()), null);
    }

    private void finish(int index, EmbeddingResult result) {
        results[index] = result;
        listener.progress(++done, results.length);
    }
}
