/** Folders that appear complete or not at all, for the quantiser, the command and search; not part of the API. */
package dev.mme5.engine.files;
