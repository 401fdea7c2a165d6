/**
 * Brings models from the Hugging Face hub onto the disk, into the cache that Python programs share, and finds them there:
 * <pre>
 * Path folder = ModelHub.defaults().download("intfloat/mmE5-mllama-11b-instruct");
 * </pre>
 *
 * <p>Start with {@link dev.mme5.hub.ModelHub}. {@link dev.mme5.hub.HubSettings} is what the environment says (endpoint, token,
 * cache, proxies), {@link dev.mme5.hub.DownloadOptions} what a caller wants of one download. Every failure is a
 * {@link dev.mme5.hub.HubException} whose message is one line that says what to do.
 */
package dev.mme5.hub;
