package dev.mme5.engine.kernel.rows;

import dev.mme5.engine.kernel.simd.Species;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Everything that is done element by element or row by row, on a run of floats or of rows: out of the memory once and back.
 * Where the tail is not plain scalar code it is a masked vector, so that its elements have the bits of any other.
 */
public final class VectorRows {
    private VectorRows() {}

    /** x = x + bias. */
    public static void add(float[] x, int at, float[] bias, int length) {
        int body = Species.FLOAT.loopBound(length);
        for (int i = 0; i < body; i += Species.COUNT) {
            FloatVector.fromArray(Species.FLOAT, x, at + i).add(FloatVector.fromArray(Species.FLOAT, bias, i)).intoArray(x, at + i);
        }
        for (int i = body; i < length; i++) x[at + i] += bias[i];
    }

    /** x = fma(scale, update, x). */
    public static void addScaled(float[] x, int at, float scale, float[] update, int updateAt, int length) {
        int body = Species.FLOAT.loopBound(length);
        FloatVector scales = FloatVector.broadcast(Species.FLOAT, scale);
        for (int i = 0; i < body; i += Species.COUNT) {
            FloatVector u = FloatVector.fromArray(Species.FLOAT, update, updateAt + i);
            scales.fma(u, FloatVector.fromArray(Species.FLOAT, x, at + i)).intoArray(x, at + i);
        }
        for (int i = body; i < length; i++) x[at + i] = Math.fma(scale, update[updateAt + i], x[at + i]);
    }

    public static void gelu(float[] x, int at, int length) {
        int body = Species.FLOAT.loopBound(length);
        for (int i = 0; i < body; i += Species.COUNT) {
            VectorMath.gelu(FloatVector.fromArray(Species.FLOAT, x, at + i)).intoArray(x, at + i);
        }
        if (body < length) {
            VectorMask<Float> tail = Species.FLOAT.indexInRange(body, length);
            VectorMath.gelu(FloatVector.fromArray(Species.FLOAT, x, at + body, tail)).intoArray(x, at + body, tail);
        }
    }

    /** gate = silu(gate) · up. */
    public static void siluTimes(float[] gate, int at, float[] up, int upAt, int length) {
        int body = Species.FLOAT.loopBound(length);
        for (int i = 0; i < body; i += Species.COUNT) {
            FloatVector g = VectorMath.silu(FloatVector.fromArray(Species.FLOAT, gate, at + i));
            g.mul(FloatVector.fromArray(Species.FLOAT, up, upAt + i)).intoArray(gate, at + i);
        }
        if (body < length) {
            VectorMask<Float> tail = Species.FLOAT.indexInRange(body, length);
            FloatVector g = VectorMath.silu(FloatVector.fromArray(Species.FLOAT, gate, at + body, tail));
            g.mul(FloatVector.fromArray(Species.FLOAT, up, upAt + body, tail)).intoArray(gate, at + body, tail);
        }
    }

    /** out = fma((x - mean) · scale, weight, bias). */
    public static void layerNorm(float[] x, int at, float[] weight, float[] bias, float eps, float[] out, int outAt, float[] partials) {
        int length = weight.length;
        float mean = RowSums.sum(x, at, length, partials) / length;
        float variance = RowSums.sumOfSquares(x, at, length, mean, partials) / length;
        float scale = 1 / (float) Math.sqrt(variance + eps);

        int body = Species.FLOAT.loopBound(length);
        for (int i = 0; i < body; i += Species.COUNT) {
            FloatVector unit = FloatVector.fromArray(Species.FLOAT, x, at + i).sub(mean).mul(scale);
            unit.fma(FloatVector.fromArray(Species.FLOAT, weight, i), FloatVector.fromArray(Species.FLOAT, bias, i)).intoArray(out,
                    outAt + i);
        }
        for (int i = body; i < length; i++) out[outAt + i] = Math.fma((x[at + i] - mean) * scale, weight[i], bias[i]);
    }

    /** out = x · scale · weight. */
    public static void rmsNorm(float[] x, int at, float[] weight, float eps, float[] out, int outAt, float[] partials) {
        int length = weight.length;
        float scale = 1 / (float) Math.sqrt(RowSums.sumOfSquares(x, at, length, 0, partials) / length + eps);

        int body = Species.FLOAT.loopBound(length);
        for (int i = 0; i < body; i += Species.COUNT) {
            FloatVector unit = FloatVector.fromArray(Species.FLOAT, x, at + i).mul(scale);
            unit.mul(FloatVector.fromArray(Species.FLOAT, weight, i)).intoArray(out, outAt + i);
        }
        for (int i = body; i < length; i++) out[outAt + i] = x[at + i] * scale * weight[i];
    }

    /** x / max(length of x, 1e-12). */
    public static void normalize(float[] x, int at, int length, float[] partials) {
        float norm = Math.max((float) Math.sqrt(RowSums.sumOfSquares(x, at, length, 0, partials)), 1e-12f);

        int body = Species.FLOAT.loopBound(length);
        for (int i = 0; i < body; i += Species.COUNT) {
            FloatVector.fromArray(Species.FLOAT, x, at + i).div(norm).intoArray(x, at + i);
        }
        for (int i = body; i < length; i++) x[at + i] /= norm;
    }

    /** Elements j and j + half turn by the angle of this cosine and sine; x is one head of 2 · half floats. */
    public static void rotate(float[] x, int at, float[] cos, int cosAt, float[] sin, int sinAt, int half) {
        int body = Species.FLOAT.loopBound(half);
        for (int j = 0; j < body; j += Species.COUNT) {
            FloatVector first = FloatVector.fromArray(Species.FLOAT, x, at + j);
            FloatVector second = FloatVector.fromArray(Species.FLOAT, x, at + half + j);
            FloatVector c = FloatVector.fromArray(Species.FLOAT, cos, cosAt + j);
            FloatVector s = FloatVector.fromArray(Species.FLOAT, sin, sinAt + j);
            second.neg().fma(s, first.mul(c)).intoArray(x, at + j);
            first.fma(s, second.mul(c)).intoArray(x, at + half + j);
        }
        for (int j = body; j < half; j++) {
            float first = x[at + j];
            float second = x[at + half + j];
            float c = cos[cosAt + j];
            float s = sin[sinAt + j];
            x[at + j] = Math.fma(-second, s, first * c);
            x[at + half + j] = Math.fma(first, s, second * c);
        }
    }
}
