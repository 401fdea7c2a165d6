/**
 * Reads the segments of a JPEG: frame and scan headers, tables, and what tells colours and orientation. Start with
 * {@link dev.mme5.engine.image.jpeg.header.JpegMarkerReader}.
 */
package dev.mme5.engine.image.jpeg.header;
