/**
 * Reads the first frame of a GIF. Start with {@link dev.mme5.engine.image.gif.GifDecoder}; {@code GifLzwReader} expands its codes.
 */
package dev.mme5.engine.image.gif;
