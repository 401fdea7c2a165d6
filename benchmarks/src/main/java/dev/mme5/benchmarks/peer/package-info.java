/**
 * Matmuls of other Java libraries, and mme5's own, as subjects. {@link dev.mme5.benchmarks.peer.MatmulPeer} lists them.
 */
package dev.mme5.benchmarks.peer;
