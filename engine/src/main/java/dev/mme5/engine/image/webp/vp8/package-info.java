/**
 * VP8 key frames, the lossy images of WebP (RFC 6386). Start with {@link dev.mme5.engine.image.webp.vp8.Vp8Decoder}: bits
 * ({@code BoolDecoder}), header, modes, residuals, prediction, transform, loop filter, and colour ({@code YuvImage}).
 */
package dev.mme5.engine.image.webp.vp8;
