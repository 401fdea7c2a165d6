/** Counts what operators watch: {@link dev.mme5.server.metrics.Metrics}, in the text format of Prometheus. */
package dev.mme5.server.metrics;
