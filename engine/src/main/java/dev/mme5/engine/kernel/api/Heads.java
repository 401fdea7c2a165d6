package dev.mme5.engine.kernel.api;

/**
 * The attention heads in the columns of queries, keys and values. Queries and outputs are [tokens, heads * size],
 * keys and values [tokens, kvHeads * size]; query head h reads key and value head h / (heads / kvHeads).
 *
 * @param heads number of query heads
 * @param kvHeads number of key and value heads; divides heads
 * @param size width of one head
 */
public record Heads(int heads, int kvHeads, int size) {
    public Heads {
        if (heads < 1 || kvHeads < 1 || size < 1 || heads % kvHeads != 0) {
            throw new IllegalArgumentException("heads " + heads + ", kvHeads " + kvHeads + ", size " + size);
        }
    }

    /** Number of query heads that share one key and value head. */
    public int queriesPerKey() {
        return heads / kvHeads;
    }
}
