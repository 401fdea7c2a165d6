package dev.mme5.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code mme5} in a tree of its own, with a JDK and a Maven that only print their arguments. */
abstract class LauncherTree {
    private static final String JAVA = """
        #!/bin/sh
        case " $* " in *" -version "*)
            echo "$*" >>"$BUILDS.probes"
            case " $* " in *" -Xbad "*) echo "Unrecognized option: -Xbad" >&2; exit 1 ;; esac
            exit 0 ;;
        esac
        case " $* " in *" dev.mme5.cli.packaging.ClassFileUpgrade "* | *" -Xshare:dump "*) echo "$*" >>"$BUILDS.java" ;; esac
        [ -z "${SHOW_STDIN:-}" ] || readlink /proc/self/fd/0
        echo "WARNING: Using incubator modules: jdk.incubator.vector" >&2
        echo "another warning" >&2
        for argument; do
            echo "[$argument]"
            case $argument in -XX:DumpLoadedClassList=*) echo classes >"${argument#*=}" ;; esac
            case "$1 $argument" in "-Xshare:dump -XX:SharedArchiveFile="*) echo cache >"${argument#*=}" ;; esac
        done
        exit 7
        """;

    private static final String MAVEN = """
        #!/bin/sh
        echo "$*" >>"$BUILDS"
        echo "output of the build"
        printf '\\033[1mbold\\033[m\\n\\033[0m'
        [ -z "${BUILD_SECONDS:-}" ] || sleep "$BUILD_SECONDS"
        [ -z "${BUILD_FAILS:-}" ] || exit 1
        case " $* " in *" -Plauncher "*) ;; *) exit 1 ;; esac
        cd .launcher
        mkdir -p target/mme5-cli/modules target/mme5-benchmarks
        case " $* " in *" -Pbenchmarks "*) echo jar >target/mme5-benchmarks/benchmarks.jar ;; esac
        echo jar >target/mme5-cli/modules/picocli.jar
        echo jar >target/mme5-cli/mme5-cli-0.1.0.jar
        echo jar >target/mme5-cli/mme5-cli-0.1.0-sources.jar
        """;

    @TempDir
    Path folder;

    Path workingFolder = Path.of("/");

    /** Where the output of each process goes, by process id. */
    private final Map<Long, Path> out = new HashMap<>();

    private final Map<Long, Path> err = new HashMap<>();

    Path root;
    Path jdk;
    Path bin;

    /** What a launch left behind. */
    record Launched(int status, String out, String err) {}

    @BeforeEach
    void makeTree() throws IOException {
        root = Files.createDirectories(folder.resolve("a tree"));
        Files.copy(Path.of("mme5"), root.resolve("mme5"));
        for (String module : List.of("json", "weights-loader", "tokenizer", "engine", "search", "cli", "benchmarks")) makeModule(module);
        Path start = Path.of("cli/src/main/resources/dev/mme5/cli/packaging/start.sh");
        Files.createDirectories(root.resolve(start).getParent());
        Files.copy(start, root.resolve(start));
        Files.writeString(root.resolve("pom.xml"), "");
        jdk = jdk("jdk", "25.0.1");
        bin = Files.createDirectories(folder.resolve("bin"));
        program(bin.resolve("mvn"), MAVEN);
    }

    void makeModule(String name) throws IOException {
        Files.createDirectories(root.resolve(name + "/src/main"));
        Files.writeString(root.resolve(name + "/pom.xml"), "");
        Files.writeString(root.resolve(name + "/src/main/Some.java"), "");
    }

    Path jdk(String name, String version) throws IOException {
        Path home = Files.createDirectories(folder.resolve(name));
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Test\"\nJAVA_VERSION=\"" + version + "\"\n");
        program(home.resolve("bin/java"), JAVA);
        program(home.resolve("bin/javac"), JAVA);
        return home;
    }

    static void program(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    long builds() throws IOException {
        Path file = folder.resolve("builds");
        return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    }

    void waitForBuild() throws Exception {
        while (builds() == 0) Thread.sleep(50);
    }

    Launched launch(String... arguments) throws Exception {
        return launch(Map.of(), arguments);
    }

    Launched launch(Map<String, String> environment, String... arguments) throws Exception {
        return finish(start(environment, arguments));
    }

    Process start(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(root.resolve("mme5").toString()));
        command.addAll(List.of(arguments));
        return start(command, environment);
    }

    Process start(List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(workingFolder.toFile());
        builder.environment().putAll(Map.of(
                "JAVA_HOME", jdk.toString(),
                "BUILDS", folder.resolve("builds").toString(),
                "PATH", bin + ":" + System.getenv("PATH"),
                "HOME", folder.toString()));
        builder.environment().remove("MME5_JAVA_OPTS");
        builder.environment().remove("MME5_MODEL");
        builder.environment().putAll(environment);
        builder.redirectOutput(folder.resolve("out-" + System.nanoTime()).toFile());
        builder.redirectError(Files.createTempFile(folder, "err", "").toFile());
        Process process = builder.start();
        out.put(process.pid(), builder.redirectOutput().file().toPath());
        err.put(process.pid(), builder.redirectError().file().toPath());
        return process;
    }

    Launched finish(Process process) throws Exception {
        int status = process.waitFor();
        Thread.sleep(100);   // the filter before stderr may outlive a program that does not end it
        return new Launched(
                status,
                Files.readString(out.get(process.pid()), StandardCharsets.UTF_8),
                Files.readString(err.get(process.pid()), StandardCharsets.UTF_8));
    }
}
