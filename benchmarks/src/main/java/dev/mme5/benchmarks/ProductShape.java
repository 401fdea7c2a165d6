package dev.mme5.benchmarks;

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
record ProductShape(int tokens, int in, int out) {
    private static final int[] TOKENS = {1, 8, 32, 128, 512, 1032, 1608};

    /** MLP in and out, queries and outputs, keys and values of the decoder; both halves of a vision MLP. */
    private static final int[][] IN_OUT = {
        {4096, 14336}, {14336, 4096}, {4096, 4096}, {4096, 1024}, {1280, 5120}, {5120, 1280}
    };

    /** Every layer's products for texts and tiles of many sizes, and the projector for one tile and for four. */
    static List<ProductShape> all() {
        Stream<ProductShape> layers = Stream.of(IN_OUT)
                .flatMap(inOut -> IntStream.of(TOKENS).mapToObj(tokens -> new ProductShape(tokens, inOut[0], inOut[1])));
        return Stream.concat(layers, Stream.of(new ProductShape(1025, 7680, 4096), new ProductShape(4100, 7680, 4096))).toList();
    }

    /** Reads "512x4096x14336": tokens, in, out. */
    static ProductShape parse(String text) {
        String[] sizes = text.split("x");
        return new ProductShape(Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]), Integer.parseInt(sizes[2]));
    }

    /** Multiply-adds, and the bytes of a bfloat16 weight, x and the result. */
    Amount amount() {
        double weight = 2.0 * in * out;
        return Amount.ofFlops(2.0 * tokens * in * out, weight + 4.0 * tokens * (in + out));
    }

    @Override
    public String toString() {
        return tokens + "x" + in + "x" + out;
    }
}
