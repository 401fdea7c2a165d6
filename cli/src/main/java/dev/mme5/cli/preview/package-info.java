/**
 * Small images of documents for people: on a page for a browser, and on terminals. Start at {@link dev.mme5.cli.preview.Thumbnails};
 * {@link dev.mme5.cli.preview.SearchPage} writes the page, {@link dev.mme5.cli.preview.TerminalImages} shows images on a terminal.
 */
package dev.mme5.cli.preview;
