package dev.mme5.weights.lora;

import dev.mme5.json.ModelFormatException;
import java.util.function.Supplier;

/** Steps of matching that the patterns of one adapter may take together. */
final class MatchLimit {
    /** Some seconds, many times the steps of any real adapter. */
    static final long MAX_STEPS = 1_000_000_000;

    private final long max;
    private final Supplier<ModelFormatException> tooMany;
    private long steps;

    MatchLimit(long max, Supplier<ModelFormatException> tooMany) {
        this.max = max;
        this.tooMany = tooMany;
    }

    /** @throws ModelFormatException at the limit */
    void add(int more) {
        steps += more;
        if (steps > max) throw tooMany.get();
    }
}
