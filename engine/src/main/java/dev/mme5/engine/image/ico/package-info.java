/** Reads Windows icons, whose images are PNGs or bitmaps; so this package stands above those of PNG and BMP. */
package dev.mme5.engine.image.ico;
