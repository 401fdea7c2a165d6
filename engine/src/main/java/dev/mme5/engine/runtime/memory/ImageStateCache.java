package dev.mme5.engine.runtime.memory;

import dev.mme5.engine.family.ImageState;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The states of the images used last, by content, up to a number of bytes. States do not depend on the prompt, and computing
 * them again gives the same bits, so the cache changes nothing but time.
 */
public final class ImageStateCache {
    /**
     * @param content the image's content key
     * @param variant which of its states
     */
    public record Key(ByteBuffer content, Object variant) {}

    private final long maxBytes;
    private final Map<Key, ImageState> states = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    public ImageStateCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The state, or null. */
    public synchronized ImageState get(Key key) {
        return states.get(key);
    }

    /** Keeps the state if it fits, and evicts those used longest ago. */
    public synchronized void put(Key key, ImageState state) {
        if (state.bytes() > maxBytes || states.containsKey(key)) return;
        states.put(key, state);
        bytes += state.bytes();
        shrink(maxBytes);
    }

    /** Bytes of heap that it holds. */
    public synchronized long bytes() {
        return bytes;
    }

    /** Evicts what was used longest ago until it holds at most that many bytes. */
    synchronized void shrink(long max) {
        for (Iterator<ImageState> oldest = states.values().iterator(); bytes > max && !states.isEmpty();) {
            bytes -= oldest.next().bytes();
            oldest.remove();
        }
    }
}
