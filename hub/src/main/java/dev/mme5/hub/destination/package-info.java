/**
 * Where a download's files go: a snapshot of the shared cache, or a plain folder. Decides whether a file is there already, and
 * fetches it alone among all threads and processes. Start with {@link dev.mme5.hub.destination.Destination}.
 */
package dev.mme5.hub.destination;
