/**
 * What the page shows: {@link dev.mme5.server.library.Library} keeps the indexes of the folders up to date, {@link
 * dev.mme5.server.library.LibraryRoutes} searches in them and serves their files, {@link dev.mme5.server.library.PageRoutes} the page
 * itself.
 */
package dev.mme5.server.library;
