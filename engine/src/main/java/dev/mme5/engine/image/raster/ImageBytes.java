package dev.mme5.engine.image.raster;

/**
 * The bytes of a picture file under the caller's limits. Every read is checked, so that a decoder written on top can meet the
 * end of the file only as an {@link ImageException}.
 *
 * @param name what messages call the file
 * @param bytes the whole file
 * @param maxPixels most pixels a picture may have
 * @param heap what decoding may take, the file included
 */
public record ImageBytes(String name, byte[] bytes, long maxPixels, HeapLimit heap) {
    /** Keeps every index an int: the widest pixels, 16-bit RGBA, take 8 bytes. */
    private static final long MAX_ARRAY_PIXELS = (Integer.MAX_VALUE - 8) / 8;

    public int length() {
        return bytes.length;
    }

    public int u8(long at) {
        require(at, 1);
        return bytes[(int) at] & 0xff;
    }

    public int u16BigEndian(long at) {
        return u8(at) << 8 | u8(at + 1);
    }

    public long u32BigEndian(long at) {
        return (long) u16BigEndian(at) << 16 | u16BigEndian(at + 2);
    }

    public int u16LittleEndian(long at) {
        return u8(at) | u8(at + 1) << 8;
    }

    public long u32LittleEndian(long at) {
        return u16LittleEndian(at) | (long) u16LittleEndian(at + 2) << 16;
    }

    /** Whether the ASCII text stands at a place; false, too, if the file ends before. */
    public boolean hasText(long at, String ascii) {
        if (at < 0 || at + ascii.length() > bytes.length) return false;
        for (int i = 0; i < ascii.length(); i++) {
            if (bytes[(int) at + i] != (byte) ascii.charAt(i)) return false;
        }
        return true;
    }

    /** Refuses a file that ends before byte at + count. */
    public void require(long at, long count) {
        if (at < 0 || at + count > bytes.length) {
            throw error("is cut off: byte %d is needed, the file has %d".formatted(at + count, bytes.length));
        }
    }

    /** Refuses a size that is empty or beyond the limit; called before memory is taken for the pixels. */
    public void requireSize(long width, long height) {
        if (width < 1 || height < 1) throw error("is damaged: its size is %d x %d pixels".formatted(width, height));
        long most = Math.min(maxPixels, MAX_ARRAY_PIXELS);
        if (width > most / height) {
            throw error("is too large: %d x %d pixels, the limit is %d pixels".formatted(width, height, most));
        }
    }

    /** Refuses what would take more heap than the caller allows; called before memory is taken for the pixels. */
    public void requireHeap(long needed) {
        long free = heap.free(needed);
        if (needed > free) throw ImageException.lackOfHeap(name, needed, free);
    }

    public ImageException error(String problem) {
        return new ImageException(name, problem);
    }

    public ImageException damaged(String problem) {
        return new ImageException(name, "is damaged: " + problem);
    }
}
