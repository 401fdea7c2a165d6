package dev.mme5.engine;

import dev.mme5.engine.text.ImageStates;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the decoder reads of the pictures seen last, by their content, up to so many bytes. States do not depend on the prompt,
 * and computing them again gives the same bits, so the cache changes nothing but time.
 */
final class ImageCache {
    /**
     * @param content what {@code TiledImage.contentKey} says
     * @param withAbsent whether the states of absent tiles are there
     */
    record Key(ByteBuffer content, boolean withAbsent) {}

    private final long maxBytes;
    private final Map<Key, ImageStates> states = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    ImageCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The states, or null. */
    synchronized ImageStates get(Key key) {
        return states.get(key);
    }

    /** Keeps the states if they fit, and drops those used longest ago. */
    synchronized void put(Key key, ImageStates image) {
        if (image.bytes() > maxBytes || states.containsKey(key)) return;
        states.put(key, image);
        bytes += image.bytes();
        shrink(maxBytes);
    }

    /** Bytes of heap that it holds. */
    synchronized long bytes() {
        return bytes;
    }

    /** Drops what was used longest ago until it holds so many bytes at most. */
    synchronized void shrink(long most) {
        for (Iterator<ImageStates> oldest = states.values().iterator(); bytes > most && !states.isEmpty();) {
            bytes -= oldest.next().bytes();
            oldest.remove();
        }
    }
}
