package dev.mme5.cli.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.DiscontinuedInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The jar of picocli, whose classes have version 49, and jars that cannot be upgraded. */
class ClassFileUpgradeTest {
    @TempDir
    Path folder;

    @Test
    void allClassesAreValidInTheNewVersionAndTheRestIsAsItWas() throws Exception {
        Path jar = picocli();
        Path upgraded = folder.resolve("upgraded.jar");
        ClassFileUpgrade.copy(jar, upgraded);

        assertThat(ClassFileUpgrade.isNeeded(jar)).isTrue();
        assertThat(ClassFileUpgrade.isNeeded(upgraded)).isFalse();
        Map<String, byte[]> expected = entries(jar);
        Map<String, byte[]> entries = entries(upgraded);
        assertThat(entries.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
        ClassFile classes = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(type -> {
            String name = type.descriptorString();
            byte[] bytes = entries.get(name.substring(1, name.length() - 1) + ".class");
            return bytes == null ? null : new ByteArrayInputStream(bytes);
        }).orElse(ClassHierarchyResolver.defaultResolver())));
        int upgrades = 0;
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
            if (entry.getKey().equals(JarFile.MANIFEST_NAME)) continue;
            if (entry.getKey().startsWith("picocli/") && entry.getKey().endsWith(".class")) {
                assertThat(classes.parse(entry.getValue()).majorVersion()).isEqualTo(ClassFile.JAVA_8_VERSION);
                assertThat(classes.verify(entry.getValue())).as(entry.getKey()).isEmpty();
                upgrades++;
            } else {
                assertThat(entry.getValue()).as(entry.getKey()).isEqualTo(expected.get(entry.getKey()));
            }
        }
        assertThat(upgrades).isGreaterThan(100);
    }

    @Test
    void theManifestSaysThatTheJarWasChanged() throws Exception {
        Path upgraded = folder.resolve("upgraded.jar");
        ClassFileUpgrade.copy(picocli(), upgraded);

        Manifest manifest = new Manifest(new ByteArrayInputStream(entries(upgraded).get(JarFile.MANIFEST_NAME)));
        assertThat(manifest.getMainAttributes().getValue("Changed-By-Mme5")).contains("stack maps");
        assertThat(manifest.getMainAttributes().getValue("Multi-Release")).isEqualTo("true");
    }

    @Test
    void upgradedClassesRun() throws Exception {
        Files.copy(picocli(), folder.resolve("picocli.jar"));
        ClassFileUpgrade.main(new String[] {folder.toString()});

        assertThat(folder.toFile().list()).containsExactly("picocli.jar");
        try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.resolve("picocli.jar").toUri().toURL()},
                ClassLoader.getPlatformClassLoader())) {
            Object version = loader.loadClass("picocli.CommandLine").getField("VERSION").get(null);
            Object help = loader.loadClass("picocli.AutoComplete")
                    .getMethod("bash", String.class, loader.loadClass("picocli.CommandLine"))
                    .invoke(null, "x", loader.loadClass("picocli.CommandLine").getConstructor(Object.class)
                            .newInstance(loader.loadClass("picocli.AutoComplete$GenerateCompletion").getConstructor().newInstance()));
            assertThat(version).isEqualTo(CommandLine.VERSION);
            assertThat((String) help).contains("complete");
        }
    }

    /** Subroutines, of which Java's compiler made finally once, cannot have stack maps. */
    @Test
    void aJarThatCannotBeUpgradedStaysAsItIs() throws Exception {
        Path jar = folder.resolve("subroutine.jar");
        byte[] bytes = ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS).build(ClassDesc.of("Old"), builder -> builder
                .withVersion(ClassFile.JAVA_5_VERSION, 0)
                .withMethodBody("f", MethodTypeDesc.of(ConstantDescs.CD_void), ClassFile.ACC_STATIC, code -> {
                    Label subroutine = code.newLabel();
                    code.with(DiscontinuedInstruction.JsrInstruction.of(subroutine)).return_()
                            .labelBinding(subroutine).astore(0)
                            .with(DiscontinuedInstruction.RetInstruction.of(0));
                }));
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new ZipEntry("Old.class"));
            out.write(bytes);
        }
        byte[] before = Files.readAllBytes(jar);

        assertThatThrownBy(() -> ClassFileUpgrade.main(new String[] {folder.toString()}))
                .isInstanceOf(IOException.class).hasMessageContaining("subroutine.jar: ");
        assertThat(folder.toFile().list()).containsExactly("subroutine.jar");
        assertThat(Files.readAllBytes(jar)).isEqualTo(before);
    }

    private static Path picocli() throws Exception {
        return Path.of(CommandLine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static Map<String, byte[]> entries(Path jar) throws IOException {
        Map<String, byte[]> entries = new HashMap<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                try (InputStream in = zip.getInputStream(entry)) {
                    entries.put(entry.getName(), in.readAllBytes());
                }
            }
        }
        return entries;
    }
}
