package dev.mme5.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the pages point at exists: other pages, headings, files, and the tests that are named as proof. */
class DocumentationTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*Test)(?:\\.(\\w+))?`");

    @Test
    void linksLeadToFilesAndHeadings() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : pages()) {
            for (Matcher link = LINK.matcher(withoutCode(Files.readString(page))); link.find();) {
                String target = link.group(1);
                if (target.contains("://") || target.startsWith("mailto:")) continue;
                String[] parts = target.split("#", 2);
                Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
                if (!Files.exists(file)) {
                    broken.add(page + ": " + target);
                } else if (parts.length == 2 && !headings(file).contains(parts[1])) {
                    broken.add(page + ": no heading " + target);
                }
            }
        }

        assertThat(broken).isEmpty();
    }

    @Test
    void testsThatAreNamedExist() throws IOException {
        Map<String, Path> tests = new TreeMap<>();
        for (Path file : files(".java")) tests.put(file.getFileName().toString().replace(".java", ""), file);
        List<String> missing = new ArrayList<>();
        for (Path page : pages()) {
            for (Matcher name = TEST.matcher(Files.readString(page)); name.find();) {
                Path file = tests.get(name.group(1));
                boolean found = file != null && (name.group(2) == null || Files.readString(file).contains("void " + name.group(2) + "("));
                if (!found) missing.add(page + ": " + name.group());
            }
        }

        assertThat(missing).isEmpty();
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = files(".md");
        assertThat(pages).hasSizeGreaterThan(15);
        return pages;
    }

    private static List<Path> files(String ending) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("."))) {
            return files.filter(file -> file.toString().endsWith(ending) && !isGenerated(file)).map(Path::normalize).toList();
        }
    }

    private static boolean isGenerated(Path file) {
        for (Path part : file) {
            String name = part.toString();
            if (name.equals("target") || name.equals("node_modules") || name.startsWith(".") && name.length() > 1) return true;
        }
        return false;
    }

    private static String withoutCode(String page) {
        return page.replaceAll("(?s)```.*?```", "").replaceAll("`[^`\n]*`", "code");
    }

    /** The anchors that common renderers make of a page's headings. */
    private static List<String> headings(Path page) throws IOException {
        List<String> anchors = new ArrayList<>();
        for (String line : Files.readAllLines(page)) {
            if (!line.startsWith("#")) continue;
            String heading = line.replaceFirst("^#+ *", "").toLowerCase(Locale.ROOT);
            anchors.add(heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'));
        }
        return anchors;
    }
}
