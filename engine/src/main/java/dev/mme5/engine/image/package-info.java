/**
 * Decodes image files to RGB and resizes them.
 *
 * <p>Start with {@link dev.mme5.engine.image.ImageDecoder}, which recognises a file's format and calls the decoder of that format.
 * Packages import only to the left: raster, then png, gif, bmp, jpeg, simple, then ico and tiff, then this one.
 */
package dev.mme5.engine.image;
