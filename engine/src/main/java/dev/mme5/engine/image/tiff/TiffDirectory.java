package dev.mme5.engine.image.tiff;

import dev.mme5.engine.image.raster.ImageBytes;
import java.util.HashMap;
import java.util.Map;

/**
 * The first directory of a TIFF or BigTIFF: tags and their values. Later directories are never read, so their chain may be
 * endless. Values are read from the file when they are asked for; no tag takes memory of its own.
 *
 * <p>All entries must be there. A tag whose values are not in the file is damage as soon as it is asked for: tags that say nothing about
 * pixels are not.
 */
final class TiffDirectory {
    private static final int MAX_ENTRIES = 65_535;

    /** The type of values that are outside the file, or of a type that nobody knows. */
    private static final int UNREADABLE = 0;

    private static final int BYTE = 1;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int SIGNED_BYTE = 6;
    private static final int SIGNED_SHORT = 8;
    private static final int SIGNED_LONG = 9;
    private static final int IFD = 13;
    private static final int LONG8 = 16;

    /** The values of a tag: count of them, the first at an offset of the file. */
    private record Entry(int type, long count, long offset) {}

    private final ImageBytes file;
    private final boolean littleEndian;
    private final Map<Integer, Entry> entries = new HashMap<>();

    private TiffDirectory(ImageBytes file, boolean littleEndian) {
        this.file = file;
        this.littleEndian = littleEndian;
    }

    static TiffDirectory read(ImageBytes file) {
        TiffDirectory directory = new TiffDirectory(file, file.hasText(0, "II"));
        boolean big = file.u8(2) == 43 || file.u8(3) == 43;
        directory.readEntries(big ? directory.u64(8) : directory.u32(4), big);
        return directory;
    }

    private void readEntries(long start, boolean big) {
        file.require(start, big ? 8 : 2);
        long count = big ? u64(start) : u16(start);
        if (count < 1 || count > MAX_ENTRIES) throw file.damaged("a directory of %d entries".formatted(count));
        int entryBytes = big ? 20 : 12;
        long first = start + (big ? 8 : 2);
        file.require(first, count * entryBytes); // a tag that is cut off may be one that decides what the others mean
        for (int i = 0; i < count; i++) {
            long entry = first + (long) i * entryBytes;
            int type = u16(entry + 2);
            long values = big ? u64(entry + 4) : u32(entry + 4);
            long size = bytes(type);
            long inline = big ? 8 : 4;
            if (values == 0) continue;
            long field = entry + entryBytes - inline;
            boolean isReadable = size > 0 && values > 0 && values <= file.length();
            long offset = !isReadable || size * values <= inline ? field : big ? u64(field) : u32(field);
            isReadable &= offset >= 0 && offset <= file.length() - size * values;
            entries.put(u16(entry), new Entry(isReadable ? type : UNREADABLE, values, offset));
        }
    }

    private static int bytes(int type) {
        return switch (type) {
            case 1, 2, 6, 7 -> 1;
            case 3, 8 -> 2;
            case 4, 9, 11, 13 -> 4;
            case 5, 10, 12, 16 -> 8;
            default -> 0;
        };
    }

    boolean littleEndian() {
        return littleEndian;
    }

    /** @throws dev.mme5.engine.image.raster.ImageException if the tag is there and its values are not */
    boolean has(int tag) {
        return entry(tag) != null;
    }

    /** Whether the values of a tag that decides no pixels can be read; for {@link #offset} and {@link #byteLength}. */
    boolean hasReadable(int tag) {
        Entry entry = entries.get(tag);
        return entry != null && entry.type() != UNREADABLE;
    }

    private Entry entry(int tag) {
        Entry entry = entries.get(tag);
        if (entry != null && entry.type() == UNREADABLE) throw file.damaged("the values of tag %d are not in the file".formatted(tag));
        return entry;
    }

    /** Number of values of a tag, 0 if it is missing. */
    long count(int tag) {
        Entry entry = entry(tag);
        return entry == null ? 0 : entry.count();
    }

    /** Value i of a tag with integers. */
    long value(int tag, long i) {
        Entry entry = entry(tag);
        if (entry == null || i < 0 || i >= entry.count()) throw file.damaged("tag %d has no value %d".formatted(tag, i + 1));
        long offset = entry.offset() + i * bytes(entry.type());
        return switch (entry.type()) {
            case BYTE -> file.u8(offset);
            case SIGNED_BYTE -> (byte) file.u8(offset);
            case SHORT -> u16(offset);
            case SIGNED_SHORT -> (short) u16(offset);
            case LONG, IFD -> u32(offset);
            case SIGNED_LONG -> (int) u32(offset);
            case LONG8 -> u64(offset);
            default -> throw file.damaged("tag %d holds no integers (type %d)".formatted(tag, entry.type()));
        };
    }

    /** The one integer of a tag, or a default if the tag is missing. */
    long value(int tag, long defaultValue, long min, long max) {
        if (!has(tag)) return defaultValue;
        long value = value(tag, 0);
        if (value < min || value > max) throw file.damaged("tag %d is %d".formatted(tag, value));
        return value;
    }

    /** All integers of a tag with few of them. */
    int[] values(int tag, int maxCount, int... defaults) {
        if (!has(tag)) return defaults;
        if (count(tag) > maxCount) throw file.damaged("tag %d has %d values".formatted(tag, count(tag)));
        int[] values = new int[(int) count(tag)];
        for (int i = 0; i < values.length; i++) values[i] = Math.clamp(value(tag, i), 0, Integer.MAX_VALUE);
        return values;
    }

    /** Numbers of a tag with fractions or integers; the defaults if it is missing or has fewer. */
    float[] fractions(int tag, float... defaults) {
        Entry entry = entry(tag);
        if (entry == null || entry.count() < defaults.length) return defaults;
        float[] values = new float[defaults.length];
        for (int i = 0; i < values.length; i++) {
            long offset = entry.offset() + (long) i * bytes(entry.type());
            values[i] = entry.type() == 5 ? (float) ((double) u32(offset) / Math.max(1, u32(offset + 4))) : value(tag, i);
        }
        return values;
    }

    /** Offset of the first byte of a tag with bytes. */
    int offset(int tag) {
        return (int) entry(tag).offset();
    }

    /** Bytes that the values of a tag take. */
    int byteLength(int tag) {
        Entry entry = entry(tag);
        return (int) (entry.count() * bytes(entry.type()));
    }

    int u16(long offset) {
        return littleEndian ? file.u16LittleEndian(offset) : file.u16BigEndian(offset);
    }

    private long u32(long offset) {
        return littleEndian ? file.u32LittleEndian(offset) : file.u32BigEndian(offset);
    }

    /** A 64-bit number; one that is negative as a long lies beyond every file. */
    private long u64(long offset) {
        long first = u32(offset);
        long second = u32(offset + 4);
        return littleEndian ? second << 32 | first : first << 32 | second;
    }
}
