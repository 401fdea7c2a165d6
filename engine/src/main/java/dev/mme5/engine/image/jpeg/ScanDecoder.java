package dev.mme5.engine.image.jpeg;

import dev.mme5.engine.image.jpeg.entropy.ArithmeticBlocks;
import dev.mme5.engine.image.jpeg.entropy.BlockDecoder;
import dev.mme5.engine.image.jpeg.entropy.HuffmanTable;
import dev.mme5.engine.image.jpeg.entropy.ProgressiveHuffman;
import dev.mme5.engine.image.jpeg.entropy.ScanBand;
import dev.mme5.engine.image.jpeg.entropy.SequentialHuffman;
import dev.mme5.engine.image.jpeg.header.JpegComponent;
import dev.mme5.engine.image.jpeg.header.JpegFrame;
import dev.mme5.engine.image.jpeg.header.JpegMarkerReader;
import dev.mme5.engine.image.jpeg.header.JpegScan;
import dev.mme5.engine.image.jpeg.header.JpegTables;
import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.raster.ImageException;

/**
 * Decodes the coefficients of a scan, MCU by MCU, from one restart marker to the next: T.81 sections A.2 and E.2. Missing data
 * are refused where they are missed.
 */
final class ScanDecoder {
    private static final int RST0 = 0xd0;
    private static final int RST7 = 0xd7;
    private static final int SOF0 = 0xc0;

    private final ImageBytes file;
    private final JpegFrame frame;
    private final JpegScan scan;
    private final CoefficientPlane[] planes;
    private final BlockDecoder blocks;

    private int mcusToRestart;
    private int restarts;

    /** @param planes by index in the frame */
    ScanDecoder(ImageBytes file, JpegFrame frame, JpegScan scan, JpegTables tables, CoefficientPlane[] planes) {
        this.file = file;
        this.frame = frame;
        this.scan = scan;
        this.planes = planes;
        this.blocks = decoder(file, frame, scan, tables);
        mcusToRestart = scan.restartInterval();
        blocks.startInterval(scan.dataOffset());
    }

    private static BlockDecoder decoder(ImageBytes file, JpegFrame frame, JpegScan scan, JpegTables tables) {
        ScanBand band = scan.band();
        if (frame.arithmetic()) {
            return frame.progressive()
                    ? ArithmeticBlocks.progressive(file, tables.conditioning(), scan.dcTables(), scan.acTables(), band)
                    : ArithmeticBlocks.sequential(file, tables.conditioning(), scan.dcTables(), scan.acTables());
        }
        int count = scan.components().length;
        HuffmanTable[] dc = new HuffmanTable[count];
        HuffmanTable[] ac = new HuffmanTable[count];
        boolean needsDc = !frame.progressive() || band.isDc() && !band.isRefinement();
        boolean needsAc = !frame.progressive() || !band.isDc();
        for (int i = 0; i < count; i++) {
            if (needsDc) dc[i] = tables.dc(scan.dcTables()[i]);
            if (needsAc) ac[i] = tables.ac(scan.acTables()[i]);
        }
        if (!frame.progressive()) return new SequentialHuffman(file, dc, ac);
        return new ProgressiveHuffman(file, band.isDc() ? dc : ac, band, count);
    }

    /** Decodes a row of MCUs. In a scan of one component these are the rows of its blocks in an MCU of all components. */
    void decodeRow(int mcuRow) {
        if (scan.components().length == 1) {
            decodeBlockRows(mcuRow);
            return;
        }
        for (int mcu = 0; mcu < frame.mcusWide(); mcu++) {
            startMcu(mcuRow);
            for (int i = 0; i < scan.components().length; i++) {
                JpegComponent component = frame.components().get(scan.components()[i]);
                for (int y = 0; y < component.down(); y++) {
                    for (int x = 0; x < component.across(); x++) {
                        decodeBlock(i, mcu * component.across() + x, mcuRow * component.down() + y);
                    }
                }
            }
            endMcu(mcuRow);
        }
    }

    private void decodeBlockRows(int mcuRow) {
        JpegComponent component = frame.components().get(scan.components()[0]);
        int end = Math.min((mcuRow + 1) * component.down(), component.blocksHigh());
        for (int y = mcuRow * component.down(); y < end; y++) {
            for (int x = 0; x < component.blocksWide(); x++) {
                startMcu(mcuRow);
                decodeBlock(0, x, y);
                endMcu(mcuRow);
            }
        }
    }

    private void decodeBlock(int component, int x, int y) {
        CoefficientPlane plane = planes[scan.components()[component]];
        int block = plane.block(x, y);
        int last = blocks.decode(component, plane.coefficients(), CoefficientPlane.offset(block));
        plane.raiseLast(block, last);
    }

    private void startMcu(int mcuRow) {
        if (scan.restartInterval() == 0) return;
        if (mcusToRestart == 0) restart(mcuRow);
        mcusToRestart--;
    }

    private void endMcu(int mcuRow) {
        if (!blocks.hasAllData()) throw missingData(mcuRow, blocks.position());
    }

    private ImageException missingData(int mcuRow, int offset) {
        int rows = Math.min(8 * frame.maxDown() * mcuRow, frame.height());
        String problem = offset >= file.length() ? "is cut off: its coded data end" : "is damaged: its coded data end";
        return file.error("%s at byte %d, after %d of %d rows of pixels".formatted(problem, offset, rows, frame.height()));
    }

    /**
     * Goes to the next restart marker, over any bytes in front of it. A marker that is out of order but cannot be taken for a
     * repeated or an early one counts as the expected one, as in libjpeg: some encoders do not count.
     */
    private void restart(int mcuRow) {
        int expected = restarts++ & 7;
        int offset = blocks.position();
        int marker;
        do {
            offset = JpegMarkerReader.afterNextMarker(file, offset);
            marker = file.u8(offset - 1);
        } while (marker < SOF0);
        if (marker < RST0 || marker > RST7) throw missingData(mcuRow, offset - 2);
        int ahead = marker - RST0 - expected & 7;
        if (ahead == 1 || ahead == 2 || ahead == 6 || ahead == 7) {
            throw file.damaged("restart marker %d at byte %d, expected %d".formatted(marker - RST0, offset - 2, expected));
        }
        mcusToRestart = scan.restartInterval();
        blocks.startInterval(offset);
    }

    /** Offset of the first byte after the coded data, as far as they were read. */
    int position() {
        return blocks.position();
    }

    /** See {@link BlockDecoder#endsCleanly}. */
    boolean endsCleanly() {
        return blocks.endsCleanly();
    }
}
