/**
 * What all image decoders share: the file's bytes under limits ({@link dev.mme5.engine.image.raster.ImageBytes}), the decoded
 * pixels ({@link dev.mme5.engine.image.raster.RgbImage}), the one exception
 * ({@link dev.mme5.engine.image.raster.ImageException}), palettes, transparency and orientation.
 *
 * <p>Start with {@code ImageBytes} and {@code RgbImage}: a decoder turns the one into the other. This is the lowest package of
 * the image room; decoders (png, gif, bmp, jpeg, ...) build on it, and {@code ImageDecoder} chooses among them.
 */
package dev.mme5.engine.image.raster;
