package dev.mme5.engine.image.webp.vp8;

import dev.mme5.engine.image.raster.ImageBytes;

/**
 * The header of a VP8 key frame (RFC 6386 sections 9 and 19.2): size, partitions, and what each of up to four segments uses for
 * dequantisation and loop filter. The first partition's decoder stays behind the header, where the modes of the macroblocks are.
 */
final class Vp8Header {
    private static final int SEGMENTS = 4;
    private static final int MAX_INDEX = 127;
    private static final int MAX_CHROMA_DC_INDEX = 117;

    /**
     * Factors of coefficients, first and other ones.
     *
     * @param y luma
     * @param y2 the first coefficients of luma blocks, transformed once more
     */
    record Quantizer(int yDc, int yAc, int y2Dc, int y2Ac, int chromaDc, int chromaAc) {}

    final int width;
    final int height;
    final BoolDecoder modes;
    final BoolDecoder[] tokens;
    final Quantizer[] quantizers = new Quantizer[SEGMENTS];

    /** Whether each macroblock names its segment, by {@link #segmentProbabilities}. */
    private boolean segmentMap;

    private final int[] segmentProbabilities = {255, 255, 255};

    private boolean segmented;
    private boolean absoluteSegments = true;
    private final int[] segmentQuantizer = new int[SEGMENTS];
    private final int[] segmentLevel = new int[SEGMENTS];

    private boolean simpleFilter;
    private int filterLevel;
    private int sharpness;
    private int intraFrameDelta;
    private int subblockModeDelta;

    /** Probabilities [plane, band, context, node]. */
    final byte[] probabilities = Vp8Tables.defaultProbabilities();

    private final boolean skipFlags;
    private final int skipProbability;

    /**
     * Reads the header of a frame.
     *
     * @param from byte of the file where the frame starts
     * @param end the byte after it
     */
    Vp8Header(ImageBytes file, int from, int end) {
        Vp8FrameTag tag = Vp8FrameTag.read(file, from, end);
        this.width = tag.width();
        this.height = tag.height();
        int start = from + Vp8FrameTag.BYTES;
        int tokenStart = start + tag.firstPartition();
        if (tokenStart > end) {
            throw file.damaged("its first partition has %d bytes, %d are there".formatted(tag.firstPartition(), end - start));
        }
        this.modes = new BoolDecoder(file.bytes(), start, tokenStart);
        modes.number(2); // colour space and clamping, which libwebp ignores
        readSegments();
        readFilter();
        this.tokens = tokenPartitions(file, tokenStart, end);
        readQuantizers();
        modes.flag(); // whether probabilities outlive this frame
        for (int i = 0; i < probabilities.length; i++) {
            if (modes.bit(Vp8Tables.updateProbability(i)) != 0) probabilities[i] = (byte) modes.number(8);
        }
        this.skipFlags = modes.flag();
        this.skipProbability = skipFlags ? modes.number(8) : 0;
        if (modes.exhausted()) throw file.damaged("its VP8 header is cut off");
    }

    boolean simpleFilter() {
        return simpleFilter;
    }

    int sharpness() {
        return sharpness;
    }

    /** Reads the segment of the next macroblock. */
    int readSegment() {
        if (!segmentMap) return 0;
        if (modes.bit(segmentProbabilities[0]) == 0) return modes.bit(segmentProbabilities[1]);
        return 2 + modes.bit(segmentProbabilities[2]);
    }

    /** Reads whether the next macroblock has no coefficients. */
    boolean readSkip() {
        return skipFlags && modes.bit(skipProbability) != 0;
    }

    /** Level of the loop filter, 0 to 63; 0 filters nothing. */
    int filterLevel(int segment, boolean subblockModes) {
        if (filterLevel == 0) return 0;
        int level = segmented ? segmentLevel[segment] + (absoluteSegments ? 0 : filterLevel) : filterLevel;
        level += intraFrameDelta;
        if (subblockModes) level += subblockModeDelta;
        return Math.clamp(level, 0, 63);
    }

    private void readSegments() {
        segmented = modes.flag();
        if (!segmented) return;
        segmentMap = modes.flag();
        if (modes.flag()) {
            absoluteSegments = modes.flag();
            for (int i = 0; i < SEGMENTS; i++) segmentQuantizer[i] = modes.optionalSigned(7);
            for (int i = 0; i < SEGMENTS; i++) segmentLevel[i] = modes.optionalSigned(6);
        }
        if (segmentMap) for (int i = 0; i < SEGMENTS - 1; i++) segmentProbabilities[i] = modes.flag() ? modes.number(8) : 255;
    }

    private void readFilter() {
        simpleFilter = modes.flag();
        filterLevel = modes.number(6);
        sharpness = modes.number(3);
        boolean deltas = modes.flag();
        if (!deltas || !modes.flag()) return;
        int[] values = new int[8];
        for (int i = 0; i < values.length; i++) values[i] = modes.optionalSigned(6);
        intraFrameDelta = values[0]; // the other frames and modes are those of video
        subblockModeDelta = values[4];
    }

    private BoolDecoder[] tokenPartitions(ImageBytes file, int from, int end) {
        BoolDecoder[] partitions = new BoolDecoder[1 << modes.number(2)];
        int last = partitions.length - 1;
        int start = from + 3 * last;
        for (int i = 0; i < partitions.length; i++) {
            if (start > end || i == last && start == end) throw file.damaged("VP8 token partition %d is missing".formatted(i));
            int size = end - start;
            if (i < last) {
                int sizeOffset = from + 3 * i;
                size = Math.min(size, file.u16LittleEndian(sizeOffset) | file.u8(sizeOffset + 2) << 16);
            }
            partitions[i] = new BoolDecoder(file.bytes(), start, start + size);
            start += size;
        }
        return partitions;
    }

    private void readQuantizers() {
        int base = modes.number(7);
        int yDc = modes.optionalSigned(4);
        int y2Dc = modes.optionalSigned(4);
        int y2Ac = modes.optionalSigned(4);
        int chromaDc = modes.optionalSigned(4);
        int chromaAc = modes.optionalSigned(4);
        for (int i = 0; i < SEGMENTS; i++) {
            int index = segmented ? segmentQuantizer[i] + (absoluteSegments ? 0 : base) : base;
            quantizers[i] = new Quantizer(
                    dc(index + yDc, MAX_INDEX),
                    ac(index),
                    2 * dc(index + y2Dc, MAX_INDEX),
                    Math.max(8, ac(index + y2Ac) * 155 / 100),
                    dc(index + chromaDc, MAX_CHROMA_DC_INDEX),
                    ac(index + chromaAc));
        }
    }

    private static int dc(int index, int max) {
        return Vp8Tables.DC_QUANTIZER[Math.clamp(index, 0, max)];
    }

    private static int ac(int index) {
        return Vp8Tables.AC_QUANTIZER[Math.clamp(index, 0, MAX_INDEX)];
    }
}
