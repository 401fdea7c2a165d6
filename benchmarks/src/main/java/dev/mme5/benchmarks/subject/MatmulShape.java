package dev.mme5.benchmarks.subject;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * x [tokens, in] times weightᵀ [in, out], at the sizes of the 11B model.
 *
 * @param tokens rows of x
 * @param in columns of x
 * @param out rows of the weight
 */
public record MatmulShape(int tokens, int in, int out) {
    private static final int[] TOKENS = {1, 8, 32, 128, 512, 1032, 1608};

    /** MLP in and out, queries and outputs, keys and values of the decoder; both halves of a vision MLP. */
    private static final int[][] IN_OUT = {
        {4096, 14336}, {14336, 4096}, {4096, 4096}, {4096, 1024}, {1280, 5120}, {5120, 1280}
    };

    /** The matmuls of all layers for several numbers of tokens, and the projector for one tile and for four. */
    public static List<MatmulShape> all() {
        Stream<MatmulShape> layers = Stream.of(IN_OUT)
                .flatMap(inOut -> IntStream.of(TOKENS).mapToObj(tokens -> new MatmulShape(tokens, inOut[0], inOut[1])));
        return Stream.concat(layers, Stream.of(new MatmulShape(1025, 7680, 4096), new MatmulShape(4100, 7680, 4096))).toList();
    }

    /** Reads "512x4096x14336": tokens, in, out. */
    public static MatmulShape parse(String text) {
        String[] sizes = text.split("x");
        return new MatmulShape(Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]), Integer.parseInt(sizes[2]));
    }

    /** Multiply-adds, and the bytes of a bfloat16 weight, x and the result. */
    public Workload workload() {
        double weight = 2.0 * in * out;
        return Workload.ofFlops(2.0 * tokens * in * out, weight + 4.0 * tokens * (in + out));
    }

    @Override
    public String toString() {
        return tokens + "x" + in + "x" + out;
    }
}
