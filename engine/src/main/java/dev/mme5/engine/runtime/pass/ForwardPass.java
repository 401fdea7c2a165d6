package dev.mme5.engine.runtime.pass;

import dev.mme5.engine.family.EmbeddedBatch;
import dev.mme5.engine.family.EmbeddingNetwork;
import dev.mme5.engine.family.ImageState;
import dev.mme5.engine.family.SequenceBatch;
import dev.mme5.engine.family.TokenCount;
import dev.mme5.engine.nn.Trace;
import dev.mme5.engine.runtime.memory.ImageStateCache;
import dev.mme5.engine.runtime.memory.MemoryBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Inputs that share a pass to their vectors. Image states come from the cache where they are there. */
public final class ForwardPass {
    private final EmbeddingNetwork network;
    private final MemoryBudget budget;
    private final AtomicLong images = new AtomicLong(); // read by others during a pass

    public ForwardPass(EmbeddingNetwork network, MemoryBudget budget) {
        this.network = network;
        this.budget = budget;
    }

    /** Counts the tokens that a pass computes. */
    TokenCount tokenCount() {
        return network.tokenCount();
    }

    /** The vectors of the inputs. Not called twice at a time. */
    EmbeddedBatch run(List<PreparedInput> inputs) {
        budget.evictForPass();
        int[][] ids = new int[inputs.size()][];
        for (int i = 0; i < ids.length; i++) ids[i] = inputs.get(i).ids();
        return network.embed(new SequenceBatch(ids, imageStates(ids, inputs.getFirst())), Trace.NONE);
    }

    /** Images whose states were computed so far. */
    long images() {
        return images.get();
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
            ImageState state = budget.caches().images().get(key);
            if (state == null) {
                state = network.imageState(any.images().get(i), ids, Trace.NONE);
                budget.caches().images().put(key, state);
                images.incrementAndGet();
            }
            states.add(state);
        }
        return states;
    }
}
