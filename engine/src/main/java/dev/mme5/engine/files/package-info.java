/** Folders on the disk, for the quantizer and the command: not part of the API. */
package dev.mme5.engine.files;
