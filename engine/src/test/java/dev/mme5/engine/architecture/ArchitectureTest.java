package dev.mme5.engine.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shape of the house, read from its sources: all modules, main and test. */
class ArchitectureTest {
    private static final String ENGINE = "dev.mme5.engine";
    private static final String MLLAMA = ENGINE + ".family.mllama";

    /** The engine's packages from the ground up: each uses only those of lines above its own. {@code .*} stands for all below too. */
    private static final List<List<String>> FLOORS = List.of(
            List.of(".failure", ".files", ".kernel.*"),
            List.of(".nn"),
            List.of(".nn.attention", ".image.*"),
            List.of(".family"),
            List.of(".family.mllama.tiling", ".family.mllama.text", ".family.encoder"),
            List.of(".family.mllama.vision"),
            List.of(".family.mllama"),
            List.of(".runtime.waiting"),
            List.of(".runtime.memory"),
            List.of(".runtime.pass"),
            List.of(".runtime"),
            List.of(""),
            List.of(".quantize"));

    /** The list of families, which names them all. */
    private static final String REGISTRY = "ModelFamilies.java";

    /** Words of one family. Kernels and image formats have tiles of their own. */
    private static final Pattern FAMILY_WORDS =
            Pattern.compile(
                    "(?i:mllama)|\\b[Tt]iles?\\b|\\btile[sA-Z]|Tiles?(?![a-z])|(?i:cross.?attention|image tokens?\\b)|[iI]mageToken");

    private static final String ENCODER = ENGINE + ".family.encoder";

    /** Words of the other family. A file of sentence-transformers bears one in its name, and belongs to no family. */
    private static final Pattern ENCODER_WORDS = Pattern.compile("(?i:(?<!sentence_)bert)");

    private static final Pattern FAMILY_NAME = Pattern.compile("mllama", Pattern.CASE_INSENSITIVE);

    private static final Pattern PUBLIC_TYPE =
            Pattern.compile("^public (?:abstract |final |sealed |non-sealed )*(?:class|interface|record|enum|@interface) ",
                    Pattern.MULTILINE);

    private static final int MAX_LINES = 400;
    private static final int MAX_FILES_OF_A_PACKAGE = 16;

    /** The public API is looked up, not surveyed; a handful of its types are exceptions. */
    private static final int MAX_TYPES_OF_THE_API = 20;

    /** Helpers of the public types. */
    private static final int MAX_HELPERS_OF_THE_API = 4;

    static Stream<SourceTree> modules() {
        return SourceTree.all().stream();
    }

    @Test
    void allModulesAreRead() {
        assertThat(modules().map(SourceTree::name))
                .contains("json", "weights-loader", "tokenizer", "engine", "search", "hub", "server", "cli", "benchmarks", "fuzz");
        assertThat(SourceTree.of("engine").packages()).hasSizeGreaterThan(15);
    }

    @ParameterizedTest
    @MethodSource("modules")
    void packagesFormNoCycle(SourceTree module) {
        assertThat(Cycles.of(module.dependencies())).isEmpty();
    }

    @Test
    void thePackagesOfTheEngineUseOnlyFloorsBelow() {
        List<String> wrong = new ArrayList<>();
        SourceTree.of("engine").dependencies().forEach((user, used) -> {
            for (String name : used) {
                boolean below = floor(name) < floor(user) || within(user, ".kernel") && within(name, ".kernel")
                        || within(user, ".image") && within(name, ".image");
                if (!below) wrong.add(user + " uses " + name);
            }
        });

        assertThat(wrong).isEmpty();
    }

    @Test
    void everyPackageOfTheEngineHasAFloor() {
        assertThat(SourceTree.of("engine").packages().keySet()).allMatch(name -> floor(name) >= 0);
    }

    /** Only its own package and the registry may name a family; what a family is made of is named nowhere else. */
    @Test
    void onlyTheFamilyItselfSpeaksOfIt() {
        SourceTree engine = SourceTree.of("engine");
        List<String> wrong = new ArrayList<>();
        for (Path file : engine.mainFiles()) {
            String name = engine.packageOf(file);
            if (file.endsWith(REGISTRY)) continue;
            boolean hasTiles = within(name, ".kernel") || within(name, ".image");
            if (!name.startsWith(MLLAMA)) addLinesWith(hasTiles ? FAMILY_NAME : FAMILY_WORDS, file, wrong);
            if (!name.startsWith(ENCODER)) addLinesWith(ENCODER_WORDS, file, wrong);
        }

        assertThat(wrong).isEmpty();
    }

