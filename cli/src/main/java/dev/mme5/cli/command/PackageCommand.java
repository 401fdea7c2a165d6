package dev.mme5.cli.command;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.ExitStatus;
import dev.mme5.cli.context.NewFiles;
import dev.mme5.cli.context.UsageException;
import dev.mme5.cli.option.CommonOptions;
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

/** {@code mme5 package}: a folder that runs without a JDK, Maven or a network on machines with the same system and processor type. */
@Command(
        name = "package",
        description = "Makes a folder with the command, a small Java runtime and the model, for other machines.",
        footer = {"", "Start DIR/mme5 like mme5. DIR may be moved and renamed. It runs on the same system and processor type."})
public final class PackageCommand implements Callable<Integer> {
    private final CommandContext context;
    private final Installation installation;

    @Mixin
    private CommonOptions common;

    @Option(names = "--output", paramLabel = "DIR", required = true, description = "The folder to make; it must not exist.")
    private String output;

    public PackageCommand(CommandContext context, Installation installation) {
        this.context = context;
        this.installation = installation;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        common.threads();   // refuses a wrong value
        Path target = context.folder().resolve(output);
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new UsageException(output + ": exists, expected the name of a new folder");
        }
        NewFiles.requireFolder(target.toAbsolutePath().getParent(), output.toString());
        if (!Files.isExecutable(installation.tool("jlink")) || installation.modules().isEmpty()) {
            throw new UsageException("a package is made with a JDK, and %s has no jlink".formatted(installation.javaHome()));
        }
        Path model = common.model(context);
        ModelInspection inspection = ModelInspection.of(model);
        inspection.problems().forEach(context::printMessage);
        if (!inspection.problems().isEmpty()) return ExitStatus.UNUSABLE;

        long modelBytes = inspection.parts().stream().mapToLong(ModelInspection.Part::bytes).sum();
        try (AtomicFolder folder = AtomicFolder.create(target, PackageBuilder.RUNTIME_BYTES + modelBytes)) {
            PackageBuilder builder = new PackageBuilder(folder);
            builder.addRuntime(installation);
            builder.addModel(model, inspection.files());
            builder.addLauncher();
            builder.addStartUpCache(inspection.model().orElseThrow().takesImages());
            builder.test();
            folder.commit();
            if (!common.quiet()) {
                context.printMessage(String.format(Locale.ROOT, "%s: %.1f MB, %.1f MB of them the model", output,
                        PackageBuilder.bytes(target) * 1e-6, PackageBuilder.bytes(target.resolve(PackageBuilder.MODEL)) * 1e-6));
            }
        }
        return ExitStatus.DONE;
    }
}
