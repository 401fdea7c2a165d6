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
 * Matrix-vector product for a single token, limited by memory bandwidth. Blocks of weights are transposed in registers, so that one
 * vector holds one column of {@code BLOCK_SIDE} rows, and are multiplied at once. Every output is one chain of fused multiply-adds over
 * the columns.
 *
 * <p>Because C2 inlines nothing but the Vector API into a method that has grown large, and boxes the vectors that other calls return,
 * the loops over columns call few helpers that take or return vectors.
 */
public final class VectorMatvec {
    private static final int BLOCK_SIDE = BlockTranspose.BLOCK_SIDE;

    private VectorMatvec() {}

    /** out[outOffset + i] = weight row (fromRow + i) · x, for rows fromRow to toRow. */
    public static void multiply(float[] x, int xOffset, MappedTensor weight, int fromRow, int toRow, float[] out, int outOffset) {
        int[] block = new int[2 * BLOCK_SIDE * BLOCK_SIDE];
        DType dtype = weight.dtype();
        long rowBytes = weight.rowBytes();
        int elementBytes = dtype.bits() / 8;
        Arrays.fill(out, outOffset, outOffset + toRow - fromRow, 0f);
        for (int row = fromRow; row < toRow; row += BLOCK_SIDE) {
            int width = Math.min(BLOCK_SIDE, toRow - row);
            int outRow = outOffset + row - fromRow;
            long offset = row * rowBytes;
            int body = width < BLOCK_SIDE
                    ? 0
                    : addBlocks(dtype, weight.bytes(), offset, rowBytes, weight.cols(), x, xOffset, block, out, outRow);
            for (int i = 0; i < width; i++) {
                for (int k = body; k < weight.cols(); k++) {
                    float element = FloatWeightPacker.element(dtype, weight.bytes(), offset + i * rowBytes + (long) k * elementBytes);
                    out[outRow + i] = Math.fma(x[xOffset + k], element, out[outRow + i]);
                }
            }
        }
    }

    /** Adds the columns of BLOCK_SIDE rows that fill whole blocks; returns their number. */
    private static int addBlocks(
            DType dtype, MemorySegment bytes, long offset, long rowBytes, int depth, float[] x, int xOffset, int[] block, float[] out,
            int outRow) {
        int blockColumns = BLOCK_SIDE * Integer.SIZE / dtype.bits();
        int body = depth - depth % blockColumns;
        for (int k = 0; k < body; k += blockColumns) {
            BlockTranspose.transpose(bytes, offset + (long) k * Integer.BYTES * BLOCK_SIDE / blockColumns, rowBytes, block);
            switch (dtype) {
                case BF16 -> addBf16(block, x, xOffset + k, out, outRow);
                case F16 -> addF16(block, x, xOffset + k, out, outRow);
                default -> addF32(block, x, xOffset + k, out, outRow);
            }
        }
        return body;
    }

    private static void addBf16(int[] block, float[] x, int xOffset, float[] out, int outRow) {
        FloatVector accumulators = FloatVector.fromArray(Species.FLOAT, out, outRow);
        for (int i = 0; i < BLOCK_SIDE; i++) {
            IntVector pairs = IntVector.fromArray(Species.INT, block, BlockTranspose.columnOffset(i));
            // The lower half of an int is the earlier column.
            FloatVector even = (FloatVector) pairs.lanewise(LSHL, 16).reinterpretShape(Species.FLOAT, 0);
            FloatVector odd = (FloatVector) pairs.and(0xffff0000).reinterpretShape(Species.FLOAT, 0);
            accumulators = even.fma(FloatVector.broadcast(Species.FLOAT, x[xOffset + 2 * i]), accumulators);
            accumulators = odd.fma(FloatVector.broadcast(Species.FLOAT, x[xOffset + 2 * i + 1]), accumulators);
        }
        accumulators.intoArray(out, outRow);
    }

    private static void addF16(int[] block, float[] x, int xOffset, float[] out, int outRow) {
        FloatVector accumulators = FloatVector.fromArray(Species.FLOAT, out, outRow);
        for (int i = 0; i < 2 * BLOCK_SIDE; i++) {
            int shift = i % 2 == 0 ? 16 : 0;
            IntVector halves = IntVector.fromArray(Species.INT, block, BlockTranspose.columnOffset(i / 2)).lanewise(LSHL, shift);
            accumulators = FloatWeightPacker.widenF16(halves).fma(FloatVector.broadcast(Species.FLOAT, x[xOffset + i]), accumulators);
        }
        accumulators.intoArray(out, outRow);
    }

    private static void addF32(int[] block, float[] x, int xOffset, float[] out, int outRow) {
        FloatVector accumulators = FloatVector.fromArray(Species.FLOAT, out, outRow);
        for (int i = 0; i < BLOCK_SIDE; i++) {
            FloatVector column = (FloatVector) BlockTranspose.column(block, i).reinterpretShape(Species.FLOAT, 0);
            accumulators = column.fma(FloatVector.broadcast(Species.FLOAT, x[xOffset + i]), accumulators);
        }
        accumulators.intoArray(out, outRow);
    }
}
