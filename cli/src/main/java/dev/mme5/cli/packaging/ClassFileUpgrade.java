package dev.mme5.cli.packaging;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Upgrades jars whose class files are so old that no start-up cache can hold their classes: class data sharing wants classes with stack
 * maps, which begin with version 50. Picocli has version 49. The bytecode stays the same.
 */
public final class ClassFileUpgrade {
    private static final String CLASS = ".class";
    private static final int MIN_VERSION = ClassFile.JAVA_6_VERSION;
    private static final int NEW_VERSION = ClassFile.JAVA_8_VERSION;
    private static final Attributes.Name CHANGED = new Attributes.Name("Changed-By-Mme5");

    /** As the build's jars have, in every time zone: equal jars stay equal. */
    private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 1, 0, 0);

    private ClassFileUpgrade() {}

    /** Upgrades the jars of a folder in their place; the launcher's build ends so. */
    public static void main(String[] folder) throws IOException {
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(Path.of(folder[0]), "*.jar")) {
            found.forEach(jars::add);
        }
        for (Path jar : jars) {
            if (!isNeeded(jar)) continue;
            Path upgraded = jar.resolveSibling(jar.getFileName() + ".new");
            try {
                copy(jar, upgraded);
                Files.move(upgraded, jar, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(upgraded);
            }
        }
    }

    /** Whether a jar has a class that no start-up cache can hold. */
    static boolean isNeeded(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : zip.stream().filter(entry -> entry.getName().endsWith(CLASS)).toList()) {
                try (InputStream in = zip.getInputStream(entry)) {
                    if (isOld(in.readNBytes(8))) return true;
                }
            }
            return false;
        }
    }

    /**
     * Writes an upgraded copy. Its manifest says that it was changed, as the Apache License asks.
     *
     * @throws IOException also if a class cannot be upgraded
     */
    static void copy(Path jar, Path target) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                try (InputStream in = zip.getInputStream(entry)) {
                    entries.put(entry.getName(), in.readAllBytes());
                }
            }
        }
        ClassFile classes = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(hierarchy(entries)));
        try (OutputStream file = Files.newOutputStream(target); ZipOutputStream out = new ZipOutputStream(file)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                ZipEntry copy = new ZipEntry(entry.getKey());
                copy.setTimeLocal(TIME);
                out.putNextEntry(copy);
                byte[] bytes = entry.getValue();
                if (entry.getKey().equals(JarFile.MANIFEST_NAME)) {
                    writeManifest(bytes, out);
                } else {
                    out.write(entry.getKey().endsWith(CLASS) && isOld(bytes) ? upgrade(bytes, classes) : bytes);
                }
                out.closeEntry();
            }
        } catch (IllegalArgumentException e) {
            throw new IOException(jar + ": " + e.getMessage(), e);
        }
    }

    private static void writeManifest(byte[] bytes, OutputStream out) throws IOException {
        Manifest manifest = new Manifest(new ByteArrayInputStream(bytes));
        manifest.getMainAttributes().put(CHANGED, "class files have version " + NEW_VERSION + " and stack maps");
        manifest.write(out);
    }

    /** Copies every method instruction by instruction, which makes stack maps for the new version. */
    private static byte[] upgrade(byte[] bytes, ClassFile classes) {
        ClassModel model = classes.parse(bytes);
        return classes.transformClass(model,
                ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL).andThen((builder, element) -> {
                    if (element instanceof ClassFileVersion) builder.withVersion(NEW_VERSION, 0);
                    else builder.with(element);
                }));
    }

    /** Stack maps need to know what classes have in common: those of the jar and of the JDK. */
    private static ClassHierarchyResolver hierarchy(Map<String, byte[]> entries) {
        return ClassHierarchyResolver.ofResourceParsing(type -> {
            String descriptor = type.descriptorString();
            byte[] bytes = entries.get(descriptor.substring(1, descriptor.length() - 1) + CLASS);
            return bytes == null ? null : new ByteArrayInputStream(bytes);
        }).orElse(ClassHierarchyResolver.defaultResolver()).cached();
    }

    /** @param bytes at least those of a class file up to its version */
    private static boolean isOld(byte[] bytes) {
        return bytes.length >= 8 && ((bytes[6] & 0xff) << 8 | bytes[7] & 0xff) < MIN_VERSION;
    }
}
