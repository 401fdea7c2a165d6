package dev.mme5.engine.kernel.int4;

import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.mme5.engine.kernel.simd.PageFaultGuard;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.PanelTensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/**
 * The register tiles of 4-bit panels and one or two tokens where a panel is two vectors of 16-bit integers. They read the weights as they
 * lie in the file, and never take the codes of a lane apart: {@link ActivationQuantizer} explains it.
 *
 * <p>The methods have two loops: with one, C2 would check the segment in every step, since sums are stored between the blocks.
 */
final class Int4WordTiles {
    /** Whether these tiles fit the vectors. Elsewhere those in floats are used. */
    static final boolean USED = Species.FEW_REGISTERS && Species.SHORT.length() == PanelTensor.ROWS / 2;

    /** Tokens of the largest tile. One of three has so many operations that C2 rarely kept some of its vectors in objects. */
    static final int TILE = 2;

    /** Most tokens that take these tiles. */
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
    static void multiply(MemorySegment w, long wOffset, int blocks, int quads, Words x, int first, short[] sums) {
        int xOffset = first * ActivationQuantizer.BLOCK * x.tokens();
        int zeros = first * x.tokens();
        if (x.tokens() == 1) tokens1(w, wOffset, blocks, quads, x.factors(), xOffset, x.zeros(), zeros, sums);
        else tokens2(w, wOffset, blocks, quads, x.factors(), xOffset, x.zeros(), zeros, sums);
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

    /**
     * Activations of a group of tokens for these tiles; all integers are 16 bits, twice in an int, so that a broadcast is a plain load.
     *
     * @param tokens of the group
     * @param first token of the group
     * @param factors [32 blocks, tokens]
     * @param zeros [blocks, tokens]: what sums begin with
     */
    record Words(int tokens, int first, int[] factors, int[] zeros) {
        private static final int BLOCK = ActivationQuantizer.BLOCK;

        /** Expands the factors of a group. */
        static Words of(QuantizedActivations x, int group) {
            int blocks = x.blocks();
            int tokens = x.groups().size(group);
            int first = x.groups().first(group);
            Words words = new Words(tokens, first, new int[blocks * BLOCK * tokens], new int[blocks * tokens]);
            int[] slots = new int[BLOCK * x.slots()];
            for (int block = 0; block < blocks; block++) {
                if (tokens == x.slots()) x.expand(group, block, words.factors, block * BLOCK * tokens);
                else {
                    x.expand(group, block, slots, 0);
                    for (int i = 0; i < BLOCK * tokens; i++) {
                        words.factors[block * BLOCK * tokens + i] = slots[i / tokens * x.slots() + i % tokens];
                    }
                }
                for (int i = 0; i < tokens; i++) {
                    words.zeros[block * tokens + i] = ActivationQuantizer.twice((int) x.zeros()[(first + i) * blocks + block]);
                }
            }
            return words;
        }
    }
}
