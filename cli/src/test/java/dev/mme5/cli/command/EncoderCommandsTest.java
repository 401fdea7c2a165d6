package dev.mme5.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.cli.Cli;
import dev.mme5.cli.Cli.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands with text encoders instead of the model with images. */
class EncoderCommandsTest {
    private static final Path MODELS = Path.of("engine/src/test/resources/golden-encoder/models").toAbsolutePath();
    private static final Path MODEL = MODELS.resolve("xlm-roberta-mean");

    @TempDir
    Path folder;

    private Ran run(String... args) {
        return new Cli().folder(folder).model(MODEL).start(args);
    }

    @BeforeEach
    void writeTexts() throws IOException {
        Files.createDirectory(folder.resolve("texts"));
        Files.writeString(folder.resolve("texts/protein.txt"), "passage: the requirement of protein is 46 grams per day");
        Files.writeString(folder.resolve("texts/other.txt"), "passage: the guideline of the female");
        Files.writeString(folder.resolve("data.jsonl"), """
                {"candidate":"p","text":"protein"}
                {"candidate":"g","text":"the guideline"}
                {"query":"q","text":"protein","relevant":["p"]}
                """);
    }

    @Test
    void promptNamePutsThePromptInFront() {
        String named = run("embed", "--prompt-name", "query", "how much protein").out();

        assertThat(named).isEqualTo(run("embed", "query: how much protein").out()).isNotEqualTo(run("embed", "how much protein").out());
        assertThat(run("embed", "--prompt-name", "title", "x").err())
                .isEqualTo("mme5: --prompt-name is title, expected one of query, passage (see mme5 embed --help)\n");
        assertThat(new Cli().start("embed", "--prompt-name", "query", "x").err())
                .contains("--prompt-name is query, and the model names no prompts");
    }

    @Test
    void aLimitWithoutRoomForTextIsRefused() {
        String error = "\"error\":\"the limit is 1, expected at least 3 tokens: it leaves no room for text beside the special tokens\"}\n";

        for (String command : new String[] {"embed", "tokenize"}) {
            Ran ran = run(command, "--max-tokens", "1", "protein");
            assertThat(ran.status()).isEqualTo(1);
            assertThat(ran.out()).endsWith(error).hasLineCount(1);
        }
        assertThat(run("tokenize", "--max-tokens", "1", "--no-special", "protein").out()).endsWith(error);
        assertThat(run("tokenize", "--max-tokens", "1", "--raw", "protein").json().getFirst().array("ids").size()).isEqualTo(1);
        assertThat(run("tokenize", "--max-tokens", "3", "protein protein").json().getFirst().array("ids").size()).isEqualTo(3);
    }

    /** Earlier versions recorded only its name. */
    @Test
    void aRunIsResumedWhoseJournalLacksTheTextOfThePrompt() throws IOException {
        Files.writeString(folder.resolve("in.jsonl"), "{\"text\":\"protein\"}\n");
        String[] command = {"embed", "--resume", "--input", "in.jsonl", "--output", "out.jsonl", "--prompt-name", "query"};
        assertThat(run(command).status()).isZero();
        Path journal = folder.resolve("out.jsonl.resume");
        String text = Files.readString(journal);
        String earlier = text.replace("\"the prompt\":\"\\\"query: \\\"\",", "");
        assertThat(earlier).isNotEqualTo(text);
        Files.writeString(journal, earlier);

        assertThat(run(command).err()).contains("out.jsonl has the results of 1 input, going on");
        command[command.length - 1] = "passage";
        assertThat(run(command).err()).contains("was begun with --prompt-name query, this run has passage");
        assertThat(run(Arrays.copyOf(command, command.length - 2)).err()).contains("was begun with --prompt-name query, this run has none");
    }

    /** As after the download of another revision. */
    @Test
    void aRunIsNotResumedWithAnotherPromptOfTheSameName() throws IOException {
        Path model = Files.createDirectory(folder.resolve("m"));
        for (String file : List.of("config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors",
                "config_sentence_transformers.json")) {
            Files.copy(MODEL.resolve(file), model.resolve(file));
        }
        Files.writeString(folder.resolve("in.jsonl"), "{\"text\":\"protein\"}\n");
        String[] command = {"embed", "--resume", "--input", "in.jsonl", "--output", "out.jsonl", "--prompt-name", "query"};
        assertThat(new Cli().folder(folder).model(model).start(command).status()).isZero();
        Path prompts = model.resolve("config_sentence_transformers.json");
        Files.writeString(prompts, Files.readString(prompts).replace("query: ", "search: "));

        assertThat(new Cli().folder(folder).model(model).start(command).err())
                .endsWith("out.jsonl: was begun with the prompt \"query: \", this run has \"search: \"\n");
    }

