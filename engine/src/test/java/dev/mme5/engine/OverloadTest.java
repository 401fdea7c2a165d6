package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.testing.ClassPathJvm;
import dev.mme5.engine.testing.Golden;
import dev.mme5.engine.testing.Overload;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many callers in heaps that hold one of them, in JVMs that end at the first OutOfMemoryError. {@code .ci/overload} runs all of it,
 * with a checkpoint of real widths.
 */
@Timeout(3600)
class OverloadTest {
    /** The folder of {@code bench checkpoint --few-layers}. */
    private static final String WIDE = System.getProperty("mme5.overload.model", "");

    private static final String MINI = "../models/mini";

    @TempDir
    private static Path images;

    /** Path of the image, drawn when it is first asked for. */
    private static Path image(String name) throws IOException {
        if (!images.resolve(name).toFile().exists()) {
            switch (name) {
                case "9.jpg" -> draw(name, 3000, 3000);
                case "12.jpg" -> draw(name, 4000, 3000);
                case "4-tiles.png" -> draw(name, 900, 900);
                default -> throw new AssertionError(name);
            }
        }
        return images.resolve(name);
    }

    private static void draw(String name, int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(1);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) image.setRGB(x, y, (x * 255 / width) << 16 | (x ^ y) & 0xff00 | random.nextInt(40));
        }
        ImageIO.write(image, name.substring(name.indexOf('.') + 1), images.resolve(name).toFile());
    }

    @Test
    void photosAndTextsInASmallHeap() throws Exception {
        assertAllRight(MINI, "-Xmx100m" + collector("G1"), "4 1 0 bytes:12.jpg 20 400");
    }

    @Tag("thorough")
    @ParameterizedTest
    @ValueSource(strings = {"G1", "Parallel", "Serial"})
    void photosAndTextsWithEachCollector(String collector) throws Exception {
        assertAllRight(MINI, "-Xmx100m" + collector(collector), "8 2 0 bytes:12.jpg 20 400");
    }

    @Tag("thorough")
    @Test
    void callersAreInterrupted() throws Exception {
        assertAllRight(Golden.read("a-bf16-hub").folder().toString(), "-Xmx256m" + collector("G1"),
                "64 10 20 4-tiles.png 20 400 bytes:9.jpg");
    }

    /** The table of calls that died before there was a budget. */
    @ParameterizedTest
    @EnabledIfSystemProperty(named = "mme5.overload.model", matches = ".+")
    @CsvSource(delimiter = '|', textBlock = """
            -Xmx1g   | 16 2 0 4-tiles.png 27
            -Xmx600m | 16 2 0 4-tiles.png 27
            -Xmx1g   | 8 1 0 bytes:9.jpg
            -Xmx256m | 8 3 0 261
            -Xmx256m | 8 3 0 770
            -Xmx1g   | 64 1 0 4-tiles.png 27 261 bytes:9.jpg
            """)
    void realWidths(String options, String calls) throws Exception {
        assertAllRight(WIDE, options, calls);
    }

    /** Heaps just above what inspect says for one call. */
    @ParameterizedTest
    @EnabledIfSystemProperty(named = "mme5.overload.model", matches = ".+")
    @CsvSource(delimiter = '|', textBlock = """
            G1       | 20  | 0
            Parallel | 20  | 0
            Serial   | 20  | 0
            G1       | 256 | 0
            Parallel | 256 | 0
            Serial   | 256 | 0
            G1       | 20  | 1
            Parallel | 20  | 1
            Serial   | 20  | 1
            """)
    void heapsForOneCall(String collector, int tokens, int images) throws Exception {
        String input = images > 0 ? "4-tiles.png" : "" + tokens;
        assertAllRight(WIDE, heapForOneCall(tokens, images) + collector(collector), "8 2 0 " + input);
    }

    /** A tenth above what inspect says. */
    private static String heapForOneCall(int tokens, int images) {
        long bytes = ModelInspection.of(Path.of(WIDE), Options.defaults().withThreads(2)).memory().stream()
                .filter(memory -> memory.run().equals(new ModelInspection.Run.Pass(tokens, images)))
                .mapToLong(ModelInspection.Memory::heapBytes)
                .findFirst()
                .orElseThrow();
        return "-Xmx" + (bytes * 11 / 10 >> 20) + "m";
    }

    private static String collector(String name) {
        return " -XX:+Use" + name + "GC";
    }

    /** {@code -Dmme5.overload.minutes=10}, three of ten in each shape: random threads are interrupted, and nothing grows. */
    @ParameterizedTest
    @EnabledIfSystemProperty(named = "mme5.overload.minutes", matches = "\\d+")
    @ValueSource(strings = {"G1", "Parallel", "Serial"})
    void soak(String collector) throws Exception {
        int seconds = Integer.getInteger("mme5.overload.minutes") * 20;
        boolean wide = !WIDE.isEmpty();
        int share = wide ? seconds / 10 : seconds / 2;
        assertConstant(MINI, "-Xmx100m" + collector(collector),
                "64 %ds 20 bytes:12.jpg 4-tiles.png 20 400".formatted(wide ? 3 * share : share));
        assertConstant(Golden.read("a-bf16-hub").folder().toString(), "-Xmx256m" + collector(collector),
                "64 %ds 5 4-tiles.png 20 400 bytes:9.jpg".formatted(share));
        if (!wide) return;
        assertConstant(WIDE, heapForOneCall(256, 0) + collector(collector), "64 %ds 20 256 20".formatted(3 * share));
        assertConstant(WIDE, heapForOneCall(20, 1) + collector(collector), "64 %ds 20 4-tiles.png 27 261".formatted(3 * share));
    }

    private static void assertConstant(String model, String options, String calls) throws Exception {
        String out = run(model, options, calls);
        System.out.println(options + ", " + calls + ": " + out.strip());
        assertThat(out).matches("\\{(interrupted=\\d+, )?right=\\d+} in .*, constant: .*\n");
    }

    private static void assertAllRight(String model, String options, String calls) throws Exception {
        String out = run(model, options, calls);
        System.out.println(options + ", " + calls + ": " + out.strip());
        assertThat(out).matches("\\{(interrupted=\\d+, )?right=\\d+} in .*\n");
    }

    private static String run(String model, String options, String calls) throws Exception {
        List<String> all = new ArrayList<>(List.of(options.split(" ")));
        all.addAll(List.of("--add-modules", "jdk.incubator.vector", "-XX:+ExitOnOutOfMemoryError"));
        List<String> arguments = new ArrayList<>(List.of(model));
        for (String argument : calls.split(" ")) {
            int name = argument.startsWith("bytes:") ? "bytes:".length() : 0;
            arguments.add(argument.contains(".") ? argument.substring(0, name) + image(argument.substring(name)) : argument);
        }
        return ClassPathJvm.run(Overload.class, all, arguments.toArray(String[]::new)).out();
    }
}
