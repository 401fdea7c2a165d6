package dev.mme5.engine.image.jpeg.header;

import dev.mme5.engine.image.jpeg.entropy.ArithmeticConditioning;
import dev.mme5.engine.image.jpeg.entropy.HuffmanTable;
import dev.mme5.engine.image.jpeg.entropy.Zigzag;
import dev.mme5.engine.image.raster.ImageBytes;
import java.util.Arrays;

/** The tables that the segments DQT, DHT, DAC and DRI define, as they stand when a scan starts. */
public final class JpegTables {
    private static final int TABLES = 4;
    private static final int MAX_CODE_LENGTH = 16;

    private final ImageBytes file;
    private final int[][] quantization = new int[TABLES][];
    private final HuffmanDefinition[] dc = new HuffmanDefinition[TABLES];
    private final HuffmanDefinition[] ac = new HuffmanDefinition[TABLES];
    private final ArithmeticConditioning conditioning = new ArithmeticConditioning();
    private int restartInterval;

    JpegTables(ImageBytes file) {
        this.file = file;
    }

    /** A table as it stands in the file, built when a scan uses it: a file may define many that none uses. */
    private static final class HuffmanDefinition {
        private final int[] counts;
        private final byte[] symbols;
        private HuffmanTable table;

        HuffmanDefinition(int[] counts, byte[] symbols) {
            this.counts = counts;
            this.symbols = symbols;
        }

        HuffmanTable table() {
            if (table == null) table = new HuffmanTable(counts, symbols);
            return table;
        }
    }

    /** SOI resets these two; tables stay. */
    void startImage() {
        restartInterval = 0;
        conditioning.reset();
    }

    int restartInterval() {
        return restartInterval;
    }

    public ArithmeticConditioning conditioning() {
        return conditioning;
    }

    void readRestartInterval(int offset, int length) {
        if (length != 2) throw badLength("restart interval", offset, length);
        restartInterval = file.u16BigEndian(offset);
    }

    void readQuantization(int offset, int length) {
        int end = offset + length;
        int position = offset;
        while (position < end) {
            int head = file.u8(position);
            int number = head & 15;
            int bytes = head >> 4 == 0 ? 1 : 2;
            if (number >= TABLES) throw file.damaged("quantisation table %d at byte %d".formatted(number, position));
            if (position + 1 + bytes * Zigzag.BLOCK > end) throw badLength("quantisation table", offset, length);
            int[] table = new int[Zigzag.BLOCK];
            for (int i = 0; i < Zigzag.BLOCK; i++) {
                int at = position + 1 + bytes * i;
                table[Zigzag.natural(i)] = bytes == 1 ? file.u8(at) : file.u16BigEndian(at);
            }
            quantization[number] = table;
            position += 1 + bytes * Zigzag.BLOCK;
        }
    }

    void readHuffman(int offset, int length) {
        int end = offset + length;
        int position = offset;
        while (position < end) {
            if (position + 1 + MAX_CODE_LENGTH > end) throw badLength("Huffman table", offset, length);
            int head = file.u8(position);
            int[] counts = new int[MAX_CODE_LENGTH + 1];
            for (int i = 1; i <= MAX_CODE_LENGTH; i++) counts[i] = file.u8(position + i);
            int symbols = Arrays.stream(counts).sum();
            int first = position + 1 + MAX_CODE_LENGTH;
            if (symbols > 256 || first + symbols > end) throw badLength("Huffman table", offset, length);
            if ((head & 0xef) >= TABLES) throw file.damaged("Huffman table %d at byte %d".formatted(head & 0xef, position));
            HuffmanDefinition[] tables = (head & 0x10) == 0 ? dc : ac;
            tables[head & 15] = new HuffmanDefinition(counts, Arrays.copyOfRange(file.bytes(), first, first + symbols));
            position = first + symbols;
        }
    }

    void readConditioning(int offset, int length) {
        if (length % 2 != 0) throw badLength("arithmetic conditioning", offset, length);
        for (int i = 0; i < length; i += 2) {
            int head = file.u8(offset + i);
            int value = file.u8(offset + i + 1);
            if (head >> 4 == 1) {
                conditioning.setAc(head & 15, value);
            } else if (head >> 4 == 0 && (value & 15) <= value >> 4) {
                conditioning.setDc(head & 15, value & 15, value >> 4);
            } else {
                throw file.damaged("arithmetic conditioning %d of table %d at byte %d".formatted(value, head, offset + i));
            }
        }
    }

    private RuntimeException badLength(String name, int offset, int length) {
        return file.damaged("a %s segment of %d bytes at byte %d".formatted(name, length + 2, offset - 2));
    }

    /** The quantisation table of a component, in natural order. */
    public int[] quantization(JpegComponent component) {
        int number = component.quantTable();
        if (number >= TABLES || quantization[number] == null) {
            throw file.damaged("quantisation table %d of channel %d is missing".formatted(number, component.id()));
        }
        return quantization[number];
    }

    public HuffmanTable dc(int number) {
        HuffmanTable table = table(dc, "DC", number);
        if (!table.isForDc()) throw file.damaged("Huffman table %d for DC has a size of more than 15 bits".formatted(number));
        return table;
    }

    public HuffmanTable ac(int number) {
        return table(ac, "AC", number);
    }

    private HuffmanTable table(HuffmanDefinition[] tables, String kind, int number) {
        if (number >= TABLES || tables[number] == null) {
            throw file.damaged("Huffman table %d for %s is missing".formatted(number, kind));
        }
        try {
            return tables[number].table();
        } catch (IllegalArgumentException e) {
            throw file.damaged("Huffman table %d for %s has %s".formatted(number, kind, e.getMessage()));
        }
    }

    /** Frames of Motion JPEG leave out the Huffman tables of T.81 annex K, which then apply. */
    void addStandardTables() {
        for (int i = 0; i < 2; i++) {
            if (dc[i] == null) dc[i] = standard(StandardHuffmanTables.dc(i));
            if (ac[i] == null) ac[i] = standard(StandardHuffmanTables.ac(i));
        }
    }

    private static HuffmanDefinition standard(StandardHuffmanTables.Table table) {
        return new HuffmanDefinition(table.counts(), table.symbols());
    }
}
