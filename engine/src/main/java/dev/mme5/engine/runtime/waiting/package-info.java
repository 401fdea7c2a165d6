/**
 * Waiting of calls: for memory ({@link dev.mme5.engine.runtime.memory}) and for a pass ({@link dev.mme5.engine.runtime.pass}). {@link
 * dev.mme5.engine.runtime.waiting.WaitingCalls} has the limits that apply to both, and ends all waits when the model is closed.
 */
package dev.mme5.engine.runtime.waiting;
