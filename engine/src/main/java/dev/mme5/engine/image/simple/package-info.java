/**
 * Reads formats that need one class each: PNM, TGA, PCX and QOI. Every class has a {@code decode}; those whose format has a mark of
 * several forms, or none, also tell whether a file is theirs.
 */
package dev.mme5.engine.image.simple;
