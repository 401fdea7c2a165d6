package dev.mme5.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.simd.PageFaultGuard;
import dev.mme5.engine.kernel.simd.Species;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.instruction.InvokeInstruction;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rules for the compiled kernels that no result shows: sizes of methods, guards of vector loads, and the order of packages. */
class KernelBytecodeTest {
    private static final String KERNEL = "dev/mme5/engine/kernel/";

    /** C1 gives up somewhere above 2,000 bytecodes of vector code. */
    private static final int MAX_BYTECODES = 1800;

    /** Packages use those with smaller numbers. */
    private static final Map<String, Integer> FLOORS = Map.ofEntries(
            Map.entry("api", 0), Map.entry("pool", 0), Map.entry("simd", 0), Map.entry("rows", 1), Map.entry("microkernel", 1),
            Map.entry("reference", 2), Map.entry("baseline", 2), Map.entry("gemm", 2), Map.entry("attention", 2),
            Map.entry("panels/tiles", 3), Map.entry("panels/near", 4), Map.entry("panels", 5), Map.entry("int4", 6));

    private static final int TOP_FLOOR = 7;

    private static List<ClassModel> classes;

    @BeforeAll
    static void readClasses() throws IOException, URISyntaxException {
        Path root = Path.of(Kernels.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (Files.isDirectory(root)) {
            classes = classes(root);
        } else {
            try (FileSystem jar = FileSystems.newFileSystem(root)) {
                classes = classes(jar.getPath("/"));
            }
        }
    }

    private static List<ClassModel> classes(Path root) throws IOException {
        List<ClassModel> classes = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root.resolve(KERNEL))) {
            for (Path file : files.filter(file -> file.toString().endsWith(".class") && !file.toString().contains("Test")).toList()) {
                classes.add(ClassFile.of().parse(Files.readAllBytes(file)));
            }
        }
        return classes;
    }

    @Test
    void noMethodIsTooLargeForC1() {
        List<String> names = new ArrayList<>();
        for (ClassModel type : classes) {
            for (MethodModel method : type.methods()) {
                names.add(name(type, method));
                int bytecodes = method.code().map(code -> ((CodeAttribute) code).codeLength()).orElse(0);
                assertThat(bytecodes).as(name(type, method)).isLessThan(MAX_BYTECODES);
            }
        }

        assertThat(names).hasSizeGreaterThan(200).contains("microkernel/TwoVectorMicroKernel.rows12");
    }

    /** Without a guard in the same method, a fault of the load ends the JVM; that may happen once in a thousand faults. */
    @Test
    void everyVectorLoadFromASegmentIsGuarded() {
        List<String> loads = new ArrayList<>();
        for (ClassModel type : classes) {
            for (MethodModel method : type.methods()) {
                boolean guarded = false;
                for (CodeElement element : method.code().map(code -> code.elementList()).orElse(List.of())) {
                    if (!(element instanceof InvokeInstruction call)) continue;
                    guarded |= call.owner().asInternalName().equals(PageFaultGuard.class.getName().replace('.', '/'));
                    if (!call.name().equalsString("fromMemorySegment")) continue;
                    loads.add(name(type, method));
                    assertThat(guarded).as(name(type, method)).isTrue();
                }
            }
        }

        assertThat(loads).contains("simd/BlockTranspose.load", "gemm/Int8Panels.widen", "panels/tiles/Bf16Tiles10To12.tokens12");
    }

    /** Vectors change their type only to a constant species: {@link Species} says why. */
    @Test
    void noVectorLooksItsNextSpeciesUp() {
        List<String> changes = new ArrayList<>();
        for (ClassModel type : classes) {
            for (MethodModel method : type.methods()) {
                for (CodeElement element : method.code().map(code -> code.elementList()).orElse(List.of())) {
                    if (!(element instanceof InvokeInstruction call)) continue;
                    if (!call.owner().asInternalName().startsWith("jdk/incubator/vector/")) continue;
                    String called = call.name().stringValue();
                    if (called.equals("reinterpretShape")) changes.add(name(type, method));
                    assertThat(called).as(name(type, method)).doesNotStartWith("reinterpretAs").doesNotStartWith("viewAs")
                            .isNotEqualTo("convert");
                }
            }
        }

        assertThat(changes).contains("gemm/WeightPacker.widenBf16Columns", "panels/tiles/Bf16Tiles10To12.tokens12");
    }

    @Test
    void packagesUseOnlyPackagesBelowThem() {
        for (ClassModel type : classes) {
            String user = type.thisClass().asInternalName();
            for (PoolEntry entry : type.constantPool()) {
                if (!(entry instanceof ClassEntry used) || !used.asInternalName().startsWith(KERNEL)) continue;
                boolean allowed = packageOf(user).equals(packageOf(used.asInternalName())) || floor(used.asInternalName()) < floor(user);
                assertThat(allowed).as(user + " uses " + used.asInternalName()).isTrue();
            }
        }
    }

    private static String name(ClassModel type, MethodModel method) {
        return type.thisClass().asInternalName().substring(KERNEL.length()) + "." + method.methodName().stringValue();
    }

    private static String packageOf(String type) {
        return type.substring(KERNEL.length(), Math.max(KERNEL.length(), type.lastIndexOf('/')));
    }

    private static int floor(String type) {
        String name = packageOf(type);
        return name.isEmpty() ? TOP_FLOOR : FLOORS.get(name);
    }
}
