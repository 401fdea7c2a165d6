package dev.mme5.engine.family;

import java.nio.ByteBuffer;

/** An image as a model takes it; only the family that made it looks inside. */
public interface PreparedImage {
    /** A digest of all that the model reads: under one configuration, images with equal digests have equal states. */
    ByteBuffer contentKey();

    /** Bytes of heap that it takes. */
    long bytes();
}
