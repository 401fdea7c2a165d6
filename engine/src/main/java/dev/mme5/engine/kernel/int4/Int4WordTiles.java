package dev.mme5.engine.kernel.int4;

import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.mme5.engine.kernel.simd.PageFaultGuard;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.PanelTensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/**
 * The register tiles of 4-bit panels and one to three tokens where a panel is two vectors of 16-bit integers. They read the weights as they
 * lie in the file, and never take the codes of a lane apart: {@link ActivationQuantizer} explains it.
 *
 * <p>The methods have two loops: with one, C2 would check the segment in every step, since sums are stored between the blocks.
 */
final class Int4WordTiles {
    /** Whether these tiles fit the vectors. Elsewhere those in floats are used. */
    static final boolean USED = Species.FEW_REGISTERS && Species.SHORT.length() == PanelTensor.ROWS / 2;

    /** Tokens of the largest tile. */
    static final int MAX_TOKENS = 3;

    private static final int ROWS = PanelTensor.ROWS;
    private static final int COUNT = Species.COUNT;

    /** Rows in a vector of 16-bit integers. */
    private static final int HALF = 2 * COUNT;

    /** Bytes of four columns. */
    private static final int QUAD_BYTES = ROWS * Short.BYTES;

    /** Bytes of a block of columns. */
    static final int BLOCK_BYTES = ActivationQuantizer.BLOCK * ROWS / 2;

    private Int4WordTiles() {}

    /**
     * The sums of some blocks of a panel.
     *
     * @param quads columns of each block, divided by four
     * @param first the first block in x
     * @param sums receives [blocks, tokens, ROWS]
     */
    static void multiply(int tokens, MemorySegment w, long wOffset, int blocks, int quads, Words x, int first, short[] sums) {
        int xOffset = first * ActivationQuantizer.BLOCK * tokens;
        int zeros = first * tokens;
        switch (tokens) {
            case 1 -> tokens1(w, wOffset, blocks, quads, x.factors(), xOffset, x.zeros(), zeros, sums);
            case 2 -> tokens2(w, wOffset, blocks, quads, x.factors(), xOffset, x.zeros(), zeros, sums);
            default -> tokens3(w, wOffset, blocks, quads, x.factors(), xOffset, x.zeros(), zeros, sums);
        }
    }

    private static void tokens1(
            MemorySegment w, long wOffset, int blocks, int quads, int[] x, int xOffset, int[] zeros, int zerosOffset, short[] sums) {
        PageFaultGuard.set();
        for (int block = 0; block < blocks; block++) {
            ShortVector l0 = (ShortVector) IntVector.broadcast(Species.INT, zeros[zerosOffset + block]).reinterpretShape(Species.SHORT, 0);
            ShortVector r0 = l0;
            long from = wOffset + block * BLOCK_BYTES;
            int xFrom = xOffset + 32 * block;
            for (int i = 0; i < quads; i++) {
                long quad = from + i * QUAD_BYTES;
                ShortVector left = ShortVector.fromMemorySegment(Species.SHORT, w, quad, Species.FILE_ORDER);
                ShortVector right = ShortVector.fromMemorySegment(Species.SHORT, w, quad + QUAD_BYTES / 2, Species.FILE_ORDER);
                ShortVector a0 = (ShortVector) IntVector.broadcast(Species.INT, x[xFrom + 4 * i]).reinterpretShape(Species.SHORT, 0);
                l0 = l0.add(left.mul(a0));
                r0 = r0.add(right.mul(a0));
                ShortVector left1 = left.lanewise(LSHR, 4), right1 = right.lanewise(LSHR, 4);
                ShortVector b0 = (ShortVector) IntVector.broadcast(Species.INT, x[xFrom + 4 * i + 1]).reinterpretShape(Species.SHORT, 0);
                l0 = l0.add(left1.mul(b0));
                r0 = r0.add(right1.mul(b0));
                ShortVector left2 = left.lanewise(LSHR, 8), right2 = right.lanewise(LSHR, 8);
                ShortVector c0 = (ShortVector) IntVector.broadcast(Species.INT, x[xFrom + 4 * i + 2]).reinterpretShape(Species.SHORT, 0);
                l0 = l0.add(left2.mul(c0));
                r0 = r0.add(right2.mul(c0));
                ShortVector left3 = left.lanewise(LSHR, 12), right3 = right.lanewise(LSHR, 12);
                ShortVector d0 = (ShortVector) IntVector.broadcast(Species.INT, x[xFrom + 4 * i + 3]).reinterpretShape(Species.SHORT, 0);
                l0 = l0.add(left3.mul(d0));
                r0 = r0.add(right3.mul(d0));
            }
            int sum = block * ROWS;
            l0.intoArray(sums, sum);
            r0.intoArray(sums, sum + HALF);
        }
    }

