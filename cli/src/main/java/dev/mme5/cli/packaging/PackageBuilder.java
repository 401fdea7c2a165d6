package dev.mme5.cli.packaging;

import dev.mme5.engine.files.AtomicFolder;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.stream.Stream;

/**
 * Fills the folder of a package: {@code mme5}, {@code runtime}, {@code model}, {@code model.name}, {@code NOTICE} and {@code start-up.jsa}.
 */
public final class PackageBuilder {
    public static final String MODEL = "model";

    /** Approximate size of the runtime and the start-up cache. */
    public static final long RUNTIME_BYTES = 75L << 20;

    /** What the model's folder was called, for the answers of {@code mme5 serve}. */
    private static final String MODEL_NAME = "model.name";

    private static final String RUNTIME = "runtime";
    private static final String LAUNCHER = "mme5";
    private static final String START = "start.sh";
    private static final String CACHE = "start-up.jsa";
    private static final String UPGRADED = "upgraded";

    /** Texts that are embedded, with an image, to find the classes of a start. */
    private static final String[] TRIAL_TEXTS =
            {"a cat", "Find me an everyday image that matches the given caption: \u98DB\u884C\u6A5F.\n"};

    /** A grey JPEG of 40 x 30 pixels, in base 64. */
    private static final String TRIAL_IMAGE =
            "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19i"
                    + "Z2hnPk1xeXBkeFxlZ2P/wAALCAAeACgBAREA/9oACAEBAAA/AMyiiiiiiiiiiiiiiiiiiiv/2Q==";

    private static final String COMMAND = "dev.mme5.cli";
    private static final String LUCENE = "dev.mme5.lucene";

    private final AtomicFolder unfinished;
    private final Path folder;

    public PackageBuilder(AtomicFolder folder) {
        this.unfinished = folder;
        this.folder = folder.path();
    }

    /** Adds a runtime image of the command's modules and the modules of the JDK that they need. */
    public void addRuntime(Installation installation) throws IOException, InterruptedException {
        // Required statically, so the command's own requirements do not bring it.
        boolean hasLucene = ModuleFinder.of(installation.modules().toArray(Path[]::new)).find(LUCENE).isPresent();
        Path upgraded = Files.createDirectory(folder.resolve(UPGRADED));
        List<Path> jars = new ArrayList<>();
        for (Path module : installation.modules()) jars.add(upgraded(module, upgraded));
        String modules = jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        run(new ProcessBuilder(installation.tool("jlink").toString(),
                "--module-path", modules,
                "--add-modules", hasLucene ? COMMAND + "," + LUCENE : COMMAND,
                "--strip-debug", "--no-man-pages", "--no-header-files",
                "--compress", "zip-9",
                "--output", folder.resolve(RUNTIME).toString()));
        for (Path jar : jars) {
            if (Files.isRegularFile(jar)) copyLegalFiles(jar, folder.resolve(RUNTIME).resolve("legal"));
            if (jar.startsWith(upgraded)) Files.delete(jar);
        }
        Files.delete(upgraded);
    }

    /** The licence and the notice that a jar has, which jlink leaves out. */
    private static void copyLegalFiles(Path jar, Path legal) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (String name : List.of("LICENSE", "LICENSE.txt", "NOTICE", "NOTICE.txt")) {
                ZipEntry entry = zip.getEntry("META-INF/" + name);
                if (entry == null) continue;
                Path copies = Files.createDirectories(legal.resolve(jar.getFileName().toString().replaceFirst("\\.jar$", "")));
                try (InputStream in = zip.getInputStream(entry)) {
                    Files.copy(in, copies.resolve(name));
                }
            }
        }
    }

    /** A module as the start-up cache can hold it: itself, or a copy in a folder. */
    private static Path upgraded(Path module, Path folder) throws IOException {
        if (!Files.isRegularFile(module) || !ClassFileUpgrade.isNeeded(module)) return module;
        Path copy = folder.resolve(module.getFileName());
        ClassFileUpgrade.copy(module, copy);
        return copy;
    }

    /**
     * Adds the files of a model folder; evaluation data are left out.
     *
     * @param files that belong to the model
     */
    public void addModel(Path model, List<Path> files) throws IOException {
        Files.writeString(folder.resolve(MODEL_NAME), model.toRealPath().getFileName() + "\n");
        Path copy = Files.createDirectory(folder.resolve(MODEL));
        for (Path file : files) {
            Path target = copy.resolve(model.relativize(file).toString());
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
        }
    }

    /** Adds the script that starts the command, and the notice of what is in the runtime. */
    public void addLauncher() throws IOException {
        copyResource("license.txt", folder.resolve("LICENSE"));
        copyResource("notice.txt", folder.resolve("NOTICE"));
        copyResource("package.sh", folder.resolve(LAUNCHER));
        copyResource(START, folder.resolve(START));
        Files.setPosixFilePermissions(folder.resolve(LAUNCHER), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void copyResource(String name, Path file) throws IOException {
        try (InputStream in = PackageBuilder.class.getResourceAsStream(name)) {
            Files.copy(in, file);
        }
    }

    /**
     * Adds the classes of the JVM after a run, so that a start need not read and verify them again.
     *
     * @param withImage whether the model takes images
     */
    public void addStartUpCache(boolean withImage) throws IOException, InterruptedException {
        Path image = folder.resolve("trial.jpg");
        Files.write(image, Base64.getDecoder().decode(TRIAL_IMAGE));
        Path cache = folder.resolve(CACHE);
        ProcessBuilder trial = command("embed", "--format", "jsonl", TRIAL_TEXTS[0], TRIAL_TEXTS[1]); // with picocli
        if (withImage) trial.command().addAll(List.of("--image", image.toString()));
        trial.environment().put("MME5_MAKE_CACHE", cache.toString());
        run(trial);
        Files.delete(image);
        if (!Files.exists(cache)) throw new IOException("the JVM made no start-up cache");
    }

    /** Starts the packaged command: it must print one vector and nothing else. */
    public void test() throws IOException, InterruptedException {
        String printed = run(command("embed", TRIAL_TEXTS[0]));
        if (printed.lines().count() != 1 || !printed.startsWith("{\"id\":1,\"tokens\":")) {
            throw new IOException("the packaged command printed, instead of a vector: " + printed);
        }
    }

    private ProcessBuilder command(String... arguments) {
        List<String> line = new ArrayList<>(List.of(folder.resolve(LAUNCHER).toString()));
        line.addAll(List.of(arguments));
        ProcessBuilder command = new ProcessBuilder(line).directory(folder.toFile());
        command.environment().keySet()
                .removeAll(List.of("MME5_MODEL", "MME5_CACHE_MODEL", "MME5_JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        return command;
    }

    /** Runs a program and returns its output. If this process ends, the program is ended too. */
    private String run(ProcessBuilder program) throws IOException, InterruptedException {
        Process process = unfinished.start(program.redirectErrorStream(true));
        try {
            process.getOutputStream().close();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException("%s ended with exit status %d: %s"
                        .formatted(Path.of(program.command().getFirst()).getFileName(), status, printed.strip()));
            }
            return printed;
        } finally {
            if (process.isAlive()) process.destroy();
        }
    }

    /** Bytes of all files in a folder. */
    public static long bytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            long bytes = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) bytes += Files.size(file);
            return bytes;
        }
    }
}
