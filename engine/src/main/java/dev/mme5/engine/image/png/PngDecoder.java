package dev.mme5.engine.image.png;

import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.raster.Orientation;
import dev.mme5.engine.image.raster.RgbImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * PNG, all colour types, depths and interlacing; of an APNG the default image. This class reads and checks the chunks;
 * {@link PngScanlineReader} reads the rows and {@link PngColorConverter} converts the colours.
 *
 * <p>An image is read if all its pixels are provably there: the compressed data are complete and match their own checksum, and the
 * checksums of the header, the palette and the transparency are right. The checksum of an IDAT chunk, and everything after the
 * image data, then says nothing about the pixels and may be wrong or missing.
 */
public final class PngDecoder {
    private static final String SIGNATURE = "\u0089PNG\r\n\u001a\n";

    /**
     * Chunks that do not change the pixels, so a wrong checksum in them does no harm. In a chunk of an unknown name it does: the
     * name may be a damaged tRNS.
     */
    private static final Set<String> HARMLESS = Set.of("acTL", "bKGD", "caBX", "cHRM", "cICP", "cLLI", "dSIG", "eXIf", "fcTL", "fdAT",
            "gAMA", "gIFg", "gIFx", "hIST", "iCCP", "iTXt", "mDCV", "oFFs", "pCAL", "pHYs", "sBIT", "sCAL", "sPLT", "sRGB", "sTER",
            "tEXt", "tIME", "zTXt");

    /** Encoders write thousands of bytes to a chunk; a file of nothing but tiny ones would take more memory than its size. */
    private static final int MAX_DATA_CHUNKS = 1 << 20;

    /** The data of a chunk in the file. */
    record Span(int offset, int length) {}

    private final ImageBytes file;
    private final PngOrientation orientation;
    private final List<Span> imageData = new ArrayList<>();
    private PngHeader header;
    private Span palette;
    private Span transparency;

    public PngDecoder(ImageBytes file, boolean applyExif) {
        this.file = file;
        this.orientation = new PngOrientation(file, applyExif);
    }

    public RgbImage decode() {
        readChunks();
        if (header.type() == PngHeader.ColorType.PALETTE && palette == null) throw file.damaged("it has no PLTE chunk");
        Orientation rotation = orientation.read();
        long rgbBytes = 3L * header.width() * header.height();
        byte[] rgb = file.newPixels(rgbBytes, rotation.bytes(rgbBytes) + PngScanlineReader.bytes(header));
        PngColorConverter converter = PngColorConverter.of(file, header, palette, transparency);
        new PngScanlineReader(file, header, imageData, converter).readInto(rgb);
        return rotation.apply(new RgbImage(header.width(), header.height(), rgb));
    }

    /** Reads all chunks up to IEND, or up to the first that cannot be read after the image data. */
    private void readChunks() {
        if (!file.hasText(0, SIGNATURE)) throw file.damaged("the PNG signature is not whole");
        long offset = SIGNATURE.length();
        String type = "";
        while (!type.equals("IEND")) {
            boolean afterImageData = !imageData.isEmpty() && !type.equals("IDAT");
            if (afterImageData && !hasChunk(offset)) break;
            file.require(offset, 8);
            long length = file.u32BigEndian(offset);
            String previous = type;
            type = type(offset + 4);
            if (type.equals("IDAT") && offset + 8 + length > file.length()) {
                length = file.length() - offset - 8; // the compressed data may be complete all the same
            }
            boolean lastBytes = type.equals("IDAT") || type.equals("IEND");
            file.require(offset, (lastBytes ? 8 : 12) + length);
            Span data = new Span((int) offset + 8, (int) length);
            readChunk(type, previous, data);
            offset += 12 + length;
            if (type.equals("IDAT") && !hasChunk(offset)) break;
        }
        if (imageData.isEmpty()) throw file.damaged("it has no IDAT chunk");
    }

    /** Whether a chunk's length, name and data are at an offset. */
    private boolean hasChunk(long offset) {
        if (offset + 8 > file.length()) return false;
        for (int i = 4; i < 8; i++) if (!isLetter(file.u8(offset + i))) return false;
        return file.hasText(offset + 4, "IDAT") || offset + 12 + file.u32BigEndian(offset) <= file.length();
    }

