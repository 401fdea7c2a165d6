package dev.mme5.engine.image.tiff;

import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.tiff.compression.CcittReader;
import dev.mme5.engine.image.tiff.compression.DeflateReader;
import dev.mme5.engine.image.tiff.compression.LzwReader;
import dev.mme5.engine.image.tiff.compression.PackBitsReader;
import dev.mme5.engine.image.tiff.compression.SegmentReader;
import dev.mme5.engine.image.tiff.compression.TiffCompression;
import java.util.Arrays;

/**
 * Opens the strips or tiles of a TIFF. Segments may share bytes of the file, which saves space for equal tiles; a limit on the
 * bytes opened in all keeps a small file from making many segments of the same large data.
 */
final class SegmentSource {
    /** Of one row each they make an image of a million rows; opening more takes longer than decoding their pixels. */
    private static final int MAX_SEGMENTS = 1 << 20;

    private final ImageBytes file;
    private final TiffDirectory tags;
    private final TiffLayout layout;
    private final long heapBytes;
    private final int offsetsTag;
    private final int countsTag;
    private final int perPlane;
    private final int sharedTableBytes;
    private final LzwReader[] lzwReaders;
    private long bytesLeft;

    /** @param heapBytes what the caller asks for, for the whole image */
    SegmentSource(ImageBytes file, TiffDirectory tags, TiffLayout layout, long heapBytes) {
        this.file = file;
        this.heapBytes = heapBytes;
        this.tags = tags;
        this.layout = layout;
        this.offsetsTag = layout.tiled() ? TiffTags.TILE_OFFSETS : TiffTags.STRIP_OFFSETS;
        this.countsTag = layout.tiled() ? TiffTags.TILE_BYTE_COUNTS : TiffTags.STRIP_BYTE_COUNTS;
        this.perPlane = Math.multiplyExact(layout.segmentsAcross(), layout.segmentsDown());
        long needed = (long) perPlane * layout.planes();
        if (!tags.has(offsetsTag)) throw file.damaged("it has neither strips nor tiles");
        if (needed > MAX_SEGMENTS)
            throw file.unsupported("TIFF with %d strips or tiles is not supported, the limit is %d".formatted(needed, MAX_SEGMENTS));
        if (tags.count(offsetsTag) < needed) {
            throw file.damaged("it has %d of %d strips or tiles".formatted(tags.count(offsetsTag), needed));
        }
        this.lzwReaders = new LzwReader[layout.planes()];
        this.sharedTableBytes = tags.has(TiffTags.JPEG_TABLES) ? tags.byteLength(TiffTags.JPEG_TABLES) : 0;
        this.bytesLeft = file.length() + 2L * layout.rowBytes() * layout.segmentHeight() * needed + 1024 * needed;
    }

    /**
     * Opens a segment of every plane.
     *
     * @param rows of the segment that lie in the image
     */
    SegmentReader[] open(int segment, int rows) {
        SegmentReader[] planes = new SegmentReader[layout.planes()];
        for (int plane = 0; plane < planes.length; plane++) planes[plane] = openOne(plane, plane * (long) perPlane + segment, rows);
        return planes;
    }

    private SegmentReader openOne(int plane, long index, int rows) {
        boolean raw = layout.compression() == TiffCompression.NONE;
        boolean onlyOne = perPlane == 1 && layout.planes() == 1;
        // Pillow takes the last offset of an uncompressed image that one segment covers.
        long offset = tags.value(offsetsTag, raw && onlyOne ? tags.count(offsetsTag) - 1 : index);
        file.require(offset, 1);
        long length = file.length() - offset;
        if (!raw && tags.has(countsTag)) {
            if (index >= tags.count(countsTag)) throw file.damaged("strip or tile %d has no length".formatted(index + 1));
            long count = tags.value(countsTag, index);
            if (count != 0 || !onlyOne) {
                file.require(offset, count);
                length = count;
            }
        } else if (!raw && index + 1 < tags.count(offsetsTag) && tags.value(offsetsTag, index + 1) > offset) {
            length = Math.min(length, tags.value(offsetsTag, index + 1) - offset);
        }
        if (!raw) {
            bytesLeft -= length + (layout.compression() == TiffCompression.JPEG ? sharedTableBytes : 0);
            if (bytesLeft < 0) throw file.damaged("its strips or tiles overlap too often");
        }
        return open(plane, (int) offset, (int) length, rows);
    }

    private SegmentReader open(int plane, int offset, int length, int rows) {
        byte[] data = file.bytes();
        int start = offset;
        if (layout.reversedBits() && layout.compression().reversesBits()) {
            data = Arrays.copyOfRange(data, offset, offset + length);
            reverseBits(data);
            start = 0;
        }
        return switch (layout.compression()) {
            case PACK_BITS -> new PackBitsReader(file, data, start, length);
            case LZW -> lzw(plane).start(data, start, length);
            case ADOBE_DEFLATE, DEFLATE -> new DeflateReader(file, data, start, length);
            case CCITT_RLE, CCITT_G3, CCITT_G4 -> fax(start, length);
            case JPEG -> new JpegSegmentReader(file, tags, layout, offset, length, rows, heapBytes);
            default -> raw(start);
        };
    }

    private SegmentReader fax(int offset, int length) {
        if (layout.bits() != 1) throw file.damaged("fax data of %d bits a pixel".formatted(layout.bits()));
        boolean twoDimensional = (tags.value(TiffTags.T4_OPTIONS, 0, 0, Long.MAX_VALUE) & 1) != 0;
        return new CcittReader(file, layout.compression(), twoDimensional, layout.reversedBits(), layout.segmentWidth(), offset, length);
    }

    private LzwReader lzw(int plane) {
        if (lzwReaders[plane] == null) lzwReaders[plane] = new LzwReader(file);
        return lzwReaders[plane];
    }

    private SegmentReader raw(int offset) {
        int[] position = {offset};
        return row -> {
            file.require(position[0], row.length);
            System.arraycopy(file.bytes(), position[0], row, 0, row.length);
            position[0] += row.length;
            if (layout.reversedBits()) reverseBits(row);
        };
    }

    private static void reverseBits(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) (Integer.reverse(bytes[i]) >>> 24);
    }
}
