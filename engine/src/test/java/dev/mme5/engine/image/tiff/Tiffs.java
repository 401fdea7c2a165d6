package dev.mme5.engine.image.tiff;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.TreeMap;

/** Writes small TIFF files with any tags: data first, then the directory. Little-endian, all values LONG. */
final class Tiffs {
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private final TreeMap<Integer, long[]> tags = new TreeMap<>();
    private long next;

    /** An image of 8-bit grey. */
    static Tiffs gray(long width, long height) {
        return new Tiffs().tag(TiffTags.WIDTH, width).tag(TiffTags.HEIGHT, height).tag(TiffTags.BITS_PER_SAMPLE, 8)
                .tag(TiffTags.PHOTOMETRIC, 1);
    }

    Tiffs tag(int tag, long... values) {
        tags.put(tag, values);
        return this;
    }

    /** Adds bytes and returns their offset. */
    long add(byte... bytes) {
        long offset = 8 + data.size();
        data.writeBytes(bytes);
        return offset;
    }

    /** One strip of these bytes. */
    Tiffs strip(int compression, byte... bytes) {
        return tag(TiffTags.COMPRESSION, compression).tag(TiffTags.STRIP_OFFSETS, add(bytes)).tag(TiffTags.STRIP_BYTE_COUNTS, bytes.length);
    }

    /** The next directory: it may be any offset, since it is never read. */
    Tiffs next(long offset) {
        next = offset;
        return this;
    }

    byte[] build() {
        int start = 8 + data.size();
        long longValues = tags.values().stream().filter(v -> v.length > 1).mapToLong(v -> v.length).sum();
        ByteBuffer out = ByteBuffer.allocate(start + 2 + 12 * tags.size() + 4 + (int) longValues * 4).order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(start).put(data.toByteArray()).putShort((short) tags.size());
        int after = start + 2 + 12 * tags.size() + 4;
        for (var tag : tags.entrySet()) {
            long[] values = tag.getValue();
            out.putShort((short) (int) tag.getKey()).putShort((short) 4).putInt(values.length);
            out.putInt(values.length == 1 ? (int) values[0] : after);
            after += values.length == 1 ? 0 : 4 * values.length;
        }
        out.putInt((int) next);
        for (long[] values : tags.values()) if (values.length > 1) for (long value : values) out.putInt((int) value);
        return out.array();
    }
}
