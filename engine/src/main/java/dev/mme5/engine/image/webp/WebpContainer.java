package dev.mme5.engine.image.webp;

import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.webp.vp8.Vp8FrameTag;
import dev.mme5.engine.image.webp.vp8l.Vp8lHeader;

/**
 * The chunks of a WebP file (RFC 9649 section 2): finds the first frame, and checks the others' headers, as libwebp's demuxer
 * does when Pillow opens a file. Bytes after the RIFF chunk are ignored.
 */
final class WebpContainer {
    private static final int CHUNK_HEADER_BYTES = 8;
    private static final int RIFF_HEADER_BYTES = 12;
    private static final long MAX_CHUNK_BYTES = 0xffff_fff6L;
    private static final int EXTENDED_BYTES = 10;
    private static final int ANIMATION_BYTES = 6;
    private static final int FRAME_BYTES = 16;
    private static final long MAX_AREA = 1L << 32;

    private static final int ANIMATION_FLAG = 0x02;
    private static final int XMP_FLAG = 0x04;
    private static final int EXIF_FLAG = 0x08;
    private static final int ALPHA_FLAG = 0x10;
    private static final int KNOWN_FLAGS = 0x3e;

    /** Bytes of the file, from a first one to before an end. */
    record Range(int from, int end) {
        static final Range NONE = new Range(0, 0);

        boolean isEmpty() {
            return from == end;
        }

        int length() {
            return end - from;
        }
    }

    /**
     * A frame.
     *
     * @param x column of the canvas where it starts
     * @param lossless whether image is a VP8L stream
     * @param image the payload, its padding included
     * @param alpha the payload of a chunk for alpha, or nothing
     * @param usesAlpha whether a VP8L stream says that it has alpha
     */
    record Frame(int x, int y, int width, int height, boolean lossless, Range image, Range alpha, boolean usesAlpha) {}

    private final ImageBytes file;
    private final int end;
    private int position = RIFF_HEADER_BYTES;

    private boolean extended;
    private int flags;
    private int width;
    private int height;
    private boolean animationSeen;
    private Frame first;
    private Range exif = Range.NONE;
    private Range xmp = Range.NONE;