    private static void tokens2(
            MemorySegment w, long wOffset, int blocks, int quads, int[] x, int xOffset, int[] zeros, int zerosOffset, short[] sums) {
        PageFaultGuard.set();
        for (int block = 0; block < blocks; block++) {
            ShortVector l0 =
                    (ShortVector) IntVector.broadcast(Species.INT, zeros[zerosOffset + 2 * block]).reinterpretShape(Species.SHORT, 0);
            ShortVector r0 = l0;
            ShortVector l1 =
                    (ShortVector) IntVector.broadcast(Species.INT, zeros[zerosOffset + 2 * block + 1]).reinterpretShape(Species.SHORT, 0);
            ShortVector r1 = l1;
            long from = wOffset + block * BLOCK_BYTES;
            int xFrom = xOffset + 64 * block;
            for (int i = 0; i < quads; i++) {
                long quad = from + i * QUAD_BYTES;
                ShortVector left = ShortVector.fromMemorySegment(Species.SHORT, w, quad, Species.FILE_ORDER);
                ShortVector right = ShortVector.fromMemorySegment(Species.SHORT, w, quad + QUAD_BYTES / 2, Species.FILE_ORDER);
                ShortVector a0 = (ShortVector) IntVector.broadcast(Species.INT, x[xFrom + 8 * i]).reinterpretShape(Species.SHORT, 0);
                l0 = l0.add(left.mul(a0));
                r0 = r0.add(right.mul(a0));
                ShortVector a1 = (ShortVector) IntVector.broadcast(Species.INT, x[xFrom + 8 * i + 1]).reinterpretShape(Species.SHORT, 0);
                l1 = l1.add(left.mul(a1));
                r1 = r1.add(right.mul(a1));
                ShortVector left1 = left.lanewise(LSHR, 4), right1 = right.lanewise(LSHR, 4);
                ShortVector b0 = (ShortVector) IntVector.broadcast(Species.INT, x[xFrom + 8 * i + 2]).reinterpretShape(Species.SHORT, 0);
                l0 = l0.add(left1.mul(b0));
                r0 = r0.add(right1.mul(b0));
                ShortVector b1 = (ShortVector) IntVector.broadcast(Species.INT, x[xFrom + 8 * i + 3]).reinterpretShape(Species.SHORT, 0);
                l1 = l1.add(left1.mul(b1));
                r1 = r1.add(right1.mul(b1));
                ShortVector left2 = left.lanewise(LSHR, 8), right2 = right.lanewise(LSHR, 8);
                ShortVector c0 = (ShortVector) IntVector.broadcast(Species.INT, x[xFrom + 8 * i + 4]).reinterpretShape(Species.SHORT, 0);
                l0 = l0.add(left2.mul(c0));
                r0 = r0.add(right2.mul(c0));
                ShortVector c1 = (ShortVector) IntVector.broadcast(Species.INT, x[xFrom + 8 * i + 5]).reinterpretShape(Species.SHORT, 0);
                l1 = l1.add(left2.mul(c1));
                r1 = r1.add(right2.mul(c1));
                ShortVector left3 = left.lanewise(LSHR, 12), right3 = right.lanewise(LSHR, 12);
                ShortVector d0 = (ShortVector) IntVector.broadcast(Species.INT, x[xFrom + 8 * i + 6]).reinterpretShape(Species.SHORT, 0);
                l0 = l0.add(left3.mul(d0));
                r0 = r0.add(right3.mul(d0));
                ShortVector d1 = (ShortVector) IntVector.broadcast(Species.INT, x[xFrom + 8 * i + 7]).reinterpretShape(Species.SHORT, 0);
                l1 = l1.add(left3.mul(d1));
                r1 = r1.add(right3.mul(d1));
            }
            int sum = 2 * block * ROWS;
            l0.intoArray(sums, sum);
            r0.intoArray(sums, sum + HALF);
            l1.intoArray(sums, sum + ROWS);
            r1.intoArray(sums, sum + ROWS + HALF);
        }
    }

