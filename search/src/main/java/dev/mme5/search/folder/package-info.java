/** Finds the files to index in a folder tree. Start at {@link dev.mme5.search.folder.FolderScan}; {@code FolderWalk} does the work. */
package dev.mme5.search.folder;