    private static boolean isLetter(int c) {
        return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
    }

    private String type(long offset) {
        StringBuilder type = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            if (!isLetter(file.u8(offset + i))) throw file.damaged("no chunk name at byte %d".formatted(offset));
            type.append((char) file.u8(offset + i));
        }
        return type.toString();
    }

    private void readChunk(String type, String previous, Span data) {
        if (header == null && !type.equals("IHDR")) {
            if (HARMLESS.contains(type)) return;
            if (type.equals("CgBI")) throw file.unsupported("Apple's variant of PNG (CgBI) is not supported");
            throw file.damaged("it does not start with IHDR");
        }
        boolean isImageData = type.equals("IDAT") || type.equals("IEND");
        boolean intact = isImageData || hasRightChecksum(data);
        boolean afterImageData = !imageData.isEmpty() && !type.equals("tRNS");
        boolean hasColorTable = header == null || header.type() == PngHeader.ColorType.PALETTE || header.type() == PngHeader.ColorType.GRAY;
        boolean isUnused = !hasColorTable && !type.equals("IHDR"); // then whatever a damaged name was, it is not needed
        if (!intact && !afterImageData && !isUnused && !HARMLESS.contains(type)) {
            throw file.damaged("the checksum of chunk %s is wrong".formatted(type));
        }
        switch (type) {
            case "IHDR" -> readHeader(data);
            case "PLTE" -> readPalette(data);
            case "tRNS" -> transparency = data;
            case "IDAT" -> {
                // An IDAT chunk after other chunks does not belong to the image.
                if (imageData.isEmpty() || previous.equals("IDAT")) imageData.add(data);
                if (imageData.size() > MAX_DATA_CHUNKS)
                    throw file.unsupported("PNG with more than %d IDAT chunks is not supported".formatted(MAX_DATA_CHUNKS));
            }
            case "IEND" -> {}
            case "fcTL" -> {
                if (intact) requireWholeFrame(data);
            }
            case "eXIf", "tEXt", "zTXt", "iTXt" -> {
                if (intact) orientation.readChunk(type, data);
            }
            default -> {
                boolean critical = Character.isUpperCase(type.charAt(0));
                if (critical && intact && imageData.isEmpty()) throw file.damaged("it needs the unknown chunk " + type);
            }
        }
    }

    private void readHeader(Span data) {
        if (header != null) {
            if (imageData.isEmpty() && !header.equals(PngHeader.read(file, data.offset()))) {
                throw file.damaged("it has two different IHDR chunks");
            }
            return;
        }
        if (data.length() != PngHeader.LENGTH) throw file.damaged("IHDR has %d bytes".formatted(data.length()));
        header = PngHeader.read(file, data.offset());
    }

    /** Of several palettes the last before the image data counts, as in Pillow. */
    private void readPalette(Span data) {
        if (!imageData.isEmpty() || header.type() != PngHeader.ColorType.PALETTE) return;
        if (data.length() < 3 || data.length() > 3 * 256) throw file.damaged("PLTE has %d bytes".formatted(data.length()));
        palette = data;
    }

    /** An APNG's default image must cover the canvas if it is also the first frame. */
    private void requireWholeFrame(Span data) {
        if (!imageData.isEmpty() || data.length() < 20) return;
        boolean whole = file.u32BigEndian(data.offset() + 4) == header.width() && file.u32BigEndian(data.offset() + 8) == header.height()
                && file.u32BigEndian(data.offset() + 12) == 0 && file.u32BigEndian(data.offset() + 16) == 0;
        if (!whole) throw file.damaged("its first frame (fcTL) does not have the size of the image");
    }

    private boolean hasRightChecksum(Span data) {
        CRC32 crc = new CRC32();
        crc.update(file.bytes(), data.offset() - 4, data.length() + 4);
        return crc.getValue() == file.u32BigEndian((long) data.offset() + data.length());
    }
}
