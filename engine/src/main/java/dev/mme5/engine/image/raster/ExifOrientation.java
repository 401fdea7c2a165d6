package dev.mme5.engine.image.raster;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Finds the orientation in an Exif block, which is a TIFF header and a first directory, by the rules of Pillow's {@code getexif}.
 * A block that makes no sense has no orientation: it does not make the pixels wrong.
 */
public final class ExifOrientation {
    private static final int TAG = 0x112;
    private static final int ENTRY_BYTES = 12;

    private final ByteBuffer block;

    private ExifOrientation(ByteBuffer block) {
        this.block = block;
    }

    /**
     * The orientation that a block names, or null if it names none.
     *
     * @param bytes hold the block; any prefixes {@code Exif\0\0} in front of the TIFF header are skipped
     * @param offset first byte of the block
     * @param length bytes of the block
     */
    public static Orientation of(byte[] bytes, int offset, int length) {
        int start = offset;
        int end = Math.min(offset + length, bytes.length);
        while (isPrefix(bytes, start, end)) start += 6;
        if (end - start < 8) return null;
        boolean little = bytes[start] == 'I' && bytes[start + 1] == 'I';
        if (!little && (bytes[start] != 'M' || bytes[start + 1] != 'M')) return null;
        if (bytes[start + 2] + bytes[start + 3] != 42 || bytes[start + 2] * bytes[start + 3] != 0) return null;
        ByteBuffer block = ByteBuffer.wrap(bytes, start, end - start).slice();
        return new ExifOrientation(block.order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN)).read();
    }

    private static boolean isPrefix(byte[] bytes, int offset, int end) {
        return end - offset >= 6 && bytes[offset] == 'E' && bytes[offset + 1] == 'x' && bytes[offset + 2] == 'i'
                && bytes[offset + 3] == 'f' && bytes[offset + 4] == 0 && bytes[offset + 5] == 0;
    }

    /** Of several entries the last one counts. Reading ends at an entry of any tag whose values are not in the block. */
    private Orientation read() {
        Orientation found = null;
        long directory = Integer.toUnsignedLong(block.getInt(4));
        if (directory + 2 > block.limit()) return null;
        int entries = Short.toUnsignedInt(block.getShort((int) directory));
        long offset = directory + 2;
        for (int i = 0; i < entries && offset + ENTRY_BYTES <= block.limit(); i++, offset += ENTRY_BYTES) {
            int entry = (int) offset;
            long bytes = valueBytes(entry);
            long data = bytes > 4 ? Integer.toUnsignedLong(block.getInt(entry + 8)) : entry + 8;
            if (data + bytes > block.limit()) break;
            boolean isOrientation = Short.toUnsignedInt(block.getShort(entry)) == TAG;
            if (isOrientation && bytes > 0) found = value(entry, (int) data);
        }
        return found;
    }

    /** Bytes of an entry's values; 0 if it has none, or if its type is unknown. */
    private long valueBytes(int entry) {
        int size = switch (Short.toUnsignedInt(block.getShort(entry + 2))) {
            case 1, 2, 6, 7 -> 1;
            case 3, 8 -> 2;
            case 4, 9, 11, 13 -> 4;
            case 5, 10, 12, 16 -> 8;
            default -> 0;
        };
        return size * Integer.toUnsignedLong(block.getInt(entry + 4));
    }

    /** An entry's first value. Text is upright. */
    private Orientation value(int entry, int data) {
        double value = number(Short.toUnsignedInt(block.getShort(entry + 2)), data);
        return Orientation.of(value == (int) value ? (int) value : 0);
    }

    private double number(int type, int data) {
        return switch (type) {
            case 3 -> Short.toUnsignedInt(block.getShort(data));
            case 8 -> block.getShort(data);
            case 4, 13 -> Integer.toUnsignedLong(block.getInt(data));
            case 9 -> block.getInt(data);
            case 5 -> (double) Integer.toUnsignedLong(block.getInt(data)) / Integer.toUnsignedLong(block.getInt(data + 4));
            case 10 -> (double) block.getInt(data) / block.getInt(data + 4);
            case 6 -> block.get(data);
            case 11 -> block.getFloat(data);
            case 12 -> block.getDouble(data);
            case 16 -> block.getLong(data);
            default -> 0; // bytes and text
        };
    }
}
