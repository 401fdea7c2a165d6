package dev.mme5.cli.command;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.ExitStatus;
import dev.mme5.cli.option.CommonOptions;
import dev.mme5.cli.option.OutputOptions;
import dev.mme5.cli.output.AtomicOutput;
import dev.mme5.cli.terminal.Table;
import dev.mme5.engine.ModelInspection;
import dev.mme5.hub.CachedModel;
import dev.mme5.hub.ModelHub;
import dev.mme5.json.JsonWriter;
import dev.mme5.json.SafeText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mme5 models}: the models in the hub's cache. */
@Command(name = "models", description = "Lists the models in the cache of the Hugging Face hub, and which of them can be used.")
public final class ModelsCommand implements Callable<Integer> {
    private final CommandContext context;

    @Mixin
    private CommonOptions common;

    @Mixin
    private OutputOptions output;

    @Option(names = "--json", description = "One JSON object for each model, a line each, instead of a table.")
    private boolean json;

    public ModelsCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        common.threads();
        boolean writesJson = output.json(json);
        ModelHub hub = context.hub().get();
        List<CachedModel> models = hub.list(ModelInspection::refusalByConfig);
        StringBuilder text = new StringBuilder();
        if (writesJson) {
            models.forEach(model -> text.append(json(model)).append('\n'));
        } else if (!models.isEmpty()) {
            text.append(table(models));
        }
        try (AtomicOutput out = output.open(context)) {
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            out.commit();
        }
        if (models.isEmpty() && !common.quiet()) {
            context.printMessage("no models in " + hub.settings().cache() + "; get one with: mme5 download ORG/NAME");
        }
        return ExitStatus.DONE;
    }

    private static String table(List<CachedModel> models) {
        Table table = new Table().numbers(2).row("name", "revision", "size", "state");
        for (CachedModel model : models) {
            table.row(SafeText.line(model.name()), SafeText.line(revision(model)), Table.size(model.bytes()), state(model));
        }
        return table.toString();
    }

    /** What {@code --model NAME@REV} finds it by. */
    private static String revision(CachedModel model) {
        return model.revisions().isEmpty() ? model.commit() : String.join(", ", model.revisions());
    }

    private static String state(CachedModel model) {
        if (!model.isComplete()) return "incomplete: " + SafeText.line(model.missing().orElseThrow()) + " is missing";
        return model.isUsable() ? "usable" : "not usable: " + model.problem().orElseThrow();
    }

    private static String json(CachedModel model) {
        JsonWriter json = new JsonWriter().beginObject().member("name", model.name()).member("commit", model.commit());
        json.name("revisions").beginArray();
        model.revisions().forEach(json::value);
        json.endArray()
                .member("folder", model.folder().toString())
                .member("bytes", model.bytes())
                .member("complete", model.isComplete())
                .member("usable", model.isUsable());
        model.missing().ifPresent(missing -> json.member("missing", missing));
        model.problem().ifPresent(problem -> json.member("problem", problem));
        return json.endObject().toString();
    }
}
