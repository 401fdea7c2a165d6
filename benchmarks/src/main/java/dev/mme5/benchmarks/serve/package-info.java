/**
 * {@code mme5 bench serve}: what the server adds to the library ({@link dev.mme5.benchmarks.serve.ServeBench}), and whether it holds under
 * a mixed and hostile load ({@link dev.mme5.benchmarks.serve.MixedLoad}).
 */
package dev.mme5.benchmarks.serve;
