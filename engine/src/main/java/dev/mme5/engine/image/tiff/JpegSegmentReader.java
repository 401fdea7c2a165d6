package dev.mme5.engine.image.tiff;

import dev.mme5.engine.image.jpeg.JpegDecoder;
import dev.mme5.engine.image.raster.HeapLimit;
import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.tiff.compression.SegmentReader;
import java.io.ByteArrayOutputStream;

/**
 * A strip or tile that is a JPEG of its own, usually without its tables, which all segments share (TIFF technical note 2). The tag
 * Photometric, and no marker of the JPEG, says what its channels are.
 */
final class JpegSegmentReader implements SegmentReader {
    private static final int SOI = 0xd8;
    private static final int EOI = 0xd9;
    private static final int SOS = 0xda;
    private static final int COM = 0xfe;

    private static final int MAX_CHANNELS = 4;

    /** Channels are YCbCr. */
    private static final byte[] JFIF = {(byte) 0xff, (byte) 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0};

    private final ImageBytes file;
    private final TiffLayout layout;
    private final ByteArrayOutputStream stream = new ByteArrayOutputStream();
    private final int channels;
    /** Samples [rows, width, channels], of which those of YCbCr have become RGB. */
    private final byte[] samples;
    private int nextRow;

    /**
     * Decodes a segment.
     *
     * @param rows of the segment that lie in the image
     * @param heapBytes what the caller has asked for already
     */
    JpegSegmentReader(ImageBytes file, TiffDirectory tags, TiffLayout layout, int offset, int length, int rows, long heapBytes) {
        this.file = file;
        this.layout = layout;
        this.channels = layout.samples() / layout.planes();
        if (layout.bits() != 8 || channels > MAX_CHANNELS || layout.mode() == TiffMode.YCBCR && layout.separate()) {
            throw file.unsupported("TIFF with JPEG compression and %d channels of %d bits is not supported; save it with LZW or Deflate"
                    .formatted(layout.samples(), layout.bits()));
        }
        stream.write(0xff);
        stream.write(SOI);
        if (layout.mode() == TiffMode.YCBCR) stream.writeBytes(JFIF);
        if (tags.has(TiffTags.JPEG_TABLES)) {
            copySegments(tags.offset(TiffTags.JPEG_TABLES), tags.byteLength(TiffTags.JPEG_TABLES), rows);
        }
        copySegments(offset, length, rows);
        HeapLimit heap = needed -> file.heap().free(heapBytes + needed) - heapBytes;
        JpegDecoder decoder = new JpegDecoder(new ImageBytes(file.name(), stream.toByteArray(), file.maxPixels(), heap), false);
        this.samples = layout.mode() == TiffMode.YCBCR ? decoder.decode().rgb() : decoder.decodeSamples();
    }

    /** Copies a JPEG without its start, end, application data and comments. */
    private void copySegments(int start, int length, int rows) {
        int end = start + length;
        int offset = start;
        while (offset + 1 < end) {
            if (file.u8(offset) != 0xff) throw file.damaged("no JPEG marker at byte %d".formatted(offset));
            int marker = file.u8(offset + 1);
            if (marker == SOI || marker == 0xff || marker == EOI) {
                offset += marker == 0xff ? 1 : 2;
                continue;
            }
            int segmentLength = file.u16BigEndian(offset + 2);
            if (marker == SOS) {
                stream.write(file.bytes(), offset, end - offset);
                return;
            }
            if (segmentLength < 2 || offset + 2 + segmentLength > end) {
                throw file.damaged("a JPEG segment of %d bytes at byte %d".formatted(segmentLength, offset));
            }
            boolean frame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
            if (frame) requireFrame(offset + 5, rows);
            boolean application = marker >= 0xe0 && marker <= 0xef || marker == COM;
            if (!application) stream.write(file.bytes(), offset, 2 + segmentLength);
            offset += 2 + segmentLength;
        }
    }

    private void requireFrame(int offset, int rows) {
        int height = file.u16BigEndian(offset);
        int width = file.u16BigEndian(offset + 2);
        int found = file.u8(offset + 4);
        if (width != layout.segmentWidth() || height < rows || height > layout.segmentHeight() || found != channels) {
            throw file.damaged("a JPEG of %d x %d pixels and %d channels in place of %d x %d and %d".formatted(width, height, found,
                    layout.segmentWidth(), layout.segmentHeight(), channels));
        }
    }

    @Override
    public void readRow(byte[] row) {
        System.arraycopy(samples, nextRow++ * row.length, row, 0, row.length);
    }
}