    WebpContainer(ImageBytes file) {
        this.file = file;
        long riff = file.u32LittleEndian(4);
        if (riff < CHUNK_HEADER_BYTES || riff > MAX_CHUNK_BYTES) throw file.damaged("a RIFF chunk of %d bytes".formatted(riff));
        file.require(0, CHUNK_HEADER_BYTES + riff);
        this.end = CHUNK_HEADER_BYTES + (int) riff;
        readHeader();
        if (isChunk("VP8X")) {
            readExtended();
        } else if (isChunk("VP8 ") || isChunk("VP8L")) {
            readSingle();
        } else {
            throw file.damaged("its first chunk is not VP8, VP8L or VP8X");
        }
        if (first == null) throw file.damaged("no image in it");
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    Frame firstFrame() {
        return first;
    }

    /** Whether Pillow gives the image an alpha channel; without one it takes colours as they are, and black around the frame. */
    boolean hasAlpha() {
        if (extended && isAnimated()) return (flags & ALPHA_FLAG) != 0;
        if (first.lossless()) return first.usesAlpha();
        return !first.alpha().isEmpty();
    }

    /** The EXIF block: a TIFF header and what follows. */
    Range exif() {
        return exif;
    }

    /** The XMP packet. */
    Range xmp() {
        return xmp;
    }

    private boolean isAnimated() {
        return (flags & ANIMATION_FLAG) != 0;
    }

    private boolean isChunk(String type) {
        return file.hasText(position, type);
    }

    /** Checks that the chunk at the position is within the RIFF chunk; returns the size of its payload. */
    private int readHeader() {
        if (end - position < CHUNK_HEADER_BYTES) {
            throw file.damaged("%d bytes at %d are no chunk".formatted(end - position, position));
        }
        long size = file.u32LittleEndian(position + 4);
        if (size + (size & 1) > end - position - CHUNK_HEADER_BYTES) {
            throw file.damaged("a chunk of %d bytes at %d, %d are there".formatted(size, position,
                    end - position - CHUNK_HEADER_BYTES));
        }
        return (int) size;
    }

    /** Steps over a chunk with its padding; what is left must be nothing, or a chunk. */
    private void skip(int size) {
        position += CHUNK_HEADER_BYTES + size + (size & 1);
        checkRest();
    }

    private void checkRest() {
        if (position != end && end - position < CHUNK_HEADER_BYTES) readHeader();
    }

    private void readExtended() {
        extended = true;
        int size = readHeader();
        if (size != EXTENDED_BYTES) throw file.damaged("a VP8X chunk of %d bytes, expected %d".formatted(size, EXTENDED_BYTES));
        flags = file.u8(position + 8);
        width = 1 + u24(position + 12);
        height = 1 + u24(position + 15);
        if ((long) width * height >= MAX_AREA) throw file.damaged("a canvas of %d x %d pixels".formatted(width, height));
        if ((flags & ~KNOWN_FLAGS) != 0) throw file.damaged("unknown flags 0x%02x".formatted(flags));
        skip(size);
        while (position < end) readExtendedChunk();
    }

    private void readExtendedChunk() {
        int size = readHeader();
        if (isChunk("VP8X")) throw file.damaged("a second VP8X chunk");
        if (isChunk("ALPH") || isChunk("VP8 ") || isChunk("VP8L")) {
            if (animationSeen || isAnimated()) throw file.damaged("an image outside of the frames of an animation");
            if (first != null) throw file.damaged("a second image");
            readSingle();
        } else if (isChunk("ANIM")) {
            if (size + (size & 1) < ANIMATION_BYTES) throw file.damaged("an ANIM chunk of %d bytes".formatted(size));
            animationSeen = true;
            skip(size);
        } else if (isChunk("ANMF")) {
            if (!animationSeen) throw file.damaged("a frame before the ANIM chunk");
            readAnimationFrame(size + (size & 1));
        } else {
            Range payload = new Range(position + CHUNK_HEADER_BYTES, position + CHUNK_HEADER_BYTES + size);
            if (isChunk("EXIF") && (flags & EXIF_FLAG) != 0 && exif.isEmpty()) exif = payload;
            if (isChunk("XMP ") && (flags & XMP_FLAG) != 0 && xmp.isEmpty()) xmp = payload;
            skip(size);
        }
    }

    private void readSingle() {
        Frame frame = readFrame(0, 0);
        if (extended) {
            if (frame.width() != width || frame.height() != height) throw misplaced(frame);
        } else {
            width = frame.width();
            height = frame.height();
        }
        if ((flags & ALPHA_FLAG) == 0) {
            frame = new Frame(0, 0, frame.width(), frame.height(), frame.lossless(), frame.image(), Range.NONE, frame.usesAlpha());
        }
        checkOrder(frame);
        first = frame;
    }

    private void readAnimationFrame(int size) {
        if (size < FRAME_BYTES) throw file.damaged("an ANMF chunk of %d bytes, expected %d".formatted(size, FRAME_BYTES));
        int header = position + CHUNK_HEADER_BYTES;
        int x = 2 * u24(header);
        int y = 2 * u24(header + 3);
        if ((1L + u24(header + 6)) * (1L + u24(header + 9)) >= MAX_AREA) throw file.damaged("a frame of too many pixels");
        position = header + FRAME_BYTES;
        int chunkEnd = header + size;
        if (end - position < CHUNK_HEADER_BYTES) throw file.damaged("a frame without image");
        if (!isChunk("ALPH") && !isChunk("VP8 ") && !isChunk("VP8L")) {
            readHeader();
            return; // libwebp goes on with what is in the frame, as if it stood outside
        }
        Frame frame = readFrame(x, y);
        if (position > chunkEnd) throw file.damaged("an image that is larger than its frame's chunk");
        if (!isAnimated()) return;
        if ((long) x + frame.width() > width || (long) y + frame.height() > height) throw misplaced(frame);
        checkOrder(frame);
        if (first == null) first = frame;
    }

    /** Reads the chunks of one image: alpha at most once, and the image. */
    private Frame readFrame(int x, int y) {
        Range alpha = Range.NONE;
        Frame frame = null;
        while (position < end) {
            int size = readHeader();
            int payload = position + CHUNK_HEADER_BYTES;
            if (isChunk("ALPH") && alpha == Range.NONE) {
                alpha = new Range(payload, payload + size);
            } else if (isChunk("VP8L") && alpha != Range.NONE) {
                throw file.damaged("a lossless image with alpha beside it");
            } else if ((isChunk("VP8 ") || isChunk("VP8L")) && frame == null) {
                frame = readImage(x, y, payload, size);
            } else {
                break;
            }
            skip(size);
        }
        if (frame == null) throw file.damaged("alpha without an image");
        return new Frame(x, y, frame.width(), frame.height(), frame.lossless(), frame.image(), alpha, frame.usesAlpha());
    }

    private Frame readImage(int x, int y, int from, int size) {
        Range image = new Range(from, from + size + (size & 1));
        if (isChunk("VP8L")) {
            Vp8lHeader header = Vp8lHeader.read(file, from, image.end());
            return new Frame(x, y, header.width(), header.height(), true, image, Range.NONE, header.alpha());
        }
        Vp8FrameTag tag = Vp8FrameTag.read(file, from, from + size);
        return new Frame(x, y, tag.width(), tag.height(), false, image, Range.NONE, false);
    }

    private void checkOrder(Frame frame) {
        if (!frame.alpha().isEmpty() && frame.alpha().from() > frame.image().from()) throw file.damaged("alpha after its image");
    }

    private RuntimeException misplaced(Frame frame) {
        return file.damaged("a frame of %d x %d pixels at %d, %d of a canvas of %d x %d".formatted(frame.width(), frame.height(),
                frame.x(), frame.y(), width, height));
    }

    private int u24(int offset) {
        return file.u16LittleEndian(offset) | file.u8(offset + 2) << 16;
    }
}
