package dev.mme5.engine.testing;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.engine.KernelChoice;
import dev.mme5.engine.Options;
import dev.mme5.engine.ProgressListener;
import dev.mme5.engine.Result;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The bits of every golden case of every model, by the vector kernels, as one number. */
public final class GoldenBits {
    private GoldenBits() {}

    /** Prints the kernels and the number. Argument: the threads. */
    public static void main(String[] args) throws Exception {
        int threads = Integer.parseInt(args[0]);
        Options options = Options.defaults().withKernels(KernelChoice.VECTOR).withThreads(threads);
        try (EmbeddingModel model = EmbeddingModel.open(Golden.read("a-bf16-hub").folder(), options)) {
            System.out.println(model.kernels());
        }
        System.out.println(sha256(threads));
    }

    /** SHA-256 of all embeddings. */
    public static String sha256(int threads) throws NoSuchAlgorithmException {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        for (Golden golden : Golden.all()) {
            Options options = Options.defaults().withKernels(KernelChoice.VECTOR).withThreads(threads);
            try (EmbeddingModel model = EmbeddingModel.open(golden.folder(), options)) {
                List<Input> inputs = golden.cases().stream().map(Golden.Case::input).toList();
                for (Result result : model.tryEmbedAll(inputs, ProgressListener.NONE)) sha.update(bytes(result.embedding().values()));
            }
        }
        return HexFormat.of().formatHex(sha.digest());
    }

    private static byte[] bytes(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }
}
