/**
 * WebP files, decoded to the bits that Pillow gives. Start with {@link dev.mme5.engine.image.webp.WebpDecoder}: the container
 * names the first frame, whose image is lossy ({@code vp8}, with alpha in a chunk of its own) or lossless ({@code vp8l}).
 */
package dev.mme5.engine.image.webp;
