package dev.mme5.engine.image.raster;

import dev.mme5.engine.failure.Refusal;

/**
 * The bytes of an image file under the caller's limits. Every read is checked, so a decoder that reads past the end of the file
 * fails with an {@link ImageException} and nothing else.
 *
 * @param name the file's name in messages
 * @param bytes the whole file
 * @param maxPixels maximum number of pixels
 * @param heap what decoding may take, the file included
 */
public record ImageBytes(String name, byte[] bytes, long maxPixels, HeapLimit heap) {
    /** Keeps every index an int: the widest pixels, 16-bit RGBA, take 8 bytes. */
    private static final long MAX_ARRAY_PIXELS = (Integer.MAX_VALUE - 8) / 8;

    public int length() {
        return bytes.length;
    }

    public int u8(long offset) {
        require(offset, 1);
        return bytes[(int) offset] & 0xff;
    }

    public int u16BigEndian(long offset) {
        return u8(offset) << 8 | u8(offset + 1);
    }

    public long u32BigEndian(long offset) {
        return (long) u16BigEndian(offset) << 16 | u16BigEndian(offset + 2);
    }

    public int u16LittleEndian(long offset) {
        return u8(offset) | u8(offset + 1) << 8;
    }

    public long u32LittleEndian(long offset) {
        return u16LittleEndian(offset) | (long) u16LittleEndian(offset + 2) << 16;
    }

    /** Whether this ASCII text is at an offset; false, too, if the file ends before it does. */
    public boolean hasText(long offset, String ascii) {
        if (offset < 0 || offset + ascii.length() > bytes.length) return false;
        for (int i = 0; i < ascii.length(); i++) {
            if (bytes[(int) offset + i] != (byte) ascii.charAt(i)) return false;
        }
        return true;
    }

    /** Refuses a file that ends before offset + count. */
    public void require(long offset, long count) {
        if (offset < 0 || count < 0) throw damaged("an offset or a length is negative");
        if (count > bytes.length - offset) {
            throw error("is cut off: byte %d is needed, the file has %d".formatted(offset + count, bytes.length));
        }
    }

    /** Refuses a size that is empty or exceeds the limit. Call it before allocating memory for the pixels. */
    public void requireSize(long width, long height) {
        if (width < 1 || height < 1) throw damaged("its size is %d x %d pixels".formatted(width, height));
        long max = Math.min(maxPixels, MAX_ARRAY_PIXELS);
        if (width > max / height) {
            throw tooLarge("%d x %d pixels, the limit is %d %s".formatted(width, height, max, max == 1 ? "pixel" : "pixels"));
        }
    }

    /** Refuses an image that would take more heap than the caller allows. Call it before allocating memory for the pixels. */
    public void requireHeap(long needed) {
        long free = heap.free(needed);
        if (needed > free) throw ImageException.lackOfHeap(name, needed, free);
    }

    /**
     * An array for pixels, zeroed. Everything that decoding takes beside it is reserved in the same step: an image is refused before any
     * memory is taken for it, and a decoder never waits for memory while it holds some.
     *
     * @param pixelBytes of the array
     * @param workingBytes of the buffers that decoding makes beside the file and the array, by the arithmetic of the classes that make them
     */
    public byte[] newPixels(long pixelBytes, long workingBytes) {
        requireHeap(length() + pixelBytes + workingBytes);
        return new byte[Math.toIntExact(pixelBytes)];
    }

    /** An image that cannot be used because of what its bytes say. */
    public ImageException error(String problem) {
        return new ImageException(Refusal.DAMAGED, name, problem);
    }

    /** An image that contradicts its format. */
    public ImageException damaged(String problem) {
        return error("is damaged: " + problem);
    }

    /** An image that contradicts its format, found by code that reports it otherwise. */
    public ImageException damaged(String problem, Exception cause) {
        return new ImageException(Refusal.DAMAGED, name, "is damaged: " + problem, cause);
    }

    /** An image of a kind that is not decoded, though it may be valid. */
    public ImageException unsupported(String problem) {
        return new ImageException(Refusal.UNSUPPORTED_FORMAT, name, problem);
    }

    /** An image of more pixels or bytes than are allowed. */
    public ImageException tooLarge(String problem) {
        return new ImageException(Refusal.TOO_LARGE, name, "is too large: " + problem);
    }
}
