package dev.mme5.cli.evaluation;

import dev.mme5.cli.terminal.DisplayWidth;
import dev.mme5.json.JsonWriter;
import dev.mme5.json.SafeText;
import dev.mme5.search.RankingMetrics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The result of an evaluation.
 *
 * @param model name of the model
 * @param candidates number of candidates
 * @param failed number of candidates and queries that could not be embedded; they count as not found
 * @param queries in the order of the file
 */
public record EvaluationReport(String model, int candidates, int failed, List<Measured> queries) {
    private static final String ALL = "all queries";
    private static final String MEAN = "mean of groups";

    public EvaluationReport {
        queries = List.copyOf(queries);
    }

    /** The metrics of one query. */
    public record Measured(String group, RankingMetrics metrics) {}

    /** Groups in the order of their first query. */
    private Map<String, List<RankingMetrics>> groups() {
        Map<String, List<RankingMetrics>> groups = new LinkedHashMap<>();
        for (Measured query : queries) groups.computeIfAbsent(query.group(), group -> new ArrayList<>()).add(query.metrics());
        return groups;
    }

    private RankingMetrics all() {
        return RankingMetrics.mean(queries.stream().map(Measured::metrics).toList());
    }

    private RankingMetrics meanOfGroups() {
        return RankingMetrics.mean(groups().values().stream().map(RankingMetrics::mean).toList());
    }

    public String table() {
        Map<String, List<RankingMetrics>> groups = groups();
        List<String> names = new ArrayList<>();
        List<String> cells = new ArrayList<>();
        if (groups.size() > 1 || !groups.containsKey("")) {
            groups.forEach((group, metrics) -> {
                names.add(group.isEmpty() ? "(no group)" : SafeText.line(group));
                cells.add(row(metrics.size(), RankingMetrics.mean(metrics)));
            });
        }
        names.add(ALL);
        cells.add(row(queries.size(), all()));
        if (groups.size() > 1) {
            names.add(MEAN);
            cells.add(row(groups.size(), meanOfGroups()));
        }

        int width = names.stream().mapToInt(DisplayWidth::of).max().orElseThrow();
        StringBuilder table = new StringBuilder(DisplayWidth.padded("", width));
        table.append("  queries     R@1     R@5    R@10     MRR  nDCG@10\n");
        for (int i = 0; i < names.size(); i++) {
            table.append(DisplayWidth.padded(names.get(i), width)).append(cells.get(i)).append('\n');
        }
        return table.toString();
    }

    private static String row(int count, RankingMetrics m) {
        return String.format(
                Locale.ROOT,
                "  %7d  %6.4f  %6.4f  %6.4f  %6.4f  %7.4f",
                count, m.recallAt1(), m.recallAt5(), m.recallAt10(), m.reciprocalRank(), m.ndcgAt10());
    }

    public String json() {
        JsonWriter json = new JsonWriter().beginObject()
                .member("model", model)
                .member("candidates", candidates)
                .member("queries", queries.size())
                .member("failed", failed);
        write(json.name("all"), queries.size(), all());
        write(json.name("mean_of_groups"), groups().size(), meanOfGroups());
        json.name("groups").beginObject();
        groups().forEach((group, metrics) -> write(json.name(group), metrics.size(), RankingMetrics.mean(metrics)));
        return json.endObject().endObject() + "\n";
    }

    private static void write(JsonWriter json, int count, RankingMetrics m) {
        json.beginObject()
                .member("count", count)
                .member("recall_at_1", m.recallAt1())
                .member("recall_at_5", m.recallAt5())
                .member("recall_at_10", m.recallAt10())
                .member("mrr", m.reciprocalRank())
                .member("ndcg_at_10", m.ndcgAt10())
                .endObject();
    }
}