    private static void tokens3(
            MemorySegment w, long wOffset, int blocks, int quads, int[] x, int xOffset, int[] zeros, int zerosOffset, short[] sums) {
        PageFaultGuard.set();
        for (int block = 0; block < blocks; block++) {
            ShortVector l0 =
                    (ShortVector) IntVector.broadcast(Species.INT, zeros[zerosOffset + 3 * block]).reinterpretShape(Species.SHORT, 0);
            ShortVector r0 = l0;
            ShortVector l1 =
                    (ShortVector) IntVector.broadcast(Species.INT, zeros[zerosOffset + 3 * block + 1]).reinterpretShape(Species.SHORT, 0);
            ShortVector r1 = l1;
            ShortVector l2 =
                    (ShortVector) IntVector.broadcast(Species.INT, zeros[zerosOffset + 3 * block + 2]).reinterpretShape(Species.SHORT, 0);
            ShortVector r2 = l2;
            long from = wOffset + block * BLOCK_BYTES;
            int xFrom = xOffset + 96 * block;
            for (int i = 0; i < quads; i++) {
                long quad = from + i * QUAD_BYTES;
                ShortVector left = ShortVector.fromMemorySegment(Species.SHORT, w, quad, Species.FILE_ORDER);
                ShortVector right = ShortVector.fromMemorySegment(Species.SHORT, w, quad + QUAD_BYTES / 2, Species.FILE_ORDER);
                ShortVector a0 = (ShortVector) IntVector.broadcast(Species.INT, x[xFrom + 12 * i]).reinterpretShape(Species.SHORT, 0);
                l0 = l0.add(left.mul(a0));
                r0 = r0.add(right.mul(a0));
                ShortVector a1 = (ShortVector) IntVector.broadcast(Species.INT, x[xFrom + 12 * i + 1]).reinterpretShape(Species.SHORT, 0);
                l1 = l1.add(left.mul(a1));
                r1 = r1.add(right.mul(a1));
                ShortVector a2 = (ShortVector) IntVector.broadcast(Species.INT, x[xFrom + 12 * i + 2]).reinterpretShape(Species.SHORT, 0);
                l2 = l2.add(left.mul(a2));
                r2 = r2.add(right.mul(a2));
                ShortVector left1 = left.lanewise(LSHR, 4), right1 = right.lanewise(LSHR, 4);
                ShortVector b0 = (ShortVector) IntVector.broadcast(Species.INT, x[xFrom + 12 * i + 3]).reinterpretShape(Species.SHORT, 0);
                l0 = l0.add(left1.mul(b0));
                r0 = r0.add(right1.mul(b0));
                ShortVector b1 = (ShortVector) IntVector.broadcast(Species.INT, x[xFrom + 12 * i + 4]).reinterpretShape(Species.SHORT, 0);
                l1 = l1.add(left1.mul(b1));
                r1 = r1.add(right1.mul(b1));
                ShortVector b2 = (ShortVector) IntVector.broadcast(Species.INT, x[xFrom + 12 * i + 5]).reinterpretShape(Species.SHORT, 0);
                l2 = l2.add(left1.mul(b2));
                r2 = r2.add(right1.mul(b2));
                ShortVector left2 = left.lanewise(LSHR, 8), right2 = right.lanewise(LSHR, 8);
                ShortVector c0 = (ShortVector) IntVector.broadcast(Species.INT, x[xFrom + 12 * i + 6]).reinterpretShape(Species.SHORT, 0);
                l0 = l0.add(left2.mul(c0));
                r0 = r0.add(right2.mul(c0));
                ShortVector c1 = (ShortVector) IntVector.broadcast(Species.INT, x[xFrom + 12 * i + 7]).reinterpretShape(Species.SHORT, 0);
                l1 = l1.add(left2.mul(c1));
                r1 = r1.add(right2.mul(c1));
                ShortVector c2 = (ShortVector) IntVector.broadcast(Species.INT, x[xFrom + 12 * i + 8]).reinterpretShape(Species.SHORT, 0);
                l2 = l2.add(left2.mul(c2));
                r2 = r2.add(right2.mul(c2));
                ShortVector left3 = left.lanewise(LSHR, 12), right3 = right.lanewise(LSHR, 12);
                ShortVector d0 = (ShortVector) IntVector.broadcast(Species.INT, x[xFrom + 12 * i + 9]).reinterpretShape(Species.SHORT, 0);
                l0 = l0.add(left3.mul(d0));
                r0 = r0.add(right3.mul(d0));
                ShortVector d1 = (ShortVector) IntVector.broadcast(Species.INT, x[xFrom + 12 * i + 10]).reinterpretShape(Species.SHORT, 0);
                l1 = l1.add(left3.mul(d1));
                r1 = r1.add(right3.mul(d1));
                ShortVector d2 = (ShortVector) IntVector.broadcast(Species.INT, x[xFrom + 12 * i + 11]).reinterpretShape(Species.SHORT, 0);
                l2 = l2.add(left3.mul(d2));
                r2 = r2.add(right3.mul(d2));
            }
            int sum = 3 * block * ROWS;
            l0.intoArray(sums, sum);
            r0.intoArray(sums, sum + HALF);
            l1.intoArray(sums, sum + ROWS);
            r1.intoArray(sums, sum + ROWS + HALF);
            l2.intoArray(sums, sum + 2 * ROWS);
            r2.intoArray(sums, sum + 2 * ROWS + HALF);
        }
    }

    /**
     * Activations of a few tokens for these tiles; all integers are 16 bits, twice in an int, so that a broadcast is a plain load.
     *
     * @param factors [32 blocks, tokens]
     * @param zeros [blocks, tokens]: what sums begin with
     */
    record Words(int[] factors, int[] zeros) {
        private static final int BLOCK = ActivationQuantizer.BLOCK;

        /** Packs the tokens that were encoded last as factors, in one group without an empty slot. */
        static Words of(QuantizedActivations x, int tokens) {
            int blocks = x.blocks();
            Words words = new Words(new int[blocks * BLOCK * tokens], new int[blocks * tokens]);
            for (int block = 0; block < blocks; block++) {
                x.expand(0, block, words.factors, block * BLOCK * tokens);
                for (int token = 0; token < tokens; token++) {
                    words.zeros[block * tokens + token] = ActivationQuantizer.twice((int) x.zeros()[token * blocks + block]);
                }
            }
            return words;
        }
    }
}
