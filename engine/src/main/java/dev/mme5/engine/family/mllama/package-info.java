/**
 * Mllama (Llama 3.2 Vision): everything that is particular to it is here and below. {@link
 * dev.mme5.engine.family.mllama.MllamaFamily} answers the runtime; {@code Mllama} is the forward pass, in the order of the data:
 *
 * <pre>
 * image -> tiling.MllamaImageProcessor -> vision.VisionEncoder -> Projector ─┐ keys and values
 * prompt -> MllamaProcessor -> token ids -------------> text.TextDecoder ────┴-> last token -> embedding
 * </pre>
 *
 * {@code vision} and {@code text} do not know each other: {@code Mllama} alone joins them.
 */
package dev.mme5.engine.family.mllama;
