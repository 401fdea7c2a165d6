package dev.mme5.cli.command;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.ExitStatus;
import dev.mme5.cli.option.CommonOptions;
import dev.mme5.cli.option.OutputOptions;
import dev.mme5.cli.option.PromptOptions;
import dev.mme5.cli.output.AtomicOutput;
import dev.mme5.cli.output.RunFiles;
import dev.mme5.cli.terminal.Table;
import dev.mme5.engine.ModelInspection;
import dev.mme5.engine.Options;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mme5 inspect}: the contents of a model folder, the memory that it needs, and everything wrong with it. */
@Command(name = "inspect",
        description = "Shows the contents of a model folder, the memory that running it needs, and everything wrong with it.")
public final class InspectCommand implements Callable<Integer> {
    private final CommandContext context;

    @Mixin
    private CommonOptions common;

    @Mixin
    private PromptOptions prompts;

    @Mixin
    private OutputOptions output;

    @Option(names = "--json", description = "One JSON object instead of tables.")
    private boolean json;

    public InspectCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        Options options = Options.defaults().withThreads(common.threads()).withMaxTokens(prompts.maxTokens(0));
        boolean writesJson = output.json(json);
        Path folder = common.model(context);
        new RunFiles(context).readsModel(folder).writes("--output", output.file()).check();
        ModelInspection model = ModelInspection.of(folder, options);
        try (AtomicOutput out = output.open(context)) {
            out.write((writesJson ? InspectionJson.of(model) + "\n" : report(model)).getBytes(StandardCharsets.UTF_8));
            out.commit();
        }
        model.problems().forEach(context::printMessage);
        return model.problems().isEmpty() ? ExitStatus.DONE : ExitStatus.UNUSABLE;
    }

    private static String report(ModelInspection model) {
        StringBuilder text = new StringBuilder("folder  " + model.folder() + "\n");
        List<Fact> facts = facts(model);
        if (!facts.isEmpty()) {
            Table table = new Table();
            facts.forEach(fact -> table.row(fact.name(), fact.value()));
            text.append('\n').append(table);
        }
        if (!model.parts().isEmpty()) text.append('\n').append(parts(model));
        if (!model.memory().isEmpty()) text.append('\n').append(memory(model));
        if (!model.entries().isEmpty()) text.append('\n').append(entries(model));
        return text.toString();
    }

    /** One line of description. */
    private record Fact(String name, String value) {}

    private static List<Fact> facts(ModelInspection model) {
        List<Fact> facts = new ArrayList<>();
        model.model().ifPresent(read -> {
            facts.add(new Fact("model", read.modelType()));
            read.traits().forEach(trait -> facts.add(new Fact(trait.name(), trait.value())));
            read.defaultsUsed().forEach(used -> facts.add(new Fact("default", used.key() + " = " + used.value())));
        });
        model.tokenizerIds().ifPresent(ids -> facts.add(new Fact("tokenizer", ids + " ids")));
        model.shards().forEach(shard -> facts.add(new Fact("weights", shard.file().getFileName() + ", " + shard.bytes() + " bytes")));
        model.quantization()
                .ifPresent(format -> facts.add(new Fact(format.scheme().isInteger() ? "quantised" : "laid out", format.label())));
        if (model.memory().isEmpty()) return facts;
        ModelInspection.Limits limits = model.limits();
        facts.add(new Fact("Java heap", (limits.heapBytes() >> 20) + " MB"));
        if (limits.machineBytes() < Long.MAX_VALUE) {
            facts.add(new Fact("memory", (limits.machineBytes() >> 20) + " MB in this machine or container"));
        }
        return facts;
    }

    private static String name(ModelInspection.Part part) {
        return part.needed() ? part.name() : part.name() + " (not read)";
    }

    private static String name(ModelInspection.Run run) {
        return switch (run) {
            case ModelInspection.Run.Pass(int tokens, int images) when images == 0 -> "text of " + tokens + " tokens";
            case ModelInspection.Run.Pass(int tokens, int images) -> "image of all tiles, " + tokens + " tokens";
            case ModelInspection.Run.Decoding(long pixels) -> "decoding an image of " + pixels / 1_000_000 + " megapixels";
        };
    }

    private static String problem(ModelInspection.Memory memory) {
        return memory.shortage().map(shortage -> "needs " + shortage).orElse("");
    }

    private static String parts(ModelInspection model) {
        Table table = new Table().numbers(2, 3, 4).row("part", "dtype", "tensors", "parameters", "bytes", "");
        long tensors = 0;
        long parameters = 0;
        long bytes = 0;
        for (ModelInspection.Part part : model.parts()) {
            table.row(name(part), part.dtype(), Table.count(part.tensors()), Table.count(part.parameters()), Table.size(part.bytes()),
                    part.needed() ? "" : "not needed");
            tensors += part.tensors();
            parameters += part.parameters();
            bytes += part.bytes();
        }
        return table.row("total", "", Table.count(tensors), Table.count(parameters), Table.size(bytes), "").toString();
    }

    private static String entries(ModelInspection model) {
        Table table = new Table().numbers(1).row("file", "bytes", "");
        model.entries().forEach(entry -> table.row(entry.name(), Table.count(entry.bytes()), entry.use().label()));
        return table.toString();
    }

    private static String memory(ModelInspection model) {
        Table table = new Table().numbers(1, 2, 3).row("to run", "heap", "mapped file", "direct", "");
        for (ModelInspection.Memory run : model.memory()) {
            table.row(name(run.run()), Table.heap(run.heapBytes()), Table.size(run.mappedBytes()), Table.size(run.directBytes()),
                    problem(run));
        }
        return table.toString();
    }
}
