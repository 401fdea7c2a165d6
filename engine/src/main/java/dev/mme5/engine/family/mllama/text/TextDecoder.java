package dev.mme5.engine.family.mllama.text;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.Buffers;
import dev.mme5.engine.nn.EmbeddingTable;
import dev.mme5.engine.nn.Interruption;
import dev.mme5.engine.nn.RmsNorm;
import dev.mme5.engine.nn.TokenTree;
import dev.mme5.engine.nn.Trace;
import dev.mme5.engine.nn.attention.KeyValues;
import dev.mme5.engine.nn.attention.PathKeyValues;
import dev.mme5.engine.nn.attention.PrefixCache;
import dev.mme5.engine.nn.attention.RotaryEmbedding;
import dev.mme5.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Token ids, and the states of the images among them, to the hidden state of the last token (reference sections 6 to 8). */
public final class TextDecoder {
    private final TextConfig config;
    private final int imageTokenId;
    private final EmbeddingTable embedding;
    private final List<DecoderLayer> layers = new ArrayList<>();
    private final RmsNorm finalNorm;
    private final PrefixCache prefixCache = new PrefixCache();

    private TextDecoder(Weights w, TextConfig c, int imageTokenId, Kernels kernels) {
        this.config = c;
        this.imageTokenId = imageTokenId;
        this.embedding = EmbeddingTable.load(w.at("embed_tokens"), c.ids(), c.hidden(), kernels);
        RotaryEmbedding rope = new RotaryEmbedding(c.rope(), c.headSize());
        for (int i = 0; i < c.layers(); i++) {
            Weights layer = w.at("layers").at(i);
            layers.add(
                    c.crossAttentionLayers().contains(i)
                            ? CrossAttentionLayer.load(layer, c, kernels)
                            : SelfAttentionLayer.load(layer, c, rope, kernels));
        }
        this.finalNorm = RmsNorm.load(w.at("norm"), c.hidden(), c.normEps(), kernels);
    }

    /**
     * @param w the scope {@code language_model}
     * @param imageTokenId id of the token that marks an image
     */
    public static TextDecoder load(Weights w, TextConfig c, int imageTokenId, Kernels kernels) {
        return new TextDecoder(w, c, imageTokenId, kernels);
    }

    /**
     * The cross-attention layers' keys and values of one image.
     *
     * @param projected its tokens, real tiles first, [image tokens, hidden]
     * @param realRows how many of them belong to real tiles
     * @param multiplicities how many tokens each row stands for, [image tokens]
     */
    public VisionStates visionStates(Matrix projected, int realRows, int[] multiplicities) {
        List<KeyValues> keyValues = new ArrayList<>();
        for (DecoderLayer layer : layers) {
            if (layer instanceof CrossAttentionLayer cross) keyValues.add(cross.keyValues(projected));
            Interruption.check();
        }
        return new VisionStates(new int[] {0, realRows}, multiplicities, keyValues);
    }

    /** Whether some token precedes the first image, so that it attends to absent tiles too (reference section 7.2). */
    public boolean readsAbsentTiles(int[] ids) {
        return ImageVisibility.of(ids, imageTokenId).nextSeeing(0) > 0;
    }

    /** Bytes of buffers that so many sequences of so many tokens together take. */
    public static long workingBytes(TextConfig config, long tokens, long sequences) {
        return Buffers.bytes(counter -> TextActivations.allocate(config, tokens, sequences, counter));
    }

    /** Bytes of the states of images with that many tokens together. */
    public static long visionStateBytes(TextConfig config, long imageTokens) {
        return config.crossAttentionLayers().size()
                * Buffers.bytes(counter -> KeyValues.allocate(imageTokens, config.kvWidth(), counter));
    }

    /** Keys and values of beginnings that came again; off until it is given a limit. */
    public PrefixCache prefixCache() {
        return prefixCache;
    }

