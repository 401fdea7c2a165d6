package dev.mme5.cli.packaging;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ResolvedModule;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JDK and the modules of a running command.
 *
 * @param javaHome folder of the JDK
 * @param modules jars or folders of all modules that the command requires, without those of the JDK; empty if they are part of a
 *        runtime image
 */
public record Installation(Path javaHome, List<Path> modules) {
    private static final String COMMAND = "dev.mme5.cli";

    public Installation {
        modules = List.copyOf(modules);
    }

    /** The installation of this process, found by following {@code requires} from the command's module. */
    public static Installation running() {
        Map<String, Path> found = new LinkedHashMap<>();
        Deque<ResolvedModule> open = new ArrayDeque<>();
        ModuleLayer.boot().configuration().findModule(COMMAND).ifPresent(open::add);
        while (!open.isEmpty()) {
            ResolvedModule module = open.poll();
            URI location = module.reference().location().orElse(null);
            if (location == null || !location.getScheme().equals("file") || found.putIfAbsent(module.name(), Path.of(location)) != null)
                continue;
            for (ModuleDescriptor.Requires required : module.reference().descriptor().requires()) {
                module.configuration().findModule(required.name()).ifPresent(open::add);
            }
        }
        return new Installation(Path.of(System.getProperty("java.home")), List.copyOf(found.values()));
    }

    /** A tool of the JDK. */
    public Path tool(String name) {
        return javaHome.resolve("bin").resolve(name);
    }
}
