/**
 * A server for embeddings and search: {@link dev.mme5.server.EmbeddingServer}, started with {@link dev.mme5.server.ServerOptions}.
 *
 * {@snippet :
 * ServerOptions options = ServerOptions.defaults().withPort(8080);
 * try (EmbeddingServer server = EmbeddingServer.start(Path.of("models/mini"), Options.defaults(), options)) {
 *     server.awaitReady();
 *     System.out.println(server.address());
 *     server.awaitStop();
 * }
 * }
 */
package dev.mme5.server;
