/**
 * What the quantiser, the command and search do with files alike: {@link dev.mme5.engine.files.AtomicFolder}s, which appear complete
 * or not at all, and {@link dev.mme5.engine.files.GlobPattern}s of names. Not part of the API.
 */
package dev.mme5.engine.files;
