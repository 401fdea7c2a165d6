package dev.mme5.engine.image.jpeg.entropy;

import dev.mme5.engine.image.raster.ImageBytes;
import java.util.Arrays;

/** Huffman decoding of baseline and extended sequential scans: T.81 section F.2.2. */
public final class SequentialHuffman implements BlockDecoder {
    private final ImageBytes file;
    private final BitReader bits;
    private final HuffmanTable[] dc;
    private final HuffmanTable[] ac;
    private final int[] predictions;

    /** Tables by index of the component in the scan. */
    public SequentialHuffman(ImageBytes file, HuffmanTable[] dc, HuffmanTable[] ac) {
        this.file = file;
        this.bits = new BitReader(file);
        this.dc = dc;
        this.ac = ac;
        this.predictions = new int[dc.length];
    }

    @Override
    public void startInterval(int offset) {
        bits.start(offset);
        Arrays.fill(predictions, 0);
    }

    @Override
    public boolean hasAllData() {
        return bits.hasAllData();
    }

    @Override
    public int position() {
        return bits.position();
    }

    @Override
    public boolean endsCleanly() {
        return bits.endsCleanly();
    }

    @Override
    public int decode(int component, short[] coefficients, int offset) {
        predictions[component] = DcDifference.add(file, predictions[component], DcDifference.read(bits, dc[component]));
        coefficients[offset] = (short) predictions[component];
        return decodeAc(ac[component], coefficients, offset);
    }

    /** The reader's state is kept in local variables: this loop takes a third of the time of decoding. */
    private int decodeAc(HuffmanTable table, short[] coefficients, int offset) {
        BitReader in = bits;
        int[] lookup = table.coefficients();
        int[] natural = Zigzag.naturalOrder();
        long buffer = in.buffer;
        int count = in.count;
        int last = 0;
        for (int k = 1; k < Zigzag.BLOCK; k++) {
            if (count < BitReader.REFILLED) {
                in.buffer = buffer;
                in.count = count;
                in.refill();
                buffer = in.buffer;
                count = in.count;
            }
            int entry = lookup[(int) (buffer >>> 64 - HuffmanTable.LOOKUP_BITS)];
            if (entry == HuffmanTable.NO_CODE) {
                entry = table.findLong(buffer);
                if (entry == HuffmanTable.NO_CODE) throw in.invalidCode();
            }
            int length = HuffmanTable.codeLength(entry);
            buffer <<= length;
            count -= length;
            int run = HuffmanTable.run(entry);
            k += run;
            int size = HuffmanTable.size(entry);
            int value;
            if ((entry & HuffmanTable.HAS_VALUE) != 0) {
                value = entry >> 16;
            } else if (size != 0) {
                value = HuffmanTable.extend((int) (buffer >>> 64 - size), size);
                buffer <<= size;
                count -= size;
            } else {
                if (run == 15) continue;
                break;
            }
            coefficients[offset + natural[k]] = (short) value;
            last = k;
        }
        in.buffer = buffer;
        in.count = count;
        return Math.min(last, Zigzag.BLOCK - 1);
    }
}
