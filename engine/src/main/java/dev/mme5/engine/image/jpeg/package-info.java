/**
 * Decodes JPEG (ITU-T T.81) to the pixels that Pillow 12 gives with libjpeg-turbo, bit for bit.
 *
 * <p>Start with {@link dev.mme5.engine.image.jpeg.JpegDecoder}. The stages: {@code JpegMarkerReader} reads headers and tables,
 * {@code ScanDecoder} decodes coefficients with a decoder of {@code entropy}, {@code InverseDct} makes samples of them, and
 * {@code PixelAssembler} upsamples these and converts them to RGB. A file whose one scan has everything is decoded row by row;
 * otherwise all coefficients are kept.
 */
package dev.mme5.engine.image.jpeg;
