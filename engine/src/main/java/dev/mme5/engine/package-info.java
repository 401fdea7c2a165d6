/**
 * Embeddings of texts and images. Start here:
 *
 * {@snippet :
 * try (EmbeddingModel model = EmbeddingModel.open(Path.of("mmE5-mllama-11b-instruct"))) {
 *     Embedding query = model.embed(Input.text("Find me an everyday image that matches the given caption: A cat.\n"));
 *     Embedding photo = model.embed(Input.image(Path.of("cat.jpg")));
 *     System.out.println(query.cosine(photo));
 * }
 * }
 *
 * <ul>
 *   <li>{@link dev.mme5.engine.EmbeddingModel}: a model folder, opened once and used by any number of threads;
 *   <li>{@link dev.mme5.engine.Input}: a text, images, or both, made of {@link dev.mme5.engine.ImageSource}s; many at once are
 *       faster and each has its own {@link dev.mme5.engine.EmbeddingResult};
 *   <li>{@link dev.mme5.engine.Options}: threads, limits, kernels ({@link dev.mme5.engine.KernelChoice});
 *   <li>{@link dev.mme5.engine.Embedding}: a unit vector; {@link dev.mme5.engine.QuantizedEmbedding}, {@link
 *       dev.mme5.engine.Precision} and {@link dev.mme5.engine.Int8Ranges} store it in fewer bytes;
 *   <li>{@link dev.mme5.json.Mme5Exception} is the root of all errors: {@link dev.mme5.engine.InputException}, one input cannot be
 *       embedded; {@link dev.mme5.engine.BusyException}, {@link dev.mme5.engine.CancelledException}, {@link
 *       dev.mme5.engine.ModelClosedException}; {@link dev.mme5.engine.UnsuitableMachineException}, what the model needs is missing; {@link
 *       dev.mme5.json.ModelFormatException}: something about the folder is wrong;
 *   <li>{@link dev.mme5.engine.ModelInspection}: what a folder holds and needs, without running it; {@link
 *       dev.mme5.engine.ModelTools} and {@link dev.mme5.engine.ActivationMoments} look inside a run.
 * </ul>
 *
 * <p>{@code dev.mme5.engine.quantize} makes smaller model folders; {@code dev.mme5.search} ranks many embeddings. For fast
 * kernels the JVM needs {@code --add-modules jdk.incubator.vector}.
 */
package dev.mme5.engine;
