package dev.mme5.engine.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The Java sources of one module, as text. */
record SourceTree(Path module) {
    /** The folder of all modules; tests run in that of the engine. */
    private static final Path ROOT = Path.of("..");

    private static final Pattern TYPE = Pattern.compile("\\b(dev\\.mme5(?:\\.[a-z]\\w*)+)\\.([A-Z]\\w*)");

    /** Comments and string literals, which name no dependency. */
    private static final Pattern TEXT =
            Pattern.compile("//[^\n]*|/\\*.*?\\*/|\"\"\".*?\"\"\"|\"(?:[^\"\\\\\n]|\\\\.)*\"", Pattern.DOTALL);

    /** Every module that has sources. */
    static List<SourceTree> all() {
        try (Stream<Path> folders = Files.list(ROOT)) {
            return folders.filter(folder -> Files.isDirectory(folder.resolve("src"))).sorted().map(SourceTree::new).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SourceTree of(String module) {
        return new SourceTree(ROOT.resolve(module));
    }

    String name() {
        return module.getFileName().toString();
    }

    /** Every source, tests included. */
    List<Path> files() {
        return javaFiles("src");
    }

    /** Every source of the product. */
    List<Path> mainFiles() {
        return javaFiles("src/main/java");
    }

    private List<Path> javaFiles(String folder) {
        if (!Files.isDirectory(module.resolve(folder))) return List.of();
        try (Stream<Path> files = Files.walk(module.resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sources of the product by package; those that describe a package or a module are left out. */
    Map<String, List<Path>> packages() {
        return mainFiles().stream()
                .filter(file -> !file.endsWith("package-info.java") && !file.endsWith("module-info.java"))
                .collect(Collectors.groupingBy(this::packageOf, TreeMap::new, Collectors.toList()));
    }

    String packageOf(Path file) {
        return module.resolve("src/main/java").relativize(file.getParent()).toString().replace('/', '.').replace('\\', '.');
    }

    /** The packages of this module that each package uses, by import or by full name. */
    Map<String, Set<String>> dependencies() {
        Map<String, Set<String>> uses = new TreeMap<>();
        Map<String, List<Path>> packages = packages();
        packages.forEach((name, files) -> {
            Set<String> used = new TreeSet<>();
            for (Path file : files) used.addAll(packagesNamedIn(file));
            used.retainAll(packages.keySet());
            used.remove(name);
            uses.put(name, used);
        });
        return uses;
    }

    private static List<String> packagesNamedIn(Path file) {
        return TYPE.matcher(TEXT.matcher(read(file)).replaceAll(" ")).results().map((MatchResult type) -> type.group(1)).toList();
    }

    /** The string literals of a source. */
    static List<String> literals(Path file) {
        return TEXT.matcher(read(file)).results().map(MatchResult::group).filter(text -> text.startsWith("\"")).toList();
    }

    /** Packages that the module exports without qualification. */
    List<String> exported() {
        Path info = module.resolve("src/main/java/module-info.java");
        if (!Files.exists(info)) return List.of();
        List<String> names = new ArrayList<>();
        Pattern.compile("exports\\s+([\\w.]+)").matcher(TEXT.matcher(read(info)).replaceAll(" ")).results()
                .forEach(export -> names.add(export.group(1)));
        return names;
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
