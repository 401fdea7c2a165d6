/**
 * Benchmarks at the shapes of the real model; {@link dev.mme5.benchmarks.Main} is {@code mme5 bench}. Packages use each other downwards
 * only: {@code checkpoint}, {@code subject}, then {@code peer}, {@code weights} and {@code probe}, then {@code report} and {@code jmh},
 * then this package.
 */
package dev.mme5.benchmarks;
