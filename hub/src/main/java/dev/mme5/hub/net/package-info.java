/**
 * The hub's protocol over HTTP/1.1: {@link dev.mme5.hub.net.HubApi} asks for a revision's commit and files and for the digest,
 * size and address of one file; {@link dev.mme5.hub.net.Transport} sends requests and follows redirects by the rules of
 * {@link dev.mme5.hub.net.RedirectRules}. Start with {@code HubApi}.
 *
 * <p>Every failure is an {@link java.io.IOException} whose message is complete: a
 * {@link dev.mme5.hub.net.PermanentFailure} is not tried again, every other one may be.
 */
package dev.mme5.hub.net;
