/**
 * HTTP without any knowledge of embeddings: {@link dev.mme5.server.http.HttpFront} is the JDK's server with limits. For each request, it
 * makes a {@link dev.mme5.server.http.Call}, lets the {@link dev.mme5.server.http.Gate} check it, finds its {@link
 * dev.mme5.server.http.Route} and sends the {@link dev.mme5.server.http.Reply}. A refusal is a {@link dev.mme5.server.http.Problem}.
 */
package dev.mme5.server.http;
