package dev.mme5.server.queue;

import dev.mme5.engine.EmbeddingResult;
import dev.mme5.engine.Input;
import java.util.List;

/** Embeds the inputs of one request while others ask too. */
public interface Embedder {
    /**
     * Embeds all inputs, in order; the result of one that fails is its error. Interrupting the thread takes what was not begun from the
     * queue, and ends the pass if nobody else has inputs in it.
     *
     * @throws QueueFullException when too many requests are waiting
     * @throws ModelFailedException when the model cannot be used any more
     * @throws InterruptedException when the thread was interrupted
     */
    List<EmbeddingResult> embed(List<Input> inputs) throws InterruptedException;
}
