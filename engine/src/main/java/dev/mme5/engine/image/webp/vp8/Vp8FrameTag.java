package dev.mme5.engine.image.webp.vp8;

import dev.mme5.engine.image.raster.ImageBytes;

/**
 * The first ten bytes of a VP8 key frame (RFC 6386 section 9.1).
 *
 * @param firstPartition bytes of the first partition, which follows
 */
public record Vp8FrameTag(int width, int height, int firstPartition) {
    static final int BYTES = 10;

    /**
     * Reads and checks it.
     *
     * @param from byte of the file where the frame starts
     * @param end the byte after it
     */
    public static Vp8FrameTag read(ImageBytes file, int from, int end) {
        if (end - from < BYTES) throw file.damaged("its VP8 frame header is cut off");
        int tag = file.u16LittleEndian(from) | file.u8(from + 2) << 16;
        if ((tag & 1) != 0) throw file.damaged("its VP8 frame is not a key frame");
        int version = tag >> 1 & 7;
        if (version > 3) throw file.damaged("VP8 version %d, expected 0 to 3".formatted(version));
        if ((tag >> 4 & 1) == 0) throw file.damaged("its VP8 frame is not to be shown");
        if (!file.hasText(from + 3, "\u009d\1\u002a")) throw file.damaged("the VP8 start code is missing");
        int width = file.u16LittleEndian(from + 6) & 0x3fff;
        int height = file.u16LittleEndian(from + 8) & 0x3fff;
        if (width == 0 || height == 0) throw file.damaged("its VP8 frame has %d x %d pixels".formatted(width, height));
        int firstPartition = tag >> 5;
        if (firstPartition >= end - from) {
            throw file.damaged("its first partition has %d bytes, %d are there".formatted(firstPartition, end - from - BYTES));
        }
        return new Vp8FrameTag(width, height, firstPartition);
    }
}
