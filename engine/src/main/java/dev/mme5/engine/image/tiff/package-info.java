/**
 * Reads the first page of a TIFF or BigTIFF as Pillow opens it.
 *
 * <p>Start with {@link dev.mme5.engine.image.tiff.TiffDecoder}. It reads the tags ({@code TiffDirectory}), decides what they say
 * about the pixels ({@code TiffLayout}, {@code TiffMode}), decompresses strips or tiles row by row ({@code SegmentSource} and the
 * readers it opens) and converts rows to RGB ({@code SegmentWriter}, {@code TiffPixels}).
 */
package dev.mme5.engine.image.tiff;
