package dev.mme5.engine.kernel.api;

/**
 * The constants of the canonical order of sums, which {@code package-info} explains. Each of them is part of the bits of every
 * embedding. They are independent of the machine, and this class loads no Vector API class.
 */
public final class CanonicalOrder {
    /** Attention processes keys in blocks of this size, counted from key 0. */
    public static final int KEY_BLOCK = 192;

    /** Partial sums over one row: element i is added to partial i mod ROW_PARTIALS. */
    public static final int ROW_PARTIALS = 16;

    /** Activations that share one scale when the weight is int4; also the group size of int4 weights. */
    public static final int ACTIVATION_BLOCK = 32;

    /** An activation block whose largest magnitude is below this is encoded as zeros: the inverse of its scale would overflow. */
    public static final float MIN_ACTIVATION_MAGNITUDE = 1e-30f;

    private CanonicalOrder() {}
}