    private static void addLinesWith(Pattern words, Path file, List<String> found) {
        List<String> lines = SourceTree.read(file).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            // The name of a published checkpoint is no word of the family.
            String line = lines.get(i).replace("mmE5-mllama-11b-instruct", "");
            if (words.matcher(line).find()) found.add(file.getFileName() + ":" + (i + 1) + ": " + line.strip());
        }
    }

    @Test
    void theRegistryNamesAFamilyOnlyToListIt() {
        Path registry = SourceTree.of("engine").mainFiles().stream().filter(file -> file.endsWith(REGISTRY)).findFirst().orElseThrow();

        assertThat(SourceTree.read(registry).lines().filter(line -> FAMILY_NAME.matcher(line).find())).hasSize(2);
        assertThat(SourceTree.read(registry).lines().filter(line -> line.contains("Encoder"))).hasSize(4);
    }

    /** What to type is known to the command, not to a library that a server may use. */
    @ParameterizedTest
    @ValueSource(strings = {"json", "weights-loader", "tokenizer", "engine", "search", "hub"})
    void noMessageOfALibraryNamesAnOptionOfTheCommand(String module) {
        Pattern option = Pattern.compile("(?<![\\w-])--(?!add-modules )[a-z]");

        assertThat(SourceTree.of(module).mainFiles()).isNotEmpty().allSatisfy(file -> assertThat(SourceTree.literals(file))
                .as("literals of %s", file).noneMatch(text -> option.matcher(text).find() || text.contains("MME5_")));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void filesCanBeReadAtOnce(SourceTree module) {
        assertThat(module.files()).allSatisfy(
                file -> assertThat(SourceTree.read(file).lines().count()).as("lines of %s", file).isLessThanOrEqualTo(MAX_LINES));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void packagesCanBeSurveyed(SourceTree module) {
        module.packages().forEach(
                (name, files) -> assertThat(files).as("files of %s", name).hasSizeLessThanOrEqualTo(name.equals(ENGINE)
                        ? MAX_TYPES_OF_THE_API + MAX_HELPERS_OF_THE_API
                        : MAX_FILES_OF_A_PACKAGE));
    }

    @Test
    void theApiIsSmall() {
        List<Path> types = SourceTree.of("engine").packages().get(ENGINE).stream()
                .filter(file -> PUBLIC_TYPE.matcher(SourceTree.read(file)).find())
                .toList();

        assertThat(types).hasSizeBetween(1, MAX_TYPES_OF_THE_API);
    }

    @ParameterizedTest
    @MethodSource("modules")
    void exportedPackagesAreExplained(SourceTree module) {
        for (String name : module.exported()) {
            Path info = module.module().resolve("src/main/java").resolve(name.replace('.', '/')).resolve("package-info.java");
            assertThat(Files.exists(info)).as("%s of %s", info.getFileName(), name).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            a:b b:c c:             | -
            a:b b:a                | [[a, b]]
            a:b b:c c:a d:a        | [[a, b, c]]
            a:b b:a,c c:d d:c      | [[c, d], [a, b]]
            """)
    void cyclesAreFound(String graph, String cycles) {
        Map<String, Set<String>> edges = new TreeMap<>();
        for (String node : graph.split(" +")) {
            String[] parts = node.split(":", -1);
            edges.put(parts[0], parts[1].isEmpty() ? Set.of() : Set.of(parts[1].split(",")));
        }

        assertThat(Cycles.of(edges)).hasToString(cycles == null ? "[]" : cycles);
    }

    /** Counted from the ground; -1 when it has none. */
    private static int floor(String name) {
        for (int floor = 0; floor < FLOORS.size(); floor++) {
            for (String entry : FLOORS.get(floor)) {
                boolean matches = entry.endsWith(".*") ? within(name, entry.substring(0, entry.length() - 2)) : name.equals(ENGINE + entry);
                if (matches) return floor;
            }
        }
        return -1;
    }

    private static boolean within(String name, String room) {
        return name.equals(ENGINE + room) || name.startsWith(ENGINE + room + ".");
    }
}