    /**
     * The states of the last tokens of some sequences.
     *
     * @param last after the final norm, [sequences, hidden]
     * @param sharedTokens how many tokens of each sequence were not computed for it, but known or an earlier one's
     * @param cachedTokens of these, the known ones, of all sequences together
     */
    public record Decoded(Matrix last, int[] sharedTokens, long cachedTokens) {}

    /**
     * The state of the last token of every sequence after the final norm. Equal beginnings are computed once.
     *
     * @param ids token ids of each sequence; none is empty
     * @param images the images that every one of the sequences is about, or none: then cross-attention layers are skipped
     */
    public Decoded forward(int[][] ids, Optional<VisionStates> images, Trace trace) {
        boolean cached = images.isEmpty() && !trace.enabled();
        try (PathKeyValues paths =
                new PathKeyValues(ids, cached ? Optional.of(prefixCache) : Optional.empty(), selfAttentionLayers(), config.kvWidth())) {
            Matrix last = forward(paths, ids, images, trace);
            paths.finish();
            return new Decoded(last, paths.tree().sharedTokens(), paths.tree().knownTokens());
        }
    }

    private Matrix forward(PathKeyValues paths, int[][] ids, Optional<VisionStates> images, Trace trace) {
        TokenTree tree = paths.tree();
        int[] ends = tree.ends();
        TextActivations a = TextActivations.allocate(config, tree.rows(), ends.length, Buffers.HEAP);
        paths.gatherInto(a.gate(), a.up()); // the MLP's alone
        ImageVisibility visibility = images.isEmpty() ? null : ImageVisibility.of(tree, ids, imageTokenId);
        int lastNeedingAll = trace.enabled() ? layers.size() : lastSelfAttention();

        Matrix x = a.tokens();
        embedding.forward(tree.tokens(), x);
        traceTokens("text.embed", x, trace);
        int crossLayers = 0;
        int selfLayers = 0;
        for (int i = 0; i < layers.size(); i++) {
            switch (layers.get(i)) {
                case CrossAttentionLayer cross -> {
                    int nth = crossLayers++;
                    if (images.isEmpty()) continue;
                    cross.forward(x, visibility, visibility.mask(images.get()), images.get().layer(nth), a);
                }
                case SelfAttentionLayer self -> {
                    int nth = selfLayers++;
                    if (i != lastNeedingAll) {
                        self.forward(x, paths, nth, a);
                        break;
                    }
                    self.forwardLast(x, ends, paths, nth, a);
                    x = a.last(); // no later layer reads another token
                    if (images.isPresent()) visibility = visibility.tokens(lastRows(tree, ends));
                }
            }
            Interruption.check();
            traceTokens("text.layer." + i, x, trace);
        }
        finalNorm.forward(x, x);
        traceTokens("text.final_norm", x, trace);
        Matrix last = ends.length == tree.sequences() ? a.lastNormed() : Matrix.zeros(tree.sequences(), x.cols());
        copyLast(x, tree, ends, last);
        return last;
    }

    private static int[] lastRows(TokenTree tree, int[] segments) {
        return Arrays.stream(segments).map(segment -> tree.segments().get(segment).to() - 1).toArray();
    }

    /** The last row of every sequence; x has all rows of the tree, or the last rows of these segments. */
    private static void copyLast(Matrix x, TokenTree tree, int[] ends, Matrix last) {
        for (int i = 0; i < tree.sequences(); i++) {
            int row = x.rows() == tree.rows() ? tree.lastRow(i) : Arrays.binarySearch(ends, tree.segmentOf(i));
            last.copyRow(x, row, i);
        }
    }

    private int selfAttentionLayers() {
        return config.layers() - config.crossAttentionLayers().size();
    }

    private int lastSelfAttention() {
        for (int i = layers.size() - 1; i >= 0; i--) {
            if (layers.get(i) instanceof SelfAttentionLayer) return i;
        }
        return layers.size();
    }

    private static void traceTokens(String stage, Matrix x, Trace trace) {
        if (!trace.enabled()) return;
        trace.stage(stage, () -> x, x.rows(), x.cols());
        trace.stage(stage + ".last", () -> x.rows(x.rows() - 1, x.rows()), x.cols());
    }
}
