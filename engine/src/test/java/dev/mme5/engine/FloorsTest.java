package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The architecture: a package uses only packages on floors below its own, and no file is too long to be read at once. */
class FloorsTest {
    private static final Path MODULES = Path.of("..");
    private static final Path SOURCES = Path.of("src/main/java/dev/mme5/engine");
    private static final String API = "";

    /** By package; those on the same floor do not know each other. */
    private static final Map<String, Integer> FLOORS =
            Map.of("files", 0, "kernel", 0, "nn", 1, "image", 2, "vision", 2, "text", 2, "model", 3, API, 4, "search", 5, "quantize", 5);

    private static final Pattern OWN_TYPE = Pattern.compile("\\bdev\\.mme5\\.engine\\.(?:([a-z]+)\\.)?[A-Z]");
    private static final int LONGEST_FILE = 400;

    @Test
    void packagesUseOnlyFloorsBelowTheirOwn() throws IOException {
        List<String> wrong = new ArrayList<>();
        List<Path> files = javaFiles(SOURCES);
        assertThat(files).hasSizeGreaterThan(50);
        for (Path file : files) {
            String from = packageOf(file);
            assertThat(FLOORS).as("the floor of %s", file).containsKey(from);
            for (String line : Files.readAllLines(file)) {
                for (Matcher type = OWN_TYPE.matcher(line); type.find();) {
                    String to = type.group(1) == null ? API : type.group(1);
                    if (!mayUse(from, to)) wrong.add(file + ": " + line.strip());
                }
            }
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    void filesOfAllModulesCanBeReadAtOnce() throws IOException {
        Set<String> modules = new TreeSet<>();
        for (Path folder : folders(MODULES)) {
            for (Path file : javaFiles(folder.resolve("src"))) {
                modules.add(folder.getFileName().toString());
                assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThanOrEqualTo(LONGEST_FILE);
            }
        }

        assertThat(modules).contains("json", "weights-loader", "tokenizer", "engine", "cli", "benchmarks", "fuzz");
    }

    private static boolean mayUse(String from, String to) {
        if (from.equals(to) || FLOORS.get(to) < FLOORS.get(from)) return true;
        return from.equals("vision") && to.equals("image"); // the tower reads what the image processor made
    }

    private static String packageOf(Path file) {
        Path folder = SOURCES.relativize(file.getParent());
        return folder.toString();
    }

    /** Those that have sources. */
    private static List<Path> folders(Path parent) throws IOException {
        try (Stream<Path> folders = Files.list(parent)) {
            return folders.filter(folder -> Files.isDirectory(folder.resolve("src"))).toList();
        }
    }

    private static List<Path> javaFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
