package dev.mme5.engine.image.webp.vp8;

import dev.mme5.engine.image.raster.ImageBytes;

/**
 * A VP8 key frame, the lossy image of WebP (RFC 6386). Start reading here: header, then for each macroblock its modes,
 * coefficients, prediction and residual; the loop filter follows one row of macroblocks later, since prediction reads samples
 * that are not filtered.
 */
public final class Vp8Decoder {
    private final ImageBytes file;
    private final Vp8Header header;
    private final int columns;
    private final int rows;

    private Plane y;
    private Plane u;
    private Plane v;
    private Vp8Modes modes;
    private Vp8Residuals residuals;
    private Vp8SubblockPrediction subblockPrediction;
    private final short[] work = new short[16];

    /**
     * Reads the header of a frame.
     *
     * @param from byte of the file where the frame starts
     * @param end the byte after it
     */
    public Vp8Decoder(ImageBytes file, int from, int end) {
        this.file = file;
        this.header = new Vp8Header(file, from, end);
        this.columns = Math.ceilDiv(header.width, 16);
        this.rows = Math.ceilDiv(header.height, 16);
    }

    /** Bytes that decoding an image of this size takes, without its result. */
    public static long heapBytes(long width, long height) {
        long columns = Math.ceilDiv(width, 16);
        long rows = Math.ceilDiv(height, 16);
        return Plane.bytes(16 * columns, 16 * rows) + 2 * Plane.bytes(8 * columns, 8 * rows) + 40 * columns;
    }

    /** Decodes the frame. */
    public YuvImage decode() {
        y = new Plane(16 * columns, 16 * rows);
        u = new Plane(8 * columns, 8 * rows);
        v = new Plane(8 * columns, 8 * rows);
        modes = new Vp8Modes(header, columns);
        residuals = new Vp8Residuals(header.probabilities, columns);
        subblockPrediction = new Vp8SubblockPrediction(y);
        Vp8LoopFilter filter = new Vp8LoopFilter(header.simpleFilter(), header.sharpness(), y, u, v);
        FilterRow previous = new FilterRow(columns);
        FilterRow current = new FilterRow(columns);
        for (int row = 0; row < rows; row++) {
            decodeRow(row, current);
            if (row > 0) previous.apply(filter, row - 1);
            FilterRow swap = previous;
            previous = current;
            current = swap;
        }
        previous.apply(filter, rows - 1);
        return new YuvImage(header.width, header.height, y, u, v);
    }

    private void decodeRow(int row, FilterRow filterRow) {
        BoolDecoder tokens = header.tokens[row & header.tokens.length - 1];
        modes.startRow();
        residuals.startRow();
        for (int column = 0; column < columns; column++) {
            modes.read(column);
            boolean subblocks = modes.hasSubblockModes();
            boolean any = false;
            if (modes.skipped()) {
                residuals.skip(column, subblocks);
            } else {
                any = residuals.read(tokens, header.quantizers[modes.segment()], column, subblocks);
                if (tokens.exhausted()) throw cutOff("VP8 coefficients", row, column);
            }
            filterRow.set(column, header.filterLevel(modes.segment(), subblocks), subblocks || any);
            reconstruct(row, column);
        }
        if (header.modes.exhausted()) throw cutOff("VP8 prediction modes", row, columns);
    }

    private RuntimeException cutOff(String what, int row, int column) {
        return file.damaged("its %s end at macroblock %d, %d of %d x %d".formatted(what, column, row, columns, rows));
    }

    private void reconstruct(int row, int column) {
        boolean hasAbove = row > 0;
        boolean hasLeft = column > 0;
        int offset = y.offset(16 * row, 16 * column);
        if (modes.hasSubblockModes()) {
            reconstructSubblocks(row, column, offset);
        } else {
            Vp8Prediction.predict(modes.luma(), y, offset, 4, hasAbove, hasLeft);
            for (int i = 0; i < 16; i++) addResidual(y, offset + (i >> 2) * 4 * y.stride + (i & 3) * 4, i);
        }
        int chromaOffset = u.offset(8 * row, 8 * column);
        Vp8Prediction.predict(modes.chroma(), u, chromaOffset, 3, hasAbove, hasLeft);
        Vp8Prediction.predict(modes.chroma(), v, chromaOffset, 3, hasAbove, hasLeft);
        for (int i = 0; i < 4; i++) {
            int block = chromaOffset + (i >> 1) * 4 * u.stride + (i & 1) * 4;
            addResidual(u, block, 16 + i);
            addResidual(v, block, 20 + i);
        }
    }

    /** Subblocks in the last column of a macroblock all have the row above the macroblock to their upper right. */
    private void reconstructSubblocks(int row, int column, int offset) {
        int above = offset - y.stride;
        if (row > 0 && column == columns - 1) {
            // libwebp repeats the last sample beyond the right end
            for (int i = 0; i < 4; i++) y.samples[above + 16 + i] = y.samples[above + 15];
        }
        for (int i = 0; i < 16; i++) {
            int block = offset + (i >> 2) * 4 * y.stride + (i & 3) * 4;
            int aboveRight = (i & 3) == 3 ? above + 16 : block - y.stride + 4;
            subblockPrediction.predict(modes.subblockMode(i), block, aboveRight);
            addResidual(y, block, i);
        }
    }

    private void addResidual(Plane plane, int offset, int block) {
        short[] coefficients = residuals.coefficients();
        switch (residuals.blockKind(block)) {
            case Vp8Residuals.EMPTY -> {}
            case Vp8Residuals.DC_ONLY -> Vp8Transform.addDc(coefficients[16 * block], plane.samples, offset, plane.stride);
            default -> Vp8Transform.addInverseDct(coefficients, 16 * block, plane.samples, offset, plane.stride, work);
        }
    }

    /** What the loop filter needs of a row of macroblocks. */
    private static final class FilterRow {
        private final byte[] levels;
        private final boolean[] inner;

        FilterRow(int columns) {
            levels = new byte[columns];
            inner = new boolean[columns];
        }

        void set(int column, int level, boolean subblockEdges) {
            levels[column] = (byte) level;
            inner[column] = subblockEdges;
        }

        void apply(Vp8LoopFilter filter, int row) {
            for (int column = 0; column < levels.length; column++) {
                if (levels[column] > 0) filter.filter(column, row, levels[column], inner[column]);
            }
        }
    }
}
