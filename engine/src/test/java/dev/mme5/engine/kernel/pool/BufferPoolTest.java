package dev.mme5.engine.kernel.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BufferPoolTest {
    @Test
    void aThreadGetsTheBufferThatItReleased() {
        BufferPool<int[]> pool = new BufferPool<>(4, () -> new int[1]);
        int[] first = pool.acquire();
        int[] second = pool.acquire();

        pool.release(first);
        pool.release(second);

        assertThat(pool.acquire()).isSameAs(first);
        assertThat(pool.acquire()).isSameAs(second);
    }

    @Test
    void moreThanTheMostRetainedBuffersBecomeGarbage() {
        AtomicInteger made = new AtomicInteger();
        BufferPool<Integer> pool = new BufferPool<>(2, made::incrementAndGet);
        List<Integer> buffers = List.of(pool.acquire(), pool.acquire(), pool.acquire());

        buffers.forEach(pool::release);

        assertThat(List.of(pool.acquire(), pool.acquire(), pool.acquire())).containsExactly(1, 2, 4);
    }

    @Test
    void noBufferIsInTwoHandsAtOnce() {
        BufferPool<Object> pool = new BufferPool<>(3, Object::new);
        Set<Object> inUse = Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
        List<Object> taken = Collections.synchronizedList(new ArrayList<>());
        try (WorkerPool threads = new WorkerPool(4)) {
            threads.forEach(20_000, task -> {
                Object buffer = pool.acquire();
                if (!inUse.add(buffer)) taken.add(buffer);
                inUse.remove(buffer);
                pool.release(buffer);
            });
        }

        assertThat(taken).isEmpty();
    }
}
