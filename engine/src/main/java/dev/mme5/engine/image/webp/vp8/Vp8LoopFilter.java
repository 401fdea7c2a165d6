package dev.mme5.engine.image.webp.vp8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The loop filter (RFC 6386 section 15): smooths the edges of macroblocks and subblocks where the step across them is small.
 * Macroblocks are filtered in raster order, each with those above and to the left already filtered.
 */
final class Vp8LoopFilter {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int MACROBLOCK_EDGE = 4;

    private final boolean simple;
    private final int sharpness;
    private final Plane luma;
    private final Plane[] chroma;

    // The macroblock at hand.
    private int interiorLimit;
    private int highVariance;

    Vp8LoopFilter(boolean simple, int sharpness, Plane y, Plane u, Plane v) {
        this.simple = simple;
        this.sharpness = sharpness;
        this.luma = y;
        this.chroma = new Plane[] {u, v};
    }

    /**
     * Filters one macroblock.
     *
     * @param level 1 to 63
     * @param inner whether subblock edges are filtered, too
     */
    void filter(int column, int row, int level, boolean inner) {
        interiorLimit = interiorLimit(level);
        highVariance = level >= 40 ? 2 : level >= 15 ? 1 : 0;
        int limit = 2 * level + interiorLimit;
        int edgeLimit = limit + MACROBLOCK_EDGE;
        if (simple) {
            filterSimple(luma, luma.offset(16 * row, 16 * column), column > 0, row > 0, inner, limit, edgeLimit);
            return;
        }
        filterNormal(luma, luma.offset(16 * row, 16 * column), 16, column > 0, row > 0, inner, limit, edgeLimit);
        for (Plane plane : chroma) {
            filterNormal(plane, plane.offset(8 * row, 8 * column), 8, column > 0, row > 0, inner, limit, edgeLimit);
        }
    }

    private int interiorLimit(int level) {
        int limit = level;
        if (sharpness > 0) {
            limit >>= sharpness > 4 ? 2 : 1;
            limit = Math.min(limit, 9 - sharpness);
        }
        return Math.max(limit, 1);
    }

    private static void filterSimple(Plane plane, int offset, boolean left, boolean above, boolean inner, int limit, int edgeLimit) {
        byte[] s = plane.samples;
        int stride = plane.stride;
        if (left) simpleEdge(s, offset, 1, stride, edgeLimit);
        if (inner) for (int i = 4; i < 16; i += 4) simpleEdge(s, offset + i, 1, stride, limit);
        if (above) simpleEdge(s, offset, stride, 1, edgeLimit);
        if (inner) for (int i = 4; i < 16; i += 4) simpleEdge(s, offset + i * stride, stride, 1, limit);
    }

    private void filterNormal(Plane plane, int offset, int size, boolean left, boolean above, boolean inner, int limit,
            int edgeLimit) {
        byte[] s = plane.samples;
        int stride = plane.stride;
        if (left) edge(s, offset, 1, stride, size, edgeLimit, true);
        if (inner) for (int i = 4; i < size; i += 4) edge(s, offset + i, 1, stride, size, limit, false);
        if (above) edge(s, offset, stride, 1, size, edgeLimit, true);
        if (inner) for (int i = 4; i < size; i += 4) edge(s, offset + i * stride, stride, 1, size, limit, false);
    }

    /** Filters across an edge of 16 samples: across is the step from one side to the other, along leads to the next sample. */
    private static void simpleEdge(byte[] s, int offset, int across, int along, int limit) {
        int limit2 = 2 * limit + 1;
        for (int i = 0, q = offset; i < 16; i++, q += along) {
            int p1 = s[q - 2 * across] & 0xff;
            int p0 = s[q - across] & 0xff;
            int q0 = s[q] & 0xff;
            int q1 = s[q + across] & 0xff;
            if (4 * Math.abs(p0 - q0) + Math.abs(p1 - q1) <= limit2) {
                adjustTwo(s, q, across, p0, q0, clampSigned(p1 - q1));
            }
        }
    }

