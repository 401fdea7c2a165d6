package dev.mme5.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.cli.Cli.Ran;
import dev.mme5.cli.Cli;
import dev.mme5.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On an untrained model a query finds the candidate that is the same as itself, and that one first. */
class EvaluateCommandTest {
    @TempDir
    Path folder;

    @Test
    void reportsEachGroupAllQueriesAndTheMeanOfGroups() throws IOException {
        data("""
                {"query":"q1","text":"a cat","relevant":["cat"],"group":"en"}
                {"query":"q2","text":"ein Hund","relevant":["dog"],"group":"de","pool":""}

                {"query":"q3","images":["grey.png"],"relevant":["cat"],"candidates":["grey","cat"],"group":"de"}
                {"candidate":"cat","text":"a cat"}
                {"candidate":"dog","text":"ein Hund"}
                {"candidate":"grey","images":["grey.png"]}
                """);

        Ran ran = evaluate();

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.lines()).containsExactly(
                "                queries     R@1     R@5    R@10     MRR  nDCG@10",
                "en                    1  1.0000  1.0000  1.0000  1.0000   1.0000",
                "de                    2  0.5000  1.0000  1.0000  0.7500   0.8155",
                "all queries           3  0.6667  1.0000  1.0000  0.8333   0.8770",
                "mean of groups        2  0.7500  1.0000  1.0000  0.8750   0.9077");
        assertThat(folder.resolve("data.jsonl.mme5-eval-index.safetensors")).exists();
        assertThat(evaluate().err()).isEmpty(); // nothing is embedded again
    }

    @Test
    void textsThatWereCutOffAreCountedEveryTime() throws IOException {
        data("{\"candidate\":1,\"text\":\"a cat on a mat\"}\n{\"query\":1,\"text\":\"a\",\"relevant\":[\"1\"]}\n");

        assertThat(evaluate("--max-tokens", "4").err()).contains("; 1 text cut off at 4 tokens");
        assertThat(evaluate("--max-tokens", "4").err()).isEqualTo("mme5: 2 documents; 1 text cut off at 4 tokens\n");
        assertThat(evaluate("--max-tokens", "4", "--quiet").err()).isEmpty();
    }

    @Test
    void promptsAreForTextsAlone() throws IOException {
        data("""
                {"candidate":"cat","text":"a cat"}
                {"candidate":"grey","images":["grey.png"]}
                {"query":"q1","text":"a cat","relevant":["cat"]}
                {"query":"q2","images":["grey.png"],"relevant":["grey"]}
                """);
        assertThat(evaluate().err()).contains("4 documents, 2 embedded now"); // what is equal once

        assertThat(evaluate("--document-prompt", "Text: ").err()).contains("4 documents, 1 embedded now");
        assertThat(evaluate("--document-prompt", "Text: ", "--instruction", "Text:\\n{}").err()).contains("4 documents, 1 embedded now");
        Ran equal = evaluate("--document-prompt", "Text:\\n", "--instruction", "Text:\\n{}");

        assertThat(equal.err()).isEqualTo("""
                mme5: --instruction left out for 1 of 2 queries: prompts are for inputs without images
                mme5: --document-prompt left out for 1 of 2 candidates: prompts are for inputs without images
                """); // and nothing is embedded: the candidate is now what the query was
        assertThat(evaluate("--document-prompt", "Text:\\n", "--instruction", "Text:\\n{}", "--quiet").err()).isEmpty();
        assertThat(equal.lines().getLast()).startsWith("all queries        2  1.0000");
    }

    @ParameterizedTest
    @CsvSource({"--prompt-name, query, queries", "--instruction, find {}, queries", "--document-prompt-name, passage, candidates",
        "--document-prompt, Text:, candidates"})
    void aPromptForImagesAloneIsRefusedBeforeTheModelIsOpened(String option, String value, String noun) throws IOException {
        data("{\"candidate\":1,\"images\":[\"grey.png\"]}\n{\"query\":1,\"images\":[\"grey.png\"],\"relevant\":[\"1\"]}\n");

        Ran ran = evaluate(option, value, "--model", "none");

        assertThat(ran.err())
                .isEqualTo("mme5: " + option + " is for " + noun + " without images, and there is none (see mme5 evaluate --help)\n");
        assertThat(ran.status()).isEqualTo(2);
    }

    @Test
    void withoutGroupsThereIsOneLine() throws IOException {
        data("{\"candidate\":7,\"text\":\"a\"}\n{\"query\":1,\"text\":\"a\",\"relevant\":[\"7\"]}\n");

        assertThat(evaluate().lines()).hasSize(2).last().asString().startsWith("all queries        1  1.0000");
    }

    @Test
    void jsonHasAllNumbers() throws IOException {
        data("""
                {"candidate":"cat","text":"a cat"}
                {"candidate":"dog","text":"ein Hund"}
                {"query":"q1","text":"a cat","relevant":{"cat":1,"dog":2.5},"group":"en"}
                """);

        JsonObject report = evaluate("--json").json().getFirst();

        assertThat(report.text("model")).isEqualTo("a-bf16-hub");
        assertThat(report.integer("candidates")).isEqualTo(2);
        assertThat(report.integer("queries")).isEqualTo(1);
        assertThat(report.integer("failed")).isZero();
        JsonObject group = report.object("groups").object("en");
        assertThat(group.keys()).containsExactly("count", "recall_at_1", "recall_at_5", "recall_at_10", "mrr", "ndcg_at_10");
        assertThat(group.number("recall_at_1")).isEqualTo(0.5);
        assertThat(group.number("ndcg_at_10")).isBetween(0.82, 0.83); // (1 + 2.5 / log2(3)) / (2.5 + 1 / log2(3))
        assertThat(report.object("all").number("mrr")).isEqualTo(1);
        assertThat(report.object("mean_of_groups").integer("count")).isEqualTo(1);
    }

    @Test
    void aQuerySeesTheCandidatesOfItsPool() throws IOException {
        data("""
                {"candidate":"1","text":"a cat","pool":"x"}
                {"candidate":"2","text":"not at all","pool":"y"}
                {"query":"q","text":"a cat","relevant":["2"],"pool":"y"}
                """);

        assertThat(evaluate("--json").json().getFirst().object("all").number("recall_at_1")).isEqualTo(1);
    }

    @Test
    void whatCannotBeEmbeddedCountsAsNotFound() throws IOException {
        data("""
                {"candidate":"gone","images":["none.png"]}
                {"candidate":"cat","text":"a cat"}
                {"query":"q1","text":"a cat","relevant":["gone"]}
                {"query":"q2","images":["none.png"],"relevant":["cat"]}
                {"query":"q3","text":"a cat","relevant":["cat"]}
                """);

        Ran ran = evaluate("--json", "--quiet");

        assertThat(ran.status()).as(ran.err()).isEqualTo(1);
        assertThat(ran.err().lines()).containsExactly(
                "mme5: candidate gone: none.png: does not exist", "mme5: query q2: none.png: does not exist");
        JsonObject report = ran.json().getFirst();
        assertThat(report.integer("failed")).isEqualTo(2);
        assertThat(report.object("all").number("mrr")).isEqualTo(1.0 / 3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        oops                                                        | line 3: byte 0: expected a value, found 'o'
        {"text":"a"}                                                | line 3: expected either candidate or query, found neither
        {"query":"q","candidate":"c","text":"a"}                    | line 3: expected either candidate or query, found both
        {"candidate":"a","text":"again"}                            | line 3: candidate: there is another candidate "a"
        {"query":"1","text":"again","relevant":["a"]}               | line 3: query: there is another query "1"
        {"candidate":[1],"text":"a"}                                | line 3: candidate: expected a string or a number, found an array
        {"candidate":"c"}                                           | line 3: expected prompt, text or images, found none of them
        {"candidate":"c","image":"x.png"}                           | line 3: image: is not a member of an input
        {"query":"q","text":"a"}                                    | line 3: relevant: missing
        {"query":"q","text":"a","relevant":"a"} \
            | line 3: relevant: expected a list of ids or an object of grades, found "a"
        {"query":"q","text":"a","relevant":[]}                      | line 3: relevant: expected at least one id
        {"query":"q","text":"a","relevant":["b"]}                   | line 3: relevant: there is no candidate "b"
        {"query":"q","text":"a","relevant":["a","a"]}               | line 3: relevant[1]: "a" is listed twice
        {"query":"q","text":"a","relevant":[null]}                  | line 3: relevant[0]: expected a string or a number, found null
        {"query":"q","text":"a","relevant":{"a":0}}                 | line 3: relevant.a: expected a grade above 0, found 0
        {"query":"q","text":"a","relevant":["a"],"group":7}         | line 3: group: expected a string, found 7
        {"query":"q","text":"a","relevant":["a"],"pool":"p"}        | line 3: pool: no candidate is in the pool "p"
        {"query":"q","text":"a","relevant":["a"],"candidates":[]}   | line 3: relevant: "a" is not among the candidates of this query
        {"query":"q","text":"a","relevant":["a"],"candidates":["b"]} | line 3: candidates: there is no candidate "b"
        {"query":"q","text":"a","relevant":["a"],"candidates":["a","a"]} | line 3: candidates: "a" is listed twice
        {"query":"q","text":"a","relevant":["a"],"candidates":["a"],"pool":"p"} \
            | line 3: candidates: found next to pool, expected one of them
        """)
    void aWrongLineIsNamedAndNothingIsMeasured(String line, String problem) throws IOException {
        data("{\"candidate\":\"a\",\"text\":\"a\"}\n{\"query\":1,\"text\":\"a\",\"relevant\":[\"a\"]}\n" + line + "\n");

        Ran ran = evaluate();

        assertThat(ran.status()).as(ran.err()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).startsWith("mme5: data.jsonl: " + problem).hasLineCount(1);
    }

    @Test
    void anEvaluationHasCandidatesAndQueries() throws IOException {
        data("\n");
        assertThat(evaluate().err()).isEqualTo("mme5: data.jsonl: has no candidates\n");
        data("{\"candidate\":\"a\",\"text\":\"a\"}");
        assertThat(evaluate().err()).isEqualTo("mme5: data.jsonl: has no queries\n");
        data("{\"candidate\":\"a\",\"text\":\"a\",\"pool\":\"p\"}\n{\"query\":1,\"text\":\"a\",\"relevant\":[\"a\"]}");
        assertThat(evaluate().err()).isEqualTo("mme5: data.jsonl: line 2: pool: missing, and every candidate has one\n");
    }

    @Test
    void aFileIsNeeded() {
        assertThat(evaluate().err()).contains("data.jsonl: not found").hasLineCount(1);
        assertThat(Cli.run("evaluate").err()).contains("--data").hasLineCount(1);
        assertThat(new Cli().folder(folder).start("evaluate", "--data", ".").err()).contains("is a folder, expected a file of JSON lines");
    }

    private Ran evaluate(String... arguments) {
        List<String> all = new ArrayList<>(List.of("evaluate", "--data", "data.jsonl"));
        all.addAll(List.of(arguments));
        return new Cli().folder(folder).start(all.toArray(String[]::new));
    }

    private void data(String lines) throws IOException {
        if (!Files.exists(folder.resolve("grey.png"))) Files.copy(Cli.IMAGE, folder.resolve("grey.png"));
        Files.writeString(folder.resolve("data.jsonl"), lines);
    }
}
