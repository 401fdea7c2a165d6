package dev.mme5.engine.image.png;

import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.raster.Orientation;
import dev.mme5.engine.image.raster.RgbImage;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * PNG, all colour types, depths and interlacing: reads the chunks, checks them, and leaves the rows to {@link PngScanlineReader} and the
 * colours to {@link PngColorConverter}.
 *
 * <p>Our own and not ImageIO's, which decodes a file without IEND or with wrong checksums. Of the chunks that may be
 * ignored, only tRNS and, if asked for, eXIf are looked at; but all must have the right checksum, since a damaged name could
 * hide any of them.
 */
public final class PngDecoder {
    private static final String SIGNATURE = "\u0089PNG\r\n\u001a\n";

    /** Where a chunk's data lie in the file. */
    record Span(int from, int length) {}

    private final ImageBytes file;
    private final boolean applyExif;
    private final List<Span> imageData = new ArrayList<>();
    private PngHeader header;
    private Span palette;
    private Span transparency;
    private Orientation orientation = Orientation.UPRIGHT;

    public PngDecoder(ImageBytes file, boolean applyExif) {
        this.file = file;
        this.applyExif = applyExif;
    }

    public RgbImage decode() {
        readChunks();
        if (header.kind() == PngHeader.Kind.PALETTE && palette == null) throw file.damaged("it has no PLTE chunk");
        int pixelBytes = orientation.equals(Orientation.UPRIGHT) ? 3 : 6;
        file.requireHeap(file.length() + (long) pixelBytes * header.width() * header.height());
        PngColorConverter colours = PngColorConverter.of(file, header, palette, transparency);
        byte[] rgb = new PngScanlineReader(file, header, imageData, colours).toRgb();
        return orientation.apply(new RgbImage(header.width(), header.height(), rgb));
    }

    private void readChunks() {
        if (!file.hasText(0, SIGNATURE)) throw file.damaged("the PNG signature is not whole");
        int at = SIGNATURE.length();
        String type = "";
        while (!type.equals("IEND")) {
            file.require(at, 8);
            long length = file.u32BigEndian(at);
            String previous = type;
            type = type(at + 4);
            file.require(at, 12 + length);
            Span data = new Span(at + 8, (int) length);
            requireChecksum(type, data);
            readChunk(type, previous, data);
            at += 12 + (int) length;
        }
        if (imageData.isEmpty()) throw file.damaged("it has no IDAT chunk");
    }

    private String type(int at) {
        StringBuilder type = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            char letter = (char) file.u8(at + i);
            boolean isLetter = letter >= 'A' && letter <= 'Z' || letter >= 'a' && letter <= 'z';
            if (!isLetter) throw file.damaged("at byte %d, where a chunk's name should be".formatted(at));
            type.append(letter);
        }
        return type.toString();
    }

    private void readChunk(String type, String previous, Span data) {
        if (header == null && !type.equals("IHDR")) {
            if (type.equals("CgBI")) throw file.error("Apple's variant of PNG (CgBI) is not supported");
            throw file.damaged("it does not start with IHDR");
        }
        switch (type) {
            case "IHDR" -> {
                if (header != null) throw file.damaged("it has two IHDR chunks");
                if (data.length() != PngHeader.LENGTH) throw file.damaged("IHDR has %d bytes".formatted(data.length()));
                header = PngHeader.read(file, data.from());
            }
            case "PLTE" -> {
                if (palette != null || !imageData.isEmpty()) throw file.damaged("a PLTE chunk is out of place");
                if (data.length() % 3 != 0 || data.length() == 0 || data.length() > 3 * 256) {
                    throw file.damaged("PLTE has %d bytes".formatted(data.length()));
                }
                palette = data;
            }
            case "tRNS" -> {
                if (transparency != null || !imageData.isEmpty()) throw file.damaged("a tRNS chunk is out of place");
                transparency = data;
            }
            case "IDAT" -> {
                if (!imageData.isEmpty() && !previous.equals("IDAT")) throw file.damaged("the IDAT chunks are not in a row");
                imageData.add(data);
            }
            case "IEND" -> {}
            case "eXIf" -> {
                if (applyExif) orientation = Orientation.ofExif(file, data.from(), data.length());
            }
            default -> {
                if (Character.isUpperCase(type.charAt(0))) throw file.damaged("it needs the unknown chunk " + type);
            }
        }
    }

    private void requireChecksum(String type, Span data) {
        CRC32 crc = new CRC32();
        crc.update(file.bytes(), data.from() - 4, data.length() + 4);
        if (crc.getValue() != file.u32BigEndian((long) data.from() + data.length())) {
            throw file.damaged("the checksum of chunk %s is wrong".formatted(type));
        }
    }
}