    /** As {@link #simpleEdge}, with four samples on each side: p3 to p0, then q0 to q3. */
    private void edge(byte[] s, int offset, int across, int along, int size, int limit, boolean macroblock) {
        int limit2 = 2 * limit + 1;
        int interior = interiorLimit;
        int variance = highVariance;
        for (int i = 0, q = offset; i < size; i++, q += along) {
            int p3;
            int p2;
            int p1;
            int p0;
            int q0;
            int q1;
            int q2;
            int q3;
            if (across == 1) { // the eight samples in one load
                long samples = (long) LONG.get(s, q - 4);
                p3 = (int) samples & 0xff;
                p2 = (int) samples >>> 8 & 0xff;
                p1 = (int) samples >>> 16 & 0xff;
                p0 = (int) samples >>> 24;
                q0 = (int) (samples >>> 32) & 0xff;
                q1 = (int) (samples >>> 40) & 0xff;
                q2 = (int) (samples >>> 48) & 0xff;
                q3 = (int) (samples >>> 56);
            } else {
                p3 = s[q - 4 * across] & 0xff;
                p2 = s[q - 3 * across] & 0xff;
                p1 = s[q - 2 * across] & 0xff;
                p0 = s[q - across] & 0xff;
                q0 = s[q] & 0xff;
                q1 = s[q + across] & 0xff;
                q2 = s[q + 2 * across] & 0xff;
                q3 = s[q + 3 * across] & 0xff;
            }
            int p1p0 = Math.abs(p1 - p0);
            int q1q0 = Math.abs(q1 - q0);
            // One branch for all limits: the sign of what is left of them.
            int left = limit2 - 4 * Math.abs(p0 - q0) - Math.abs(p1 - q1) | interior - Math.abs(p3 - p2) | interior - Math.abs(p2 - p1)
                    | interior - p1p0 | interior - q1q0 | interior - Math.abs(q2 - q1) | interior - Math.abs(q3 - q2);
            if (left < 0) continue;
            if ((variance - p1p0 | variance - q1q0) < 0) {
                adjustTwo(s, q, across, p0, q0, clampSigned(p1 - q1));
            } else if (macroblock) {
                adjustSix(s, q, across, p2, p1, p0, q0, q1, q2);
            } else {
                adjustFour(s, q, across, p1, p0, q0, q1);
            }
        }
    }

    private static void adjustSix(byte[] s, int q, int across, int p2, int p1, int p0, int q0, int q1, int q2) {
        int step = clampSigned(clampSigned(p1 - q1) + 3 * (q0 - p0));
        int a = 27 * step + 63 >> 7;
        int b = 18 * step + 63 >> 7;
        int c = 9 * step + 63 >> 7;
        s[q - 3 * across] = clampSample(p2 + c);
        s[q - 2 * across] = clampSample(p1 + b);
        s[q - across] = clampSample(p0 + a);
        s[q] = clampSample(q0 - a);
        s[q + across] = clampSample(q1 - b);
        s[q + 2 * across] = clampSample(q2 - c);
    }

    private static void adjustFour(byte[] s, int q, int across, int p1, int p0, int q0, int q1) {
        int step = clampSigned(3 * (q0 - p0));
        int a = Math.min(step + 4, 127) >> 3;
        int b = Math.min(step + 3, 127) >> 3;
        int c = a + 1 >> 1;
        s[q - 2 * across] = clampSample(p1 + c);
        s[q - across] = clampSample(p0 + b);
        s[q] = clampSample(q0 - a);
        s[q + across] = clampSample(q1 - c);
    }

    /** Moves the samples next to the edge towards each other. */
    private static void adjustTwo(byte[] s, int q, int across, int p0, int q0, int outer) {
        int step = clampSigned(outer + 3 * (q0 - p0));
        s[q - across] = clampSample(p0 + (Math.min(step + 3, 127) >> 3));
        s[q] = clampSample(q0 - (Math.min(step + 4, 127) >> 3));
    }

    private static int clampSigned(int v) {
        return Math.max(-128, Math.min(127, v));
    }

    private static byte clampSample(int v) {
        return (byte) Math.max(0, Math.min(255, v));
    }
}
