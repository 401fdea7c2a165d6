/**
 * Files and their names, for the quantiser, the command and search: an {@link dev.mme5.engine.files.AtomicFolder} appears complete or not
 * at all, and a {@link dev.mme5.engine.files.GlobPattern} matches names. Not part of the API.
 */
package dev.mme5.engine.files;
