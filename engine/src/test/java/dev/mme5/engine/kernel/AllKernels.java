package dev.mme5.engine.kernel;

import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.kernel.api.Heads;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.api.Projection;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.weights.DType;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.QuantizedTensor;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Digests of the result bits of every kernel on fixed inputs. As a program it prints them. */
final class AllKernels {
    private AllKernels() {}

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 1;
        for (int round = 0; round < rounds; round++) {
            try (Kernels kernels = new VectorKernels(new WorkerPool(2))) {
                digests(kernels).forEach((kernel, digest) -> System.out.println(kernel + " " + digest));
            }
        }
    }

    /** Digests by kernel and shape. */
    static Map<String, String> digests(Kernels kernels) {
        Map<String, String> digests = withoutPanels(kernels);
        digests.putAll(ofPanels(kernels));
        return digests;
    }

    /** Those of kernels for weights in rows, of attention and of row operations. */
    static Map<String, String> withoutPanels(Kernels kernels) {
        Map<String, String> digests = new LinkedHashMap<>();
        matmuls(kernels, digests);
        quantizedMatmuls(kernels, digests, false);
        attentions(kernels, digests);
        rows(kernels, digests);
        return digests;
    }

    /** Those of kernels for weights in panels. */
    static Map<String, String> ofPanels(Kernels kernels) {
        Map<String, String> digests = new LinkedHashMap<>();
        panelMatmuls(kernels, digests);
        quantizedMatmuls(kernels, digests, true);
        arrays(kernels, digests);
        return digests;
    }

    private static void matmuls(Kernels kernels, Map<String, String> digests) {
        for (DType dtype : new DType[] {DType.BF16, DType.F16, DType.F32}) {
            for (int tokens : new int[] {1, 2, 5, 12, 21, 40, 130}) {
                Samples samples = new Samples(tokens);
                Matrix x = samples.matrix(tokens, 601);
                Matrix out = Matrix.zeros(tokens, 203);
                kernels.matmul(x, samples.weight(dtype, 203, 601), out);
                digests.put("matmul " + dtype + " " + tokens, digest(out));
            }
        }
    }

    private static void panelMatmuls(Kernels kernels, Map<String, String> digests) {
        for (DType dtype : new DType[] {DType.BF16, DType.F32}) {
            for (int tokens : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 21, 40, 130, 200}) {
                Samples samples = new Samples(tokens);
                Matrix x = samples.matrix(tokens, 601);
                Matrix out = Matrix.zeros(tokens, 203);
                kernels.matmul(x, PanelTensor.copyOf(samples.weight(dtype, 203, 601), Arena.ofAuto()), out);
                digests.put("matmul panels " + dtype + " " + tokens, digest(out));
            }
        }
    }

    /** Panels in arrays; from 48 tokens on and with even columns, one thread takes chunks of tokens. */
    private static void arrays(Kernels kernels, Map<String, String> digests) {
        for (int tokens : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 20, 49, 130}) {
            Samples samples = new Samples(tokens);
            Matrix x = samples.matrix(tokens, 160);
            Projection up = new Projection(PanelTensor.copyToArray(samples.weight(DType.F32, 224, 160)), samples.floats(224), true);
            Projection down = new Projection(PanelTensor.copyToArray(samples.weight(DType.F32, 160, 224)), samples.floats(160), false);
            List<Matrix> outs = List.of(Matrix.zeros(tokens, 224), Matrix.zeros(tokens, 224));
            kernels.project(x, List.of(up, up), outs);
            digests.put("project arrays " + tokens, digest(outs.getLast()));
            kernels.mlp(x, up, down, Matrix.zeros(32, 224), x);
            digests.put("mlp arrays " + tokens, digest(x));
        }
    }

    private static void quantizedMatmuls(Kernels kernels, Map<String, String> digests, boolean inPanels) {
        for (QuantizationScheme scheme : Samples.INTEGERS) {
            for (int tokens : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 21, 40, 130}) {
                Samples samples = new Samples(tokens);
                Matrix x = samples.matrix(tokens, 601);
                Matrix out = Matrix.zeros(tokens, 203);
                QuantizedTensor rows = samples.quantized(scheme, 203, 601);
                kernels.matmul(x, inPanels ? Samples.inPanels(rows) : rows, out);
                digests.put((inPanels ? "matmul panels " : "matmul ") + scheme + " " + tokens, digest(out));
            }
        }
    }

    private static void attentions(Kernels kernels, Map<String, String> digests) {
        for (int queries : new int[] {1, 3, 20, 70, 230}) {
            Samples samples = new Samples(queries);
            Heads heads = new Heads(4, 2, 22);
            Matrix q = samples.matrix(queries, 88);
            Matrix k = samples.matrix(410, 44);
            Matrix v = samples.matrix(410, 44);
            Matrix out = Matrix.zeros(queries, 88);
            kernels.attention(q, k, v, heads, new AttentionMask.Causal(180), out);
            digests.put("attention causal " + queries, digest(out));

            int[] multiplicities = new int[410];
            Arrays.setAll(multiplicities, i -> i < 400 ? 1 : i);
            kernels.attention(q, k, v, heads, new AttentionMask.Padded(Math.min(200, queries), multiplicities), out);
            digests.put("attention padded " + queries, digest(out));
        }
    }

    private static void rows(Kernels kernels, Map<String, String> digests) {
        for (int length : new int[] {1, 4, 15, 36, 301, 2048}) {
            Samples samples = new Samples(length);
            Matrix x = samples.matrix(9, length);
            Matrix y = samples.matrix(9, length);
            float[] weight = samples.floats(length);
            kernels.addBias(x, weight);
            kernels.addScaled(x, 0.3f, y);
            digests.put("add " + length, digest(x));
            kernels.layerNorm(x, weight, weight, 1e-5f, y);
            digests.put("layerNorm " + length, digest(y));
            kernels.rmsNorm(x, weight, 1e-5f, y);
            digests.put("rmsNorm " + length, digest(y));
            kernels.gelu(y);
            digests.put("gelu " + length, digest(y));
            kernels.siluTimes(x, y);
            digests.put("siluTimes " + length, digest(x));
            kernels.normalizeRows(x);
            digests.put("normalizeRows " + length, digest(x));
            Matrix rotated = samples.matrix(9, 6 * length);
            kernels.rotate(rotated, samples.matrix(9, length), samples.matrix(9, length));
            digests.put("rotate " + length, digest(rotated));
        }
    }

    static String digest(Matrix m) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * m.rows() * m.cols());
        for (float value : m.toArray()) bytes.putFloat(value);
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
