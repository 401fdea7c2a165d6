package dev.mme5.cli.command;

import dev.mme5.cli.Main;
import dev.mme5.cli.option.CommandContext;
import dev.mme5.cli.option.CommonOptions;
import dev.mme5.cli.option.UsageException;
import dev.mme5.cli.packaging.Installation;
import dev.mme5.cli.packaging.PackageBuilder;
import dev.mme5.engine.ModelInspection;
import dev.mme5.engine.files.AtomicFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mme5 package}: a folder that runs on a machine of this kind without a JDK, without Maven and without a network. */
@Command(
        name = "package",
        description = "Makes a folder with the command, a small Java runtime and the model, to be put on another machine.",
        footer = {"", "DIR/mme5 is started like mme5. DIR may be moved and renamed; it runs on the same system and processor kind."})
public final class PackageCommand implements Callable<Integer> {
    private final CommandContext console;
    private final Installation installation;

    @Mixin
    private CommonOptions common;

    @Option(names = "--output", paramLabel = "DIR", required = true, description = "The folder to make; it must not exist.")
    private String output;

    public PackageCommand(CommandContext console, Installation installation) {
        this.console = console;
        this.installation = installation;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        common.threads();   // refused when wrong, though nothing is computed here
        Path target = console.folder().resolve(output);
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS))
            throw new UsageException(output + ": exists, expected the name of a new folder");
        if (!Files.isDirectory(target.toAbsolutePath().getParent())) throw new UsageException(output + ": its folder does not exist");
        if (!Files.isExecutable(installation.tool("jlink")) || installation.modules().isEmpty()) {
            throw new UsageException("a package is made with a JDK, and %s has no jlink".formatted(installation.javaHome()));
        }
        Path model = common.model(console);
        ModelInspection inspection = ModelInspection.of(model);
        inspection.problems().forEach(console::say);
        if (!inspection.problems().isEmpty()) return Main.UNUSABLE;

        long modelBytes = inspection.parts().stream().mapToLong(ModelInspection.Part::bytes).sum();
        try (AtomicFolder folder = AtomicFolder.create(target, PackageBuilder.RUNTIME_BYTES + modelBytes)) {
            PackageBuilder made = new PackageBuilder(folder.path());
            made.addRuntime(installation);
            made.addModel(model, inspection.files());
            made.addLauncher();
            made.addStartUpCache();
            made.tryOut();
            folder.commit();
            if (!common.quiet()) {
                console.say(String.format(Locale.ROOT, "%s: %.1f MB, %.1f MB of them the model", output,
                        PackageBuilder.bytes(target) * 1e-6, PackageBuilder.bytes(target.resolve(PackageBuilder.MODEL)) * 1e-6));
            }
        }
        return Main.DONE;
    }
}
