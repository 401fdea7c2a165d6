package dev.mme5.engine.kernel.rows;

import dev.mme5.engine.kernel.simd.Species;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Elementwise operations and norms on one row. Each reads and writes the row once. The tail after the last whole vector is scalar
 * code, or a masked vector where that is needed for equal bits.
 */
public final class VectorRows {
    private VectorRows() {}

    /** x = x + bias. */
    public static void add(float[] x, int offset, float[] bias, int biasOffset, int length) {
        int body = Species.FLOAT.loopBound(length);
        for (int i = 0; i < body; i += Species.COUNT) {
            FloatVector b = FloatVector.fromArray(Species.FLOAT, bias, biasOffset + i);
            FloatVector.fromArray(Species.FLOAT, x, offset + i).add(b).intoArray(x, offset + i);
        }
        for (int i = body; i < length; i++) x[offset + i] += bias[biasOffset + i];
    }

    /** x = fma(scale, update, x). */
    public static void addScaled(float[] x, int offset, float scale, float[] update, int updateOffset, int length) {
        int body = Species.FLOAT.loopBound(length);
        FloatVector scales = FloatVector.broadcast(Species.FLOAT, scale);
        for (int i = 0; i < body; i += Species.COUNT) {
            FloatVector u = FloatVector.fromArray(Species.FLOAT, update, updateOffset + i);
            scales.fma(u, FloatVector.fromArray(Species.FLOAT, x, offset + i)).intoArray(x, offset + i);
        }
        for (int i = body; i < length; i++) x[offset + i] = Math.fma(scale, update[updateOffset + i], x[offset + i]);
    }

    /** x = gelu(x). */
    public static void gelu(float[] x, int offset, int length) {
        int body = Species.FLOAT.loopBound(length);
        for (int i = 0; i < body; i += Species.COUNT) {
            VectorMath.gelu(FloatVector.fromArray(Species.FLOAT, x, offset + i)).intoArray(x, offset + i);
        }
        if (body < length) {
            VectorMask<Float> tail = Species.FLOAT.indexInRange(body, length);
            VectorMath.gelu(FloatVector.fromArray(Species.FLOAT, x, offset + body, tail)).intoArray(x, offset + body, tail);
        }
    }

    /** gate = silu(gate) · up. */
    public static void siluTimes(float[] gate, int offset, float[] up, int upOffset, int length) {
        int body = Species.FLOAT.loopBound(length);
        for (int i = 0; i < body; i += Species.COUNT) {
            FloatVector g = VectorMath.silu(FloatVector.fromArray(Species.FLOAT, gate, offset + i));
            g.mul(FloatVector.fromArray(Species.FLOAT, up, upOffset + i)).intoArray(gate, offset + i);
        }
        if (body < length) {
            VectorMask<Float> tail = Species.FLOAT.indexInRange(body, length);
            FloatVector g = VectorMath.silu(FloatVector.fromArray(Species.FLOAT, gate, offset + body, tail));
            g.mul(FloatVector.fromArray(Species.FLOAT, up, upOffset + body, tail)).intoArray(gate, offset + body, tail);
        }
    }

    /** out = fma((x - mean) · scale, weight, bias). */
    public static void layerNorm(float[] x, int offset, float[] weight, float[] bias, float eps, float[] out, int outOffset,
            float[] partials) {
        int length = weight.length;
        float mean = RowSums.sum(x, offset, length, partials) / length;
        float variance = RowSums.sumOfSquares(x, offset, length, mean, partials) / length;
        float scale = 1 / (float) Math.sqrt(variance + eps);

        int body = Species.FLOAT.loopBound(length);
        for (int i = 0; i < body; i += Species.COUNT) {
            FloatVector unit = FloatVector.fromArray(Species.FLOAT, x, offset + i).sub(mean).mul(scale);
            unit.fma(FloatVector.fromArray(Species.FLOAT, weight, i), FloatVector.fromArray(Species.FLOAT, bias, i)).intoArray(out,
                    outOffset + i);
        }
        for (int i = body; i < length; i++) out[outOffset + i] = Math.fma((x[offset + i] - mean) * scale, weight[i], bias[i]);
    }

    /** out = x · scale · weight. */
    public static void rmsNorm(float[] x, int offset, float[] weight, float eps, float[] out, int outOffset, float[] partials) {
        int length = weight.length;
        float scale = 1 / (float) Math.sqrt(RowSums.sumOfSquares(x, offset, length, 0, partials) / length + eps);

        int body = Species.FLOAT.loopBound(length);
        for (int i = 0; i < body; i += Species.COUNT) {
            FloatVector unit = FloatVector.fromArray(Species.FLOAT, x, offset + i).mul(scale);
            unit.mul(FloatVector.fromArray(Species.FLOAT, weight, i)).intoArray(out, outOffset + i);
        }
        for (int i = body; i < length; i++) out[outOffset + i] = x[offset + i] * scale * weight[i];
    }

    /** x = x / max(|x|, 1e-12), where |x| is the Euclidean length. */
    public static void normalize(float[] x, int offset, int length, float[] partials) {
        float norm = Math.max((float) Math.sqrt(RowSums.sumOfSquares(x, offset, length, 0, partials)), 1e-12f);

        int body = Species.FLOAT.loopBound(length);
        for (int i = 0; i < body; i += Species.COUNT) {
            FloatVector.fromArray(Species.FLOAT, x, offset + i).div(norm).intoArray(x, offset + i);
        }
        for (int i = body; i < length; i++) x[offset + i] /= norm;
    }

    /** Rotates elements j and j + half by the angle of this cosine and sine; x is one head of 2 · half floats. */
    public static void rotate(float[] x, int offset, float[] cos, int cosOffset, float[] sin, int sinOffset, int half) {
        int body = Species.FLOAT.loopBound(half);
        for (int j = 0; j < body; j += Species.COUNT) {
            FloatVector first = FloatVector.fromArray(Species.FLOAT, x, offset + j);
            FloatVector second = FloatVector.fromArray(Species.FLOAT, x, offset + half + j);
            FloatVector c = FloatVector.fromArray(Species.FLOAT, cos, cosOffset + j);
            FloatVector s = FloatVector.fromArray(Species.FLOAT, sin, sinOffset + j);
            second.neg().fma(s, first.mul(c)).intoArray(x, offset + j);
            first.fma(s, second.mul(c)).intoArray(x, offset + half + j);
        }
        for (int j = body; j < half; j++) {
            float first = x[offset + j];
            float second = x[offset + half + j];
            float c = cos[cosOffset + j];
            float s = sin[sinOffset + j];
            x[offset + j] = Math.fma(-second, s, first * c);
            x[offset + half + j] = Math.fma(first, s, second * c);
        }
    }
}
