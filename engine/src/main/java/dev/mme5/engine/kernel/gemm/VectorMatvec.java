package dev.mme5.engine.kernel.gemm;

import static jdk.incubator.vector.VectorOperators.LSHL;

import dev.mme5.engine.kernel.simd.BlockTranspose;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * The product for a single token, which is as fast as memory delivers the weights: they are turned in squares, so
 * that one vector holds one column of as many rows, and multiplied at once. The sums are the same chains.
 *
 * <p>The loops over columns call few helpers that take or return vectors: once a method has grown by what it inlines, the compiler
 * stops inlining, everything but the Vector API itself, and what such a helper returns is boxed.
 */
final class VectorMatvec {
    private static final int SIDE = BlockTranspose.SIDE;

    private VectorMatvec() {}

    /** out[outAt + i] = weight row (fromRow + i) · x, for the rows from fromRow to toRow. */
    static void multiply(float[] x, int xAt, MappedTensor weight, int fromRow, int toRow, float[] out, int outAt) {
        int[] square = new int[2 * SIDE * SIDE];
        DType dtype = weight.dtype();
        long rowBytes = weight.rowBytes();
        int elementBytes = dtype.bits() / 8;
        Arrays.fill(out, outAt, outAt + toRow - fromRow, 0f);
        for (int row = fromRow; row < toRow; row += SIDE) {
            int width = Math.min(SIDE, toRow - row);
            int to = outAt + row - fromRow;
            long at = row * rowBytes;
            int done = width < SIDE ? 0 : addSquares(dtype, weight.bytes(), at, rowBytes, weight.cols(), x, xAt, square, out, to);
            for (int i = 0; i < width; i++) {
                for (int k = done; k < weight.cols(); k++) {
                    float element = FloatWeightPacker.element(dtype, weight.bytes(), at + i * rowBytes + (long) k * elementBytes);
                    out[to + i] = Math.fma(x[xAt + k], element, out[to + i]);
                }
            }
        }
    }

    /** As many columns of SIDE rows as fill whole squares; returns their number. */
    private static int addSquares(
            DType dtype, MemorySegment bytes, long at, long rowBytes, int depth, float[] x, int xAt, int[] square, float[] out, int to) {
        int columns = SIDE * Integer.SIZE / dtype.bits();
        int body = depth - depth % columns;
        for (int k = 0; k < body; k += columns) {
            BlockTranspose.turn(bytes, at + (long) k * Integer.BYTES * SIDE / columns, rowBytes, square);
            switch (dtype) {
                case BF16 -> addBf16(square, x, xAt + k, out, to);
                case F16 -> addF16(square, x, xAt + k, out, to);
                default -> addF32(square, x, xAt + k, out, to);
            }
        }
        return body;
    }

    private static void addBf16(int[] square, float[] x, int xAt, float[] out, int to) {
        FloatVector sums = FloatVector.fromArray(Species.FLOAT, out, to);
        for (int i = 0; i < SIDE; i++) {
            IntVector pairs = IntVector.fromArray(Species.INT, square, BlockTranspose.columnAt(i));
            FloatVector earlier = pairs.lanewise(LSHL, 16).reinterpretAsFloats(); // of two in an int the lower one comes first
            FloatVector later = pairs.and(0xffff0000).reinterpretAsFloats();
            sums = earlier.fma(FloatVector.broadcast(Species.FLOAT, x[xAt + 2 * i]), sums);
            sums = later.fma(FloatVector.broadcast(Species.FLOAT, x[xAt + 2 * i + 1]), sums);
        }
        sums.intoArray(out, to);
    }

    private static void addF16(int[] square, float[] x, int xAt, float[] out, int to) {
        FloatVector sums = FloatVector.fromArray(Species.FLOAT, out, to);
        for (int i = 0; i < 2 * SIDE; i++) {
            int shift = i % 2 == 0 ? 16 : 0;
            IntVector halves = IntVector.fromArray(Species.INT, square, BlockTranspose.columnAt(i / 2)).lanewise(LSHL, shift);
            sums = FloatWeightPacker.widenF16(halves).fma(FloatVector.broadcast(Species.FLOAT, x[xAt + i]), sums);
        }
        sums.intoArray(out, to);
    }

    private static void addF32(int[] square, float[] x, int xAt, float[] out, int to) {
        FloatVector sums = FloatVector.fromArray(Species.FLOAT, out, to);
        for (int i = 0; i < SIDE; i++) {
            FloatVector column = BlockTranspose.column(square, i).reinterpretAsFloats();
            sums = column.fma(FloatVector.broadcast(Species.FLOAT, x[xAt + i]), sums);
        }
        sums.intoArray(out, to);
    }
}
