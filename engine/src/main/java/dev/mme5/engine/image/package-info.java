/**
 * Image files to pixels with the bits of Pillow. Start at {@link dev.mme5.engine.image.ImageDecoder}, which recognises a format by a
 * file's first bytes and calls the decoder of that format, each in a package of its own on {@code raster}. {@link
 * dev.mme5.engine.image.BilinearResize} resizes, and {@link dev.mme5.engine.image.ImageFileType} finds images among files of any kind.
 */
package dev.mme5.engine.image;
