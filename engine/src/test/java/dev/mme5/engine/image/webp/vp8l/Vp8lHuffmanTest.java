package dev.mme5.engine.image.webp.vp8l;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Vp8lHuffmanTest {
    /** Lengths of a complete code: a leaf is split in two until there are enough. */
    private static int[] randomLengths(Random random, int symbols) {
        List<Integer> leaves = new ArrayList<>(List.of(1, 1));
        while (leaves.size() < symbols) {
            int i = random.nextInt(10) == 0 ? random.nextInt(leaves.size()) : leaves.size() - 1;
            int length = leaves.get(i);
            if (length == Vp8lHuffman.MAX_LENGTH) {
                i = leaves.indexOf(Collections.min(leaves));
                length = leaves.get(i);
            }
            leaves.set(i, length + 1);
            leaves.add(length + 1);
        }
        Collections.shuffle(leaves, random);
        return leaves.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The code of a symbol, first bit first: symbols in order, shorter ones before. */
    private static String codeOf(int[] lengths, int symbol) {
        long code = 0;
        for (int other = 0; other < lengths.length; other++) {
            boolean before = lengths[other] < lengths[symbol] || lengths[other] == lengths[symbol] && other < symbol;
            if (before) code += 1L << Vp8lHuffman.MAX_LENGTH - lengths[other];
        }
        String bits = Long.toBinaryString(code >> Vp8lHuffman.MAX_LENGTH - lengths[symbol]);
        return "0".repeat(lengths[symbol] - bits.length()) + bits;
    }

    private static Vp8lBitReader reader(String bits) {
        byte[] data = new byte[bits.length() / 8 + 1];
        for (int i = 0; i < bits.length(); i++) data[i / 8] |= (byte) (bits.charAt(i) - '0' << i % 8);
        return new Vp8lBitReader(data, 0, data.length);
    }

    @Test
    void readsEverySymbolOfRandomCompleteCodes() {
        Random random = new Random(3);
        for (int symbols : new int[] {2, 3, 9, 40, 256, 300, 2328}) {
            for (int trial = 0; trial < 8; trial++) {
                int[] lengths = randomLengths(random, symbols);
                Vp8lHuffman code = Vp8lHuffman.of(lengths, symbols);
                assertNotNull(code);
                assertTrue(code.bytes() <= 4 * (256 + 2 * symbols + 256), "bounded by the symbols: " + code.bytes());
                for (int i = 0; i < 50; i++) {
                    int symbol = random.nextInt(symbols);
                    String bits = codeOf(lengths, symbol);
                    Vp8lBitReader in = reader(bits + "1");

                    assertEquals(symbol, code.read(in));
                    assertEquals(1, in.read(1), "bits consumed");
                }
            }
        }
    }

    @Test
    void refusesAnyCodeThatIsNotComplete() {
        Random random = new Random(4);
        for (int trial = 0; trial < 300; trial++) {
            int[] lengths = randomLengths(random, 3 + random.nextInt(300));
            int symbol = random.nextInt(lengths.length);
            int before = lengths[symbol];
            lengths[symbol] = (before + 1 + random.nextInt(15)) % 16;
            if (lengths[symbol] == before) continue;

            assertNull(Vp8lHuffman.of(lengths, lengths.length));
        }
        assertNull(Vp8lHuffman.of(new int[7], 7));
    }

    @Test
    void aSingleSymbolTakesNoBits() {
        Vp8lHuffman code = Vp8lHuffman.of(new int[] {0, 0, 9, 0}, 4);
        Vp8lBitReader in = reader("1");

        assertEquals(2, code.read(in));
        assertTrue(code.isSingle());
        assertEquals(1, in.read(1));
    }

    @Test
    void aReaderIsExhaustedOneBitAfterItsEnd() {
        Vp8lBitReader in = new Vp8lBitReader(new byte[9], 0, 9);
        for (int i = 0; i < 72; i++) in.read(1);
        assertTrue(!in.exhausted());

        in.read(1);

        assertTrue(in.exhausted());
    }
}
