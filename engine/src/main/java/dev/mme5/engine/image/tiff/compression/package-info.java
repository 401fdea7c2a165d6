/**
 * The compressions of TIFF: each reader decompresses one strip or tile, row by row, and knows nothing of pixels.
 *
 * <p>Start with {@link dev.mme5.engine.image.tiff.compression.SegmentReader}.
 * {@link dev.mme5.engine.image.tiff.compression.TiffCompression} lists what is read. JPEG is not here: it needs the layout of the image.
 */
package dev.mme5.engine.image.tiff.compression;
