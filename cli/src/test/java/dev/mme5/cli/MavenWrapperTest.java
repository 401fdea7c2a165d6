package dev.mme5.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code mvnw} with a repository of its own, whose Maven prints its arguments. */
@DisabledOnOs(OS.WINDOWS)
class MavenWrapperTest {
    private static final String ZIP = "/org/apache/maven/apache-maven/9.9.9/apache-maven-9.9.9-bin.zip";

    @TempDir
    private Path folder;

    private final byte[] zip = zip("#!/bin/sh\necho \"maven $*\"\n");
    private HttpServer server;
    private int requests;

    private record Ran(int status, String out, String err) {}

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(ZIP, exchange -> {
            requests++;
            exchange.sendResponseHeaders(200, zip.length);
            exchange.getResponseBody().write(zip);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void mavenIsDownloadedOnceAndStarted() throws Exception {
        Ran first = run(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(zip)), "-q", "a b");
        Ran second = run(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(zip)));

        assertThat(first.status()).as(first.err()).isZero();
        assertThat(first.out()).isEqualTo("maven -q a b\n");
        assertThat(second.out()).isEqualTo("maven \n");
        assertThat(second.err()).isEmpty();
        assertThat(requests).isEqualTo(1);
    }

    @Test
    void anotherFileThanThePropertiesNameIsNotStarted() throws Exception {
        Ran ran = run("0".repeat(64));

        assertThat(ran.status()).as(ran.err()).isEqualTo(1);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains("expected the SHA-256 " + "0".repeat(64) + ", found ");
        try (var left = Files.walk(folder.resolve("home"))) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
    }

    private Ran run(String digest, String... arguments) throws IOException, InterruptedException {
        Path wrapper = Files.createDirectories(folder.resolve("a tree/.mvn/wrapper"));
        Path script = folder.resolve("a tree/mvnw");
        Files.copy(Path.of("mvnw"), script, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        String repository = "http://localhost:" + server.getAddress().getPort();
        Files.writeString(wrapper.resolve("maven-wrapper.properties"),
                "distributionUrl=https://repo.example.org/maven2" + ZIP + "\ndistributionSha256Sum=" + digest + "\n");
        ProcessBuilder builder = new ProcessBuilder(script.toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().putAll(Map.of(
                "JAVA_HOME", System.getProperty("java.home"), "MAVEN_USER_HOME", folder.resolve("home").toString(), "MVNW_REPOURL",
                repository,
                "no_proxy", "localhost"));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        int status = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start().waitFor();
        return new Ran(status, Files.readString(out), Files.readString(err));
    }

    private static byte[] zip(String program) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            out.putNextEntry(new ZipEntry("apache-maven-9.9.9/bin/mvn"));
            out.write(program.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }
}
