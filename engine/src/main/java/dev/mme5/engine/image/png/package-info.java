/**
 * Reads PNG. Start with {@link dev.mme5.engine.image.png.PngDecoder}, which reads the chunks; then follow the rows through
 * {@code PngScanlineReader} and the colours through {@code PngColorConverter}.
 */
package dev.mme5.engine.image.png;
