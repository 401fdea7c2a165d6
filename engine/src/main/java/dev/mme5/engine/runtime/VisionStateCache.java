package dev.mme5.engine.runtime;

import dev.mme5.engine.family.mllama.text.VisionStates;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the decoder reads of the pictures seen last, by their content, up to so many bytes. States do not depend on the prompt,
 * and computing them again gives the same bits, so the cache changes nothing but time.
 */
public final class VisionStateCache {
    /**
     * @param content what {@code TiledImage.contentKey} says
     * @param withAbsent whether the states of absent tiles are there
     */
    public record Key(ByteBuffer content, boolean withAbsent) {}

    private final long maxBytes;
    private final Map<Key, VisionStates> states = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    public VisionStateCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The states, or null. */
    synchronized VisionStates get(Key key) {
        return states.get(key);
    }

    /** Keeps the states if they fit, and drops those used longest ago. */
    public synchronized void put(Key key, VisionStates image) {
        if (image.bytes() > maxBytes || states.containsKey(key)) return;
        states.put(key, image);
        bytes += image.bytes();
        shrink(maxBytes);
    }

    /** Bytes of heap that it holds. */
    public synchronized long bytes() {
        return bytes;
    }

    /** Drops what was used longest ago until it holds so many bytes at most. */
    synchronized void shrink(long most) {
        for (Iterator<VisionStates> oldest = states.values().iterator(); bytes > most && !states.isEmpty();) {
            bytes -= oldest.next().bytes();
            oldest.remove();
        }
    }
}
