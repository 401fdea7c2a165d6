package dev.mme5.engine.runtime;

import dev.mme5.engine.failure.Refusal;
import dev.mme5.engine.family.EmbeddingNetwork;
import dev.mme5.engine.family.ImageState;
import dev.mme5.engine.family.RefusedInputException;
import dev.mme5.engine.family.SequenceBatch;
import dev.mme5.engine.image.raster.HeapLimit;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.Interruption;
import dev.mme5.engine.nn.Trace;
import dev.mme5.engine.runtime.memory.ImageStateCache;
import dev.mme5.engine.runtime.memory.MemoryBudget;
import java.util.ArrayList;
import java.util.List;

/**
 * The inputs of one call on their way through the model. Because matmuls over many tokens are faster, tokens of many texts are
 * packed into one batch, up to a number of tokens; consecutive prompts about the same images share those too. No vector
 * depends on what it was packed with.
 */
final class EmbedCall {
    private final EmbeddingNetwork network;
    private final InputPreparer preparer;
    private final MemoryBudget budget;
    private final int batchTokens;
    private final List<ModelInput> inputs;
    private final Progress listener;
    private final Outcome[] outcomes;
    private final Pack texts = new Pack();
    private final Pack prompts = new Pack();
    private int done;

    /** Inputs that will go through the model together: all without images, or all about the same ones. */
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
            return together <= batchTokens
                    && inputs.getFirst().contents().equals(input.contents())
                    && budget.memory().fits(together, images());
        }

        int images() {
            return inputs.isEmpty() ? 0 : inputs.getFirst().images().size();
        }

        void clear() {
            indices.clear();
            inputs.clear();
            tokens = 0;
        }
    }

    EmbedCall(EmbeddingNetwork network, InputPreparer preparer, MemoryBudget budget, List<ModelInput> inputs, Progress listener) {
        this.network = network;
        this.preparer = preparer;
        this.budget = budget;
        this.batchTokens = budget.memory().batchTokens();
        this.inputs = inputs;
        this.listener = listener;
        this.outcomes = new Outcome[inputs.size()];
    }

    /** One outcome for each input, in order. */
    List<Outcome> run() {
        try (DecodeAhead ahead = new DecodeAhead(preparer, inputs)) {
            for (int i = 0; i < inputs.size(); i++) {
                Interruption.check();
                try {
                    PreparedInput input = ahead.get(i, budget.forDecoding());
                    ahead.start(i + 1, limitDuring(input));
                    take(i, input);
                } catch (RefusedInputException e) {
                    finish(i, new Outcome.Refused(e));
                }
            }
        }
        embed(texts);
        embed(prompts);
        return List.of(outcomes);
    }

    private void take(int index, PreparedInput input) {
        Pack pack = input.images().isEmpty() ? texts : prompts;
        if (!pack.takes(input)) embed(pack);
        pack.add(index, input);
    }

    /** What is left of the heap during any pass that may run while this input is taken. */
    private HeapLimit limitDuring(PreparedInput input) {
        int tokens = Math.max(Math.max(texts.tokens, prompts.tokens), input.ids().length);
        int images = Math.max(prompts.images(), input.images().size());
        return budget.forDecodingDuring(tokens, images);
    }

    private void embed(Pack pack) {
        if (pack.inputs.isEmpty()) return;
        budget.evictFor(pack.tokens, pack.images());
        int[][] ids = pack.inputs.stream().map(PreparedInput::ids).toArray(int[][]::new);
        Matrix vectors = network.embed(new SequenceBatch(ids, imageStates(ids, pack.inputs.getFirst())), Trace.NONE);
        for (int i = 0; i < ids.length; i++) {
            finish(pack.indices.get(i), outcome(vectors.rows(i, i + 1).toArray(), pack.inputs.get(i)));
        }
        pack.clear();
    }

    /**
     * The states of the images that all these sequences are about.
     *
     * @param any one of the inputs
     */
    private List<ImageState> imageStates(int[][] ids, PreparedInput any) {
        List<ImageState> states = new ArrayList<>();
        for (int i = 0; i < any.images().size(); i++) {
            int same = any.contents().indexOf(any.contents().get(i));
            if (same < i) {
                states.add(states.get(same));
                continue;
            }
            ImageStateCache.Key key = new ImageStateCache.Key(any.contents().get(i), network.stateVariant(ids));
            ImageState state = budget.cache().get(key);
            if (state == null) {
                state = network.imageState(any.images().get(i), ids, Trace.NONE);
                budget.cache().put(key, state);
            }
            states.add(state);
        }
        return states;
    }

    private static Outcome outcome(float[] values, PreparedInput input) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return new Outcome.Refused(new RefusedInputException(Refusal.NOT_FINITE,
                        "the model computed " + value + ": its weights are damaged or too large for float32"));
            }
        }
        return new Outcome.Embedded(values, input.ids().length, input.truncated());
    }

    private void finish(int index, Outcome outcome) {
        outcomes[index] = outcome;
        listener.progress(++done, outcomes.length);
    }
}
