/**
 * The lossless images of WebP (RFC 9649 section 3). Start with {@link dev.mme5.engine.image.webp.vp8l.Vp8lDecoder}: bits, prefix
 * codes, the coded pixels ({@code Vp8lImageReader}), and the transforms that are undone.
 */
package dev.mme5.engine.image.webp.vp8l;