    @Test
    void searchEmbedsTextsAndFindsTheSameText() {
        Ran ran = run("search", "--in", "texts", "--format", "jsonl", "--prompt-name", "passage",
                "the requirement of protein is 46 grams per day");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out()).containsPattern("protein\\.txt.*other\\.txt").containsPattern("\"rank\":1,\"score\":(1|0\\.99999)");
    }

    /** Images beside texts are nothing wrong: a model of texts passes over them, as over other files that cannot be embedded. */
    @Test
    void imagesOfAFolderAreCountedInOneLine() throws IOException {
        Files.copy(Cli.IMAGE, folder.resolve("texts/a.png"));
        Files.copy(Cli.IMAGE, folder.resolve("texts/b.png"));

        Ran first = run("search", "--in", "texts", "protein");
        Ran again = run("search", "--in", "texts", "protein");

        assertThat(first.status()).as(first.err()).isZero();
        assertThat(first.err()).startsWith("mme5: 2 documents, ").endsWith("; 2 images left out: the model takes no images\n")
                .hasLineCount(1);
        assertThat(again.err()).isEqualTo("mme5: 2 documents; 2 images left out: the model takes no images\n");
    }

    @Test
    void anImageToSearchForIsRefusedBeforeAnythingIsEmbedded() throws IOException {
        Files.copy(Cli.IMAGE, folder.resolve("a.png"));

        for (String[] query : new String[][] {{"--image", "a.png"}, {"protein", "--image", "a.png"}}) {
            Ran ran = run(Stream.concat(Stream.of("search", "--in", "texts"), Stream.of(query)).toArray(String[]::new));

            assertThat(ran.err()).isEqualTo("mme5: --image: the model takes no images, only texts\n");
            assertThat(ran.status()).isEqualTo(2);
        }
        assertThat(folder.resolve("texts/.mme5-index.safetensors")).doesNotExist();
    }

    @Test
    void serveRefusesAWrongPromptName() {
        for (String option : new String[] {"--prompt-name", "--document-prompt-name"}) {
            Ran ran = run("serve", "--port", "0", "--in", "texts", option, "title");

            assertThat(ran.err()).isEqualTo("mme5: " + option + " is title, expected one of query, passage (see mme5 serve --help)\n");
            assertThat(ran.status()).isEqualTo(2);
        }
    }

    @Test
    void aFolderOfImagesAloneIsRefused() throws IOException {
        Files.copy(Cli.IMAGE, Files.createDirectory(folder.resolve("pics")).resolve("a.png"));

        Ran ran = run("search", "--in", "pics", "protein");

        assertThat(ran.err()).isEqualTo("mme5: pics: has no documents: 1 image left out: the model takes no images\n");
        assertThat(ran.status()).isEqualTo(2);
    }

    @Test
    void aWrongPromptNameIsFoundBeforeAnythingIsEmbedded() {
        for (String option : new String[] {"--prompt-name", "--document-prompt-name"}) {
            Ran ran = run("search", "--in", "texts", option, "title", "protein");

            assertThat(ran.err()).isEqualTo("mme5: " + option + " is title, expected one of query, passage (see mme5 search --help)\n");
            assertThat(ran.status()).isEqualTo(2);
        }
        assertThat(folder.resolve("texts/.mme5-index.safetensors")).doesNotExist();
    }

    @Test
    void tokenizeShowsTheIdsOfANamedPrompt() {
        assertThat(run("tokenize", "--prompt-name", "query", "protein").out()).isEqualTo(run("tokenize", "query: protein").out())
                .isNotEqualTo(run("tokenize", "protein").out());
        assertThat(run("tokenize", "--prompt-name", "query", "--no-special", "protein").out())
                .isEqualTo(run("tokenize", "query: protein").out());
        assertThat(run("tokenize", "--prompt-name", "title", "x").err())
                .isEqualTo("mme5: --prompt-name is title, expected one of query, passage (see mme5 tokenize --help)\n");
    }

    /** Text encoders have no such token: what looks like it is text. */
    @Test
    void tokenizeShowsTheIdsThatEmbedSeesWithSingleBos() {
        String text = "<|begin_of_text|> protein";

        assertThat(run("tokenize", "--single-bos", text).out()).isEqualTo(run("tokenize", text).out());
        assertThat(run("tokenize", "--single-bos", text).json().getFirst().array("ids").size())
                .isEqualTo(run("embed", "--single-bos", text).json().getFirst().integer("tokens"));
    }

    @Test
    void inspectListsThePromptsAsRead() {
        assertThat(run("inspect").out()).containsPattern("config_sentence_transformers.json +[0-9]+  read");
    }

    @Test
    void evaluateRanksTexts() {
        Ran ran = run("evaluate", "--data", "data.jsonl");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.lines().getLast()).startsWith("all queries        1  1.0000");
    }

    /** The query is nearest to the candidate that has its words, so that the prompts decide which one is found. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            query: protein   | protein | protein          |                         | 0.0000
            query: protein   | protein | protein          | --prompt-name;query     | 1.0000
            query: protein   | protein | protein          | --instruction;query: {} | 1.0000
            protein | passage: protein | passage: protein |                         | 0.0000
            protein | passage: protein | passage: protein | --document-prompt-name;passage | 1.0000
            protein | passage: protein | passage: protein | --document-prompt;passage:_ | 1.0000
            """)
    void evaluatePutsPromptsInFront(String relevant, String other, String query, String options, String recall) throws IOException {
        Files.writeString(folder.resolve("prompts.jsonl"), """
                {"candidate":"other","text":"%s"}
                {"candidate":"relevant","text":"%s"}
                {"query":"q","text":"%s","relevant":["relevant"]}
                """.formatted(other, relevant, query));
        Stream<String> given = options == null ? Stream.of() : Stream.of(options.replace('_', ' ').split(";"));

        Ran ran = run(Stream.concat(Stream.of("evaluate", "--data", "prompts.jsonl"), given).toArray(String[]::new));

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.lines().getLast()).startsWith("all queries        1  " + recall);
    }

    @Test
    void evaluateRefusesAWrongPromptNameBeforeAnythingIsEmbedded() {
        for (String option : new String[] {"--prompt-name", "--document-prompt-name"}) {
            Ran ran = run("evaluate", "--data", "data.jsonl", option, "title");

            assertThat(ran.err()).isEqualTo("mme5: " + option + " is title, expected one of query, passage (see mme5 evaluate --help)\n");
            assertThat(ran.status()).isEqualTo(2);
        }
        assertThat(folder.resolve("data.jsonl.mme5-eval-index.safetensors")).doesNotExist();
    }

    @Test
    void imagesFailWithOneLine() {
        Ran ran = run("embed", "--image", Cli.IMAGE.toString());

        assertThat(ran.status()).as(ran.err()).isEqualTo(1);
        assertThat(ran.out()).isEqualTo("{\"id\":1,\"error\":\"the model takes no images, only texts\"}\n");
    }

    @Test
    void inspectDescribesTheEncoder() {
        assertThat(run("inspect").out()).contains("text encoder", "3 layers, width 32", "mean of all tokens, scaled to unit length")
                .doesNotContain("image");
    }

    @Test
    void tokenizeNeedsTheTokenizerAlone() {
        assertThat(run("tokenize", "protein").out()).startsWith("{\"id\":1,\"ids\":[0,").endsWith(",2]}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"int8", "int4"})
    void quantizedFoldersKeepPoolingAndPrompts(String scheme) {
        Ran ran = run("quantize", "--to", scheme, "--output", "q");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(folder.resolve("q/1_Pooling/config.json")).hasSameTextualContentAs(MODEL.resolve("1_Pooling/config.json"));
        assertThat(new Cli().model(folder.resolve("q")).start("embed", "--prompt-name", "query", "a").lines()).hasSize(1);
        assertThat(new Cli().model(folder.resolve("q")).start("inspect").out()).contains(scheme + ", format 2");
    }

    @Test
    void traceWritesTheStages() {
        Ran good = new Cli().folder(folder).model(MODEL).stdin("{\"text\":\"protein\"}\n").start("trace", "--input", "-", "--output", "s");
        assertThat(good.status()).as(good.err()).isZero();
        assertThat(folder.resolve("s")).exists();
    }
}
