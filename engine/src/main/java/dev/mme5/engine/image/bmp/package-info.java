/**
 * Reads Windows bitmaps (BMP, DIB) and the bitmaps inside icons. Start with {@link dev.mme5.engine.image.bmp.BmpDecoder}.
 */
package dev.mme5.engine.image.bmp;
