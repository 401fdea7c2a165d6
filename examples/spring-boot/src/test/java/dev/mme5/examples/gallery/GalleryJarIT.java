package dev.mme5.examples.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts the jar by {@code java -jar}, as an operator does. */
class GalleryJarIT {
    private static final Path IMAGES = Path.of("../../models/mini/gallery");
    private static final String VECTOR_MODULE = "--add-modules jdk.incubator.vector";
    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");
    private static final int START_SECONDS = 240;

    @TempDir
    private Path folder;

    private Process process;

    @AfterEach
    void stop() {
        if (process != null) process.destroyForcibly();
    }

    private Path log() {
        return folder.resolve("log.txt");
    }

    private String logged() throws IOException {
        return Files.readString(log());
    }

    private void launch(String jdkOptions, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of("-jar", System.getProperty("example.jar"), "--server.port=0",
                "--gallery.folder=" + folder.resolve("images")));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log().toFile());
        builder.environment().putAll(Map.of("JDK_JAVA_OPTIONS", jdkOptions));
        process = builder.start();
    }

    private GalleryClient start(String jdkOptions, String... arguments) throws IOException, InterruptedException {
        launch(jdkOptions, arguments);
        for (int i = 0; i < START_SECONDS * 4 && process.isAlive(); i++) {
            Matcher started = PORT.matcher(logged());
            if (started.find()) return new GalleryClient(Integer.parseInt(started.group(1)));
            TimeUnit.MILLISECONDS.sleep(250);
        }
        throw new AssertionError("not started: " + logged());
    }

    @Test
    void flagInTheEnvironmentGivesVectorKernelsAndAStopKeepsTheIndex() throws IOException, InterruptedException {
        GalleryClient client = start(VECTOR_MODULE);
        assertThat(client.get("/actuator/health").body()).contains("\"status\":\"UP\"").contains("\"kernels\":\"vector");
        byte[] apple = Files.readAllBytes(IMAGES.resolve("red-apple.png"));
        assertThat(client.upload("red-apple.png", apple).statusCode()).isEqualTo(201);
        assertThat(client.get("/actuator/metrics/gen_ai.client.operation").body()).contains("\"mme5\"");
        process.destroy();   // SIGTERM
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(logged()).contains("Commencing graceful shutdown").doesNotContain(" WARN ").doesNotContain(" ERROR ");
        client = start(VECTOR_MODULE);
        assertThat(client.searchByWords("red apple").body()).contains("-red-apple.png");
    }

    @Test
    void missingFlagEndsTheStartWithWhatToDo() throws IOException, InterruptedException {
        launch("-Xshare:auto");
        assertThat(process.waitFor(START_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(logged()).contains("APPLICATION FAILED TO START").contains("JDK_JAVA_OPTIONS=\"" + VECTOR_MODULE + "\"")
                .doesNotContain("\tat ");
    }

    @Test
    void eightLargeUploadsAtOnceFitASmallHeap() throws IOException, InterruptedException {
        GalleryClient client = start(VECTOR_MODULE + " -Xmx160m", "--spring.ai.mme5.max-wait=5m");
        List<byte[]> images = new ArrayList<>();
        for (int i = 0; i < 8; i++) images.add(largeImage(i));
        try (ExecutorService threads = Executors.newFixedThreadPool(images.size())) {
            List<CompletableFuture<HttpResponse<String>>> answers = images.stream()
                    .map(image -> CompletableFuture.supplyAsync(() -> client.upload("large.png", image), threads)).toList();
            assertThat(answers).allSatisfy(answer -> assertThat(answer.join().statusCode()).as(answer.join().body()).isEqualTo(201));
        }
        assertThat(logged()).doesNotContain("OutOfMemoryError");
    }

    /** 3000 x 3000 pixels of noisy stripes: 27 MB of RGB. */
    private static byte[] largeImage(int seed) throws IOException {
        Random random = new Random(seed);
        BufferedImage image = new BufferedImage(3000, 3000, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.getHeight(); y++) {
            int color = random.nextInt(1 << 24);
            for (int x = 0; x < image.getWidth(); x++) image.setRGB(x, y, color);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }
}
