package dev.mme5.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The packages of the command and of search use only packages below their own. */
class PackageOrderTest {
    /** From top to bottom; packages on one line do not use each other. */
    private static final List<List<String>> CLI = List.of(
            List.of("dev.mme5.cli"),
            List.of("dev.mme5.cli.command"),
            List.of("dev.mme5.cli.option", "dev.mme5.cli.packaging"),
            List.of("dev.mme5.cli.evaluation", "dev.mme5.cli.verification", "dev.mme5.cli.resume", "dev.mme5.cli.serving"),
            List.of("dev.mme5.cli.output", "dev.mme5.cli.preview"),
            List.of("dev.mme5.cli.input"),
            List.of("dev.mme5.cli.terminal"),
            List.of("dev.mme5.cli.context"));

    private static final List<List<String>> SEARCH =
            List.of(List.of("dev.mme5.search"), List.of("dev.mme5.search.index", "dev.mme5.search.folder"));

    private static final Pattern TYPE = Pattern.compile("\\b(dev\\.mme5\\.(?:cli|search)(?:\\.[a-z]+)*)\\.[A-Z]");
    private static final int MAX_FILES = 15;

    @Test
    void packagesOfTheCommandLookDown() throws IOException {
        assertThat(violations(Path.of("cli/src/main/java"), CLI, "dev.mme5.cli")).isEmpty();
    }

    @Test
    void packagesOfSearchLookDown() throws IOException {
        assertThat(violations(Path.of("search/src/main/java"), SEARCH, "dev.mme5.search")).isEmpty();
    }

    @Test
    void packagesAreSmallAndExplained() throws IOException {
        for (String root : List.of("cli/src/main/java", "search/src/main/java")) {
            for (Path folder : packages(Path.of(root))) {
                assertThat(folder.resolve("package-info.java")).exists();
                assertThat(sources(folder)).as(folder.toString()).hasSizeLessThanOrEqualTo(MAX_FILES + 1);
            }
        }
    }

    private static List<String> violations(Path root, List<List<String>> order, String prefix) throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path folder : packages(root)) {
            String user = root.relativize(folder).toString().replace('/', '.');
            int level = level(order, user);
            assertThat(level).as("the level of " + user).isNotNegative();
            for (Path file : sources(folder)) {
                if (file.endsWith("package-info.java")) continue;
                for (Matcher type = TYPE.matcher(Files.readString(file)); type.find();) {
                    String used = type.group(1);
                    boolean isOther = used.startsWith(prefix) && !used.equals(user);
                    if (isOther && level(order, used) <= level) wrong.add(file.getFileName() + " uses " + used);
                }
            }
        }
        return wrong;
    }

    private static int level(List<List<String>> order, String name) {
        for (int level = 0; level < order.size(); level++) {
            if (order.get(level).contains(name)) return level;
        }
        return -1;
    }

    private static List<Path> packages(Path root) throws IOException {
        try (Stream<Path> folders = Files.walk(root)) {
            List<Path> found = new ArrayList<>();
            for (Path folder : folders.filter(Files::isDirectory).toList()) {
                if (!sources(folder).isEmpty() && !folder.equals(root)) found.add(folder);
            }
            return found;
        }
    }

    private static List<Path> sources(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
