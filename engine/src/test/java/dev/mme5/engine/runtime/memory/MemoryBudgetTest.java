package dev.mme5.engine.runtime.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.family.ImageState;
import dev.mme5.engine.family.PassMemory;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    /** A pass of one byte a token, and a heap that one of 20 tokens leaves 2,400 bytes of. */
    private final MemoryEstimate estimate = new MemoryEstimate(new ByteForEachToken(), 100, 1000, Optional.empty(), 2, 0);
    private final MemoryCheck memory = new MemoryCheck(estimate, estimate.idle() + 20 + 2400, Long.MAX_VALUE);
    private final ImageStateCache cache = new ImageStateCache(Long.MAX_VALUE);
    private final MemoryBudget budget = new MemoryBudget(memory, cache);

    private record ByteForEachToken() implements PassMemory {
        @Override
        public long bytes(long tokens, int images) {
            return tokens;
        }

        @Override
        public long maxRows(long tokens, int images) {
            return tokens;
        }

        @Override
        public int maxWidth(int images) {
            return 8;
        }
    }

    private record ThousandBytes() implements ImageState {
        @Override
        public long bytes() {
            return 1000;
        }
    }

    private void cacheFourStates() {
        for (byte i = 0; i < 4; i++) cache.put(new ImageStateCache.Key(ByteBuffer.wrap(new byte[] {i}), false), new ThousandBytes());
    }

    @Test
    void decodingEvictsAsManyStatesAsItMust() {
        cacheFourStates();
        long max = memory.bytesToDecode();

        assertThat(budget.forDecoding().free(max + 1)).isEqualTo(max);
        assertThat(cache.bytes()).as("nothing is evicted for an image that cannot fit").isEqualTo(4000);
        assertThat(budget.forDecoding().free(max - 2400)).isEqualTo(max);
        assertThat(cache.bytes()).isEqualTo(2000);
    }

    @Test
    void decodingDuringAPassEvictsNothing() {
        cacheFourStates();

        assertThat(budget.forDecodingDuring(20, 1).free(1)).isEqualTo(2400 - 4000);
        assertThat(cache.bytes()).isEqualTo(4000);
    }

    @Test
    void aPassEvictsAsManyStatesAsItMust() {
        cacheFourStates();

        budget.evictFor(20, 1);

        assertThat(cache.bytes()).isEqualTo(2000);
    }

    @Test
    void theStateUsedLongestAgoIsEvictedFirst() {
        cacheFourStates();
        ImageStateCache.Key first = new ImageStateCache.Key(ByteBuffer.wrap(new byte[] {0}), false);
        cache.get(first);

        cache.shrink(1000);

        assertThat(cache.get(first)).isNotNull();
        assertThat(cache.bytes()).isEqualTo(1000);
    }
}
