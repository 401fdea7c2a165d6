package dev.mme5.engine.image.jpeg;

import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.raster.ImageException;
import dev.mme5.engine.image.raster.RgbImage;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * JPEG, baseline and progressive, by the JDK's libjpeg, which upsamples and transforms to the bit like the libjpeg-turbo of
 * Pillow. It gives the channels as they are in the file; the conversion to RGB is ours, because ImageIO's guess of what
 * the channels are differs from libjpeg's.
 */
public final class JpegDecoder {
    private final ImageBytes file;
    private final boolean applyExif;

    public JpegDecoder(ImageBytes file, boolean applyExif) {
        this.file = file;
        this.applyExif = applyExif;
    }

    public RgbImage decode() {
        JpegFrame frame = JpegMarkerReader.read(file, applyExif);
        file.requireHeap(frame.decodingBytes(file.length()));
        byte[] samples = readSamples(frame);
        JpegUpsampling.smoothDown(samples, frame);
        byte[] rgb = JpegColorConverter.toRgb(samples, frame.colours());
        return frame.orientation().apply(new RgbImage(frame.width(), frame.height(), rgb));
    }

    /** Samples [height, width, channels]. */
    private byte[] readSamples(JpegFrame frame) {
        ImageReader reader = platformReader();
        String[] firstWarning = new String[1];
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(frame.stream()))) {
            // What libjpeg warns of is coded data that are damaged or missing; it fills the rest with grey.
            reader.addIIOReadWarningListener((source, warning) -> {
                if (firstWarning[0] == null) firstWarning[0] = warning;
            });
            reader.setInput(in, true, true);
            Raster raster = reader.readRaster(0, null);
            if (firstWarning[0] != null) throw file.damaged(firstWarning[0]);
            if (raster.getWidth() != frame.width() || raster.getHeight() != frame.height()
                    || raster.getNumBands() != frame.components().size()) {
                throw file.damaged("its size is not that of its header");
            }
            return ((DataBufferByte) raster.getDataBuffer()).getData();
        } catch (ImageException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The native reader answers some damage with unchecked exceptions.
            throw new ImageException(file.name(), "is damaged: " + e.getMessage(), e);
        } finally {
            reader.dispose();
        }
    }

    /** The JDK's own reader; a plug-in on the class path might decode to other bits. */
    private static ImageReader platformReader() {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("jpeg");
        while (readers.hasNext()) {
            ImageReader reader = readers.next();
            if (reader.getClass().getModule() == ImageIO.class.getModule()) return reader;
        }
        throw new IllegalStateException("this Java runtime has no JPEG reader");
    }
}
