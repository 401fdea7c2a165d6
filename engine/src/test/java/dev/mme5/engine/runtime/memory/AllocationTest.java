package dev.mme5.engine.runtime.memory;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.mme5.engine.family.EmbeddingNetwork;
import dev.mme5.engine.family.InputProcessor;
import dev.mme5.engine.family.ModelArchitecture;
import dev.mme5.engine.family.PassMemory;
import dev.mme5.engine.family.PreparedImage;
import dev.mme5.engine.family.SequenceBatch;
import dev.mme5.engine.image.ImageDecoder;
import dev.mme5.engine.image.raster.HeapLimit;
import dev.mme5.engine.image.raster.RgbImage;
import dev.mme5.engine.kernel.VectorKernels;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.nn.Trace;
import dev.mme5.engine.quantize.QuantizeOptions;
import dev.mme5.engine.quantize.Quantizer;
import dev.mme5.engine.runtime.ModelFamilies;
import dev.mme5.weights.Checkpoint;
import dev.mme5.weights.QuantizationScheme;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is reserved, against what all threads allocate. Buffers that kernels allocate are counted apart: they are retained or garbage. */
@Isolated("counts what all threads allocate")
@Timeout(300)
class AllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Path MINI = Path.of("../models/mini");
    private static final ModelArchitecture MODEL = ModelFamilies.ALL.read(MINI).architecture();
    private static final PassMemory MEMORY = MODEL.passMemory();

    /** Small objects: lists, records, views of matrices, and what measuring takes. */
    private static final long SMALL = 300_000;

    @TempDir
    private static Path folder;

    private static Loaded bf16;
    private static Loaded int4;

    /** A network whose kernels count what they allocate. */
    private static final class Loaded {
        private final Checkpoint checkpoint;
        private final Kernels kernels = new VectorKernels(new WorkerPool(2));
        private final EmbeddingNetwork network;
        private long kernelBytes;
        private long calls;

        Loaded(Path folder) {
            checkpoint = Checkpoint.open(folder, ModelFamilies.ALL.read(folder).family().tensorNames());
            Kernels counting = (Kernels) Proxy.newProxyInstance(Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class},
                    (proxy, method, arguments) -> {
                        long before = allocated();
                        try {
                            return method.invoke(kernels, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        } finally {
                            kernelBytes += allocated() - before;
                            calls++;
                        }
                    });
            network = MODEL.load(checkpoint.weights(), counting);
        }

        /** Bytes that the second of two equal runs allocates outside of kernels. */
        long bytes(Supplier<?> run) {
            run.get();
            long measuring = -allocated() + allocated();
            kernelBytes = 0;
            calls = 0;
            long before = allocated();
            run.get();
            return allocated() - before - kernelBytes - calls * measuring; // the first measurement of a call is outside of what it measures
        }
    }

    private static long allocated() {
        long sum = 0;
        for (long bytes : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) sum += Math.max(0, bytes);
        return sum;
    }

    @BeforeAll
    static void open() throws IOException {
        bf16 = new Loaded(MINI);
        Quantizer.quantize(MINI, folder.resolve("int4"), QuantizeOptions.of(QuantizationScheme.INT4), (done, all) -> {});
        int4 = new Loaded(folder.resolve("int4"));
    }

    @AfterAll
    static void close() {
        for (Loaded loaded : List.of(bf16, int4)) {
            loaded.kernels.close();
            loaded.checkpoint.close();
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            bf16, 1,    1
            bf16, 20,   1
            bf16, 512,  1
            bf16, 512,  25
            bf16, 2000, 1
            int4, 1,    1
            int4, 20,   1
            int4, 512,  25
            int4, 2000, 1
            """)
    void aTextTakesWhatItsPassReserves(String weights, int tokens, int sequences) {
        int[][] ids = new int[sequences][];
        for (int i = 0; i < sequences; i++) {
            ids[i] = new int[tokens * (i + 1) / sequences - tokens * i / sequences];
            Arrays.fill(ids[i], i + 1); // no two begin alike
        }
        Loaded loaded = weights.equals("int4") ? int4 : bf16;

        long bytes = loaded.bytes(() -> loaded.network.embed(new SequenceBatch(ids, List.of()), Trace.NONE));

        assertAbout(bytes, MEMORY.bytes(tokens, sequences, 0));
    }

    @ParameterizedTest
    @CsvSource({"bf16", "int4"})
    void anImageTakesWhatItsPassReserves(String weights) throws IOException {
        PreparedImage image = MODEL.inputProcessor(MINI, false).prepare(decode(photo("png", 1000, 1000)), "image", HeapLimit.UNLIMITED);
        int[][] ids = {{0}};
        Loaded loaded = weights.equals("int4") ? int4 : bf16;
        long state = loaded.network.imageState(image, ids, Trace.NONE).bytes();

        long bytes = loaded.bytes(() -> loaded.network.imageState(image, ids, Trace.NONE));

        assertThat(image.bytes()).isEqualTo(MEMORY.preparedBytes(1));
        // The state and the projection before it take memory that the encoder has left.
        assertThat(bytes - 2 * state).isLessThanOrEqualTo(MEMORY.bytes(1, 1, 1) + SMALL);
        assertThat(bytes).isGreaterThan(MEMORY.bytes(1, 1, 1) / 10 * 9);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            png,         1500,    1000
            png,         1500000, 1
            jpg,         1500,    1000
            jpg,         65000,   20
            progressive, 1500,    1000
            bmp,         1500,    1000
            gif,         1500,    1000
            ppm,         1500,    1000
            qoi,         1500000, 1
            """)
    void anImageFileTakesWhatDecodingReserves(String format, int width, int height) throws IOException {
        byte[] file = photo(format, width, height);
        long[] needed = new long[2];
        decode(file);
        long before = allocated();
        RgbImage rgb = new ImageDecoder(ImageDecoder.DEFAULT_MAX_PIXELS, false).decode(file, "image", bytes -> {
            needed[0] = bytes;
            return bytes;
        });
        long decoded = allocated() - before;
        InputProcessor processor = MODEL.inputProcessor(MINI, false);
        processor.prepare(rgb, "image", HeapLimit.UNLIMITED);
        before = allocated();
        processor.prepare(rgb, "image", bytes -> {
            needed[1] = bytes;
            return bytes;
        });
        long prepared = allocated() - before;

        assertAbout(decoded, needed[0] - file.length);
        assertThat(prepared).isLessThanOrEqualTo(needed[1] - rgb.rgb().length + SMALL);
    }

    private static RgbImage decode(byte[] file) {
        return new ImageDecoder(ImageDecoder.DEFAULT_MAX_PIXELS, false).decode(file, "image");
    }

    private static byte[] photo(String format, int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(1);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) image.setRGB(x, y, (x * 255 / width) << 16 | (x ^ y) & 0xff00 | random.nextInt(40));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        switch (format) {
            case "progressive" -> writeProgressive(image, out);
            case "ppm" -> out.writeBytes("P6 %d %d 255\n".formatted(width, height).getBytes(StandardCharsets.US_ASCII));
            case "qoi" ->
                    out.writeBytes(ByteBuffer.allocate(14).put("qoif".getBytes(StandardCharsets.US_ASCII)).putInt(width).putInt(height)
                            .put((byte) 3).array());
            default -> ImageIO.write(image, format, out);
        }
        if (format.equals("ppm") || format.equals("qoi")) {
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    if (format.equals("qoi")) out.write(0xfe);
                    for (int shift = 16; shift >= 0; shift -= 8) out.write(image.getRGB(x, y) >> shift);
                }
            }
            out.writeBytes(new byte[] {0, 0, 0, 0, 0, 0, 0, 1});
        }
        return out.toByteArray();
    }

    private static void writeProgressive(BufferedImage image, ByteArrayOutputStream out) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpg").next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } finally {
            writer.dispose();
        }
    }

    /** Not more, but for small objects; and not much less, so that a budget is not wasted. */
    private static void assertAbout(long allocated, long reserved) {
        assertThat(allocated).isLessThanOrEqualTo(reserved + SMALL);
        assertThat(allocated).isGreaterThan(reserved / 10 * 9);
    }
}
